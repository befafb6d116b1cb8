// A key or value to be sent: text, bytes, empty or null, always said outright.
'use client';

import { SegmentedControl, Textarea } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { faultOf, type FieldDraft, type FieldMode } from './produce-draft.ts';
import styles from './messages.module.css';

const modes: readonly FieldMode[] = ['text', 'base64', 'empty', 'null'];

export interface FieldEditorProps {
  readonly label: string;
  readonly draft: FieldDraft;
  readonly onDraft: (draft: FieldDraft) => void;
  readonly rows: number;
  readonly nullWord: string;
}

export function FieldEditor({ label, draft, onDraft, rows, nullWord }: FieldEditorProps): React.JSX.Element {
  const t = useTranslations('messages.produce');
  const words = { text: t('mode.text'), base64: t('mode.base64'), empty: t('mode.empty'), null: nullWord };
  const fault = faultOf(draft);
  const isTyped = draft.mode === 'text' || draft.mode === 'base64';
  return (
    <div>
      <div className={styles.fieldHead}>
        <span className={styles.label}>{label}</span>
        <span className={styles.viewSwitch}>
          <SegmentedControl
            size="xs"
            aria-label={t('modeOf', { label })}
            data={modes.map((mode) => ({ value: mode, label: words[mode] }))}
            value={draft.mode}
            onChange={(value) => onDraft({ ...draft, mode: modes.find((mode) => mode === value) ?? 'text' })}
          />
        </span>
      </div>
      {isTyped ? (
        <Textarea
          aria-label={label}
          autosize
          minRows={rows}
          maxRows={14}
          mt={6}
          value={draft.text}
          onChange={(event) => onDraft({ ...draft, text: event.currentTarget.value })}
          error={fault === null ? null : t(fault)}
          spellCheck={false}
        />
      ) : null}
    </div>
  );
}
