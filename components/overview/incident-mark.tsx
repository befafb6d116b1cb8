// The marks of the timeline; the same shapes stand in the event lane of the live page.
import type { IncidentMark as Mark } from './incident-words.ts';
import styles from './incident-list.module.css';

export function IncidentMark({ mark, isTrouble }: { readonly mark: Mark; readonly isTrouble: boolean }): React.JSX.Element {
  const stroke = isTrouble ? 'var(--lagging)' : 'var(--ink)';
  return (
    <svg
      className={styles.mark}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke={stroke}
      strokeWidth={isTrouble ? 2.3 : 1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {drawing(mark, isTrouble)}
    </svg>
  );
}

/** A crown that came by an unclean election is left open at its foot, as in the event lane. */
function drawing(mark: Mark, isTrouble: boolean): React.JSX.Element {
  switch (mark) {
    case 'crown':
      if (isTrouble) return <path d="M6.5 12.5h-4L2 5l3.5 3L8 3.5 10.5 8 14 5l-.5 7.5h-4" />;
      return <path d="M2.5 12.5L2 5l3.5 3L8 3.5 10.5 8 14 5l-.5 7.5z" fill="var(--ink)" stroke="var(--ink)" />;
    case 'diamond':
      return <path d="M8 2.5L13.5 8 8 13.5 2.5 8z" fill="var(--ink)" />;
    case 'cross':
      return <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" />;
    case 'ring':
      return <path d="M13 6.5A5.2 5.2 0 0 0 3.3 6M3 9.5A5.2 5.2 0 0 0 12.7 10" />;
    case 'triangle':
      return <path d="M8 3L13.5 12.5h-11z" fill="var(--paper)" />;
    case 'circle':
      return <circle cx="8" cy="8" r="3.6" fill="var(--paper)" />;
  }
}
