// One place on a shelf, 30 by 26. The look says what stands there; the number names it. Callers announce the
// meaning in words beside it, so the drawing itself is hidden from screen readers unless it is given a label.
import styles from './cell.module.css';

export type CellLook = 'solid' | 'hollow' | 'hatched' | 'leaderless' | 'gone' | 'empty';

export interface CellProps {
  readonly look: CellLook;
  readonly text?: string;
  /** A corner triangle: this is not its first choice. */
  readonly hasCorner?: boolean;
  readonly ring?: 'selected' | 'fresh' | undefined;
  readonly label?: string | undefined;
}

export function Cell({ look, text = '', hasCorner = false, ring, label }: CellProps): React.JSX.Element {
  return (
    <svg
      width="36"
      height="30"
      viewBox="-3 -2 36 30"
      className={styles.cell}
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={label === undefined}
    >
      {label === undefined ? null : <title>{label}</title>}
      {body(look, text)}
      {hasCorner ? <path d="M20 8L23.5 3L27 8z" className={look === 'solid' ? styles.cornerOnSolid : styles.corner} /> : null}
      {ring === 'selected' ? <rect className={styles.ring} x="-3" y="-3" width="36" height="32" rx="6" /> : null}
      {ring === 'fresh' ? <rect className={styles.fresh} x="-2.5" y="-2.5" width="35" height="31" rx="5.5" /> : null}
    </svg>
  );
}

function body(look: CellLook, text: string): React.JSX.Element {
  switch (look) {
    case 'solid':
      return (
        <>
          <rect className={styles.solid} width="30" height="26" rx="3" />
          <text className={styles.onSolid} x="15" y="17.6">
            {text}
          </text>
        </>
      );
    case 'hollow':
      return (
        <>
          <rect className={styles.hollow} x="1" y="1" width="28" height="24" rx="2" />
          <text x="15" y="17.2">
            {text}
          </text>
        </>
      );
    case 'hatched':
      return (
        <>
          <path
            className={styles.hatched}
            fill="url(#logarium-hatch)"
            d="M3 1H27Q29 1 29 3V23Q29 25 27 25H20L15 20L10 25H3Q1 25 1 23V3Q1 1 3 1z"
          />
          <text className={styles.onHatch} x="15" y="15.4">
            {text}
          </text>
        </>
      );
    case 'leaderless':
      return (
        <>
          <rect className={styles.leaderless} x="1" y="1" width="28" height="24" rx="2" />
          <path className={styles.cross} d="M11 9L19 17M19 9L11 17" />
        </>
      );
    case 'gone':
      return (
        <>
          <rect className={styles.gone} x=".5" y=".5" width="29" height="25" rx="3" />
          <text className={styles.onGone} x="15" y="17.2">
            {text}
          </text>
        </>
      );
    case 'empty':
      return <rect className={styles.empty} x=".5" y=".5" width="29" height="25" rx="3" />;
  }
}

/** The one hatch every cell refers to; the shell mounts it once. */
export function CellPatterns(): React.JSX.Element {
  return (
    <svg width="0" height="0" style={{ position: 'absolute' }} aria-hidden="true" className={styles.cell}>
      <defs>
        <pattern id="logarium-hatch" width="5.2" height="5.2" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5.2" height="5.2" className={styles.hatchBack} />
          <rect width="2.1" height="5.2" className={styles.hatchLine} />
        </pattern>
      </defs>
    </svg>
  );
}
