// A drawer stands beside the page, not over it: the page stays readable and keeps its places. Esc closes it.
'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { Action } from './action.tsx';
import styles from './drawer.module.css';

export interface DrawerProps {
  readonly title: React.ReactNode;
  readonly sub?: React.ReactNode;
  readonly label: string;
  readonly tools?: React.ReactNode;
  readonly children: React.ReactNode;
  readonly foot?: React.ReactNode;
  readonly onClose?: () => void;
}

export function Drawer({ title, sub, label, tools, children, foot, onClose }: DrawerProps): React.JSX.Element {
  const t = useTranslations('ui');
  const ref = useRef<HTMLElement>(null);
  useCloseOnEscape(onClose);
  return (
    <aside ref={ref} className={styles.drawer} data-closable={onClose !== undefined} aria-label={label} tabIndex={-1}>
      <div className={styles.top}>
        <div>
          <h2>{title}</h2>
          {sub === undefined ? null : <p className={styles.sub}>{sub}</p>}
        </div>
        <div className={styles.tools}>
          {tools}
          {onClose === undefined ? null : (
            <Action tone="square" aria-label={t('close')} onClick={onClose}>
              <X size={17} />
            </Action>
          )}
        </div>
      </div>
      {children}
      {foot === undefined ? null : <div className={styles.foot}>{foot}</div>}
    </aside>
  );
}

export function DrawerSection({
  title,
  note,
  children,
}: {
  readonly title?: React.ReactNode;
  readonly note?: React.ReactNode;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  return (
    <section className={styles.section}>
      {title === undefined ? null : (
        <h3>
          {title}
          {note === undefined ? null : <small>{note}</small>}
        </h3>
      )}
      {children}
    </section>
  );
}

function useCloseOnEscape(onClose: (() => void) | undefined): void {
  useEffect(() => {
    if (onClose === undefined) return;
    const onKey = (event: KeyboardEvent): void => {
      // A dialog or list that is open on top closes first and marks the event as handled.
      if (event.key === 'Escape' && !event.defaultPrevented && document.querySelector('[role="dialog"]') === null) onClose();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onClose]);
}
