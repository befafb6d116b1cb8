// What stands in the place of data: an error that leaves the rest of the page alone, an emptiness that says
// what will come, a frame while the first answer is awaited.
'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Action } from './action.tsx';
import { Cell } from './cell.tsx';
import { useProblemWords } from './problem-words.ts';
import styles from './notice.module.css';
import { StateShape } from './state-shape.tsx';

export interface Problem {
  readonly message: string;
  readonly code: string | null;
  readonly advice: string | null;
  /** The same as data, where it is known as such. */
  readonly told?: ToldProblem | null;
}

export interface ToldProblem {
  readonly kind: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly advice: string | null;
}

export function ErrorNotice({
  title,
  problem,
  onRetry,
}: {
  readonly title: string;
  readonly problem: Problem;
  readonly onRetry?: (() => void) | undefined;
}): React.JSX.Element {
  const t = useTranslations('ui');
  const { message, advice } = useProblemWords()(problem);
  return (
    <div className={styles.error} role="alert">
      <StateShape state="offline" size={20} />
      <div>
        <b>{title}</b>
        <p>
          {message}
          {advice === null ? '' : ` ${advice}`}
        </p>
        {problem.code === null ? null : <pre className={styles.call}>{problem.code}</pre>}
        {onRetry === undefined ? null : (
          <div className={styles.acts}>
            <Action onClick={onRetry}>{t('tryAgain')}</Action>
          </div>
        )}
      </div>
    </div>
  );
}

export function EmptyNotice({
  title,
  children,
  actions,
}: {
  readonly title: string;
  readonly children: React.ReactNode;
  readonly actions?: React.ReactNode;
}): React.JSX.Element {
  return (
    <div className={styles.empty}>
      <div className={styles.places} aria-hidden="true">
        {Array.from({ length: 6 }, (_, index) => (
          <Cell key={index} look="empty" />
        ))}
      </div>
      <h3>{title}</h3>
      <p>{children}</p>
      {actions === undefined ? null : <div className={styles.acts}>{actions}</div>}
    </div>
  );
}

export function Skeleton({ width }: { readonly width: number | string }): React.JSX.Element {
  return <span className={styles.sk} style={{ width }} aria-hidden="true" />;
}

const patienceMs = 2000;

/** Says what is awaited, but only once the wait is long enough to be noticed. */
export function Waiting({ children }: { readonly children: React.ReactNode }): React.JSX.Element {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p className={styles.waiting} role="status">
      {isLate ? children : null}
    </p>
  );
}

export function CodeBlock({ children }: { readonly children: React.ReactNode }): React.JSX.Element {
  return <pre className={styles.call}>{children}</pre>;
}

export function Note({ children }: { readonly children: React.ReactNode }): React.JSX.Element {
  return <p className={styles.note}>{children}</p>;
}

export function Caution({ children }: { readonly children: React.ReactNode }): React.JSX.Element {
  return (
    <div className={styles.caution}>
      <StateShape state="watch" size={13} />
      <div>{children}</div>
    </div>
  );
}
