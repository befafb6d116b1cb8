// The badge that says how true the screen is. It is on every page: live with the data's age, recorded,
// paused, slowed, or stale.
import styles from './truth-badge.module.css';

export type TruthKind = 'live' | 'recorded' | 'stale' | 'paused' | 'slowed';

export interface TruthBadgeProps {
  readonly kind: TruthKind;
  /** The capital word, in the reader's language. */
  readonly word: string;
  readonly detail?: string | undefined;
  readonly wide?: boolean;
}

export function TruthBadge({ kind, word, detail, wide = false }: TruthBadgeProps): React.JSX.Element {
  return (
    <div className={`${styles.truth} ${wide ? styles.wide : ''} ${styles[kind] ?? ''}`} data-truth={kind}>
      <span className={styles.pip} />
      <b className={styles.word}>{word}</b>
      {detail === undefined ? null : (
        <>
          <span className={styles.bar} />
          <span>{detail}</span>
        </>
      )}
    </div>
  );
}
