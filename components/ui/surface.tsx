// The two surfaces of the room: paper for what is read, a glass case for the one picture of a page.
import styles from './surface.module.css';

export interface SurfaceProps {
  readonly children: React.ReactNode;
  readonly className?: string | undefined;
  readonly label?: string | undefined;
}

export function Paper({ children, className = '', label, padded = true }: SurfaceProps & { readonly padded?: boolean }): React.JSX.Element {
  return (
    <section aria-label={label} className={`${styles.paper} ${padded ? styles.padded : ''} ${className}`}>
      {children}
    </section>
  );
}

export function Case({ children, className = '', label }: SurfaceProps): React.JSX.Element {
  return (
    <section aria-label={label} className={`${styles.case} ${className}`}>
      {children}
    </section>
  );
}

/** A section's title with its quiet remark, and tools at the right. */
export function SectionHead({
  title,
  note,
  children,
}: {
  readonly title: React.ReactNode;
  readonly note?: React.ReactNode;
  readonly children?: React.ReactNode;
}): React.JSX.Element {
  return (
    <header className={styles.head}>
      <h2>{title}</h2>
      {note === undefined ? null : <p>{note}</p>}
      {children === undefined ? null : <div className={styles.tools}>{children}</div>}
    </header>
  );
}
