// A figure that says what it is: known, stale or unknown. The three must never look alike, and nought is known.
'use client';

import { useTranslations } from 'next-intl';
import styles from './figure.module.css';
import hidden from './sr.module.css';
import { StateShape } from './state-shape.tsx';

export function Unknown({ size = 12, reason }: { readonly size?: number; readonly reason?: string }): React.JSX.Element {
  const t = useTranslations('ui');
  const words = reason ?? t('unknown');
  return (
    <span className={styles.unknown} title={words}>
      <StateShape state="unknown" size={size} />
      <span className={hidden.sr}>{words}</span>
    </span>
  );
}

export interface FigureProps {
  /** null: nobody can tell. */
  readonly value: string | null;
  readonly unit?: string | undefined;
  readonly isStale?: boolean;
  readonly reason?: string;
}

export function Figure({ value, unit, isStale = false, reason }: FigureProps): React.JSX.Element {
  if (value === null) return reason === undefined ? <Unknown /> : <Unknown reason={reason} />;
  return (
    <span className={isStale ? styles.stale : undefined}>
      {value}
      {unit === undefined ? null : <span className={styles.unit}> {unit}</span>}
    </span>
  );
}
