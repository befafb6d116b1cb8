// Dialogs: a question asked before something is done. The button says the deed and names its target.
'use client';

import { Modal } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { Action } from './action.tsx';
import styles from './dialog.module.css';
import { ErrorNotice, type Problem } from './notice.tsx';

export interface DialogProps {
  readonly title: React.ReactNode;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: React.ReactNode;
  readonly size?: number;
}

export function Dialog({ title, isOpen, onClose, children, size = 520 }: DialogProps): React.JSX.Element {
  const t = useTranslations('ui');
  return (
    <Modal
      title={title}
      opened={isOpen}
      onClose={onClose}
      size={size}
      closeButtonProps={{ 'aria-label': t('close') }}
      classNames={{ overlay: styles.opening, content: styles.opening }}
    >
      {children}
    </Modal>
  );
}

export interface ConfirmProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: React.ReactNode;
  /** Names the target: "Delete orders". */
  readonly deed: string;
  readonly keep: string;
  readonly onConfirm: () => void;
  readonly isBusy: boolean;
  readonly problem: Problem | null;
  readonly failed: string;
}

export function Confirm({
  title,
  isOpen,
  onClose,
  children,
  deed,
  keep,
  onConfirm,
  isBusy,
  problem,
  failed,
}: ConfirmProps): React.JSX.Element {
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose} size={460}>
      <div className={styles.text}>{children}</div>
      {problem === null ? null : <ErrorNotice title={failed} problem={problem} />}
      <div className={styles.acts}>
        <Action tone="ink" onClick={onConfirm} disabled={isBusy}>
          {deed}
        </Action>
        <Action onClick={onClose} data-autofocus>
          {keep}
        </Action>
      </div>
    </Dialog>
  );
}
