// Sends one record by hand.
'use client';

import { Select, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Action } from '#components/ui/action.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { ErrorNotice } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { isEncodable } from '#server/api/schemas/text.ts';
import { FieldEditor } from './field-editor.tsx';
import styles from './messages.module.css';
import { emptyRecord, faultOf, isComplete, type HeaderDraft, type RecordDraft } from './produce-draft.ts';
import { useTopicChoices } from './use-messages.ts';
import { useProduce } from './use-produce.ts';

export interface ProduceDialogProps {
  readonly topic: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onProduced: () => void;
}

export function ProduceDialog({ topic, isOpen, onClose, onProduced }: ProduceDialogProps): React.JSX.Element {
  const t = useTranslations('messages.produce');
  return (
    <Dialog title={t('title', { topic })} isOpen={isOpen} onClose={onClose} size={600}>
      <Form topic={topic} onClose={onClose} onProduced={onProduced} />
    </Dialog>
  );
}

function Form({ topic, onClose, onProduced }: Omit<ProduceDialogProps, 'isOpen'>): React.JSX.Element {
  const t = useTranslations('messages.produce');
  const tu = useTranslations('ui');
  const [draft, setDraft] = useState<RecordDraft>(emptyRecord);
  const produce = useProduce(topic, () => {
    onProduced();
    onClose();
  });
  const count = useTopicChoices().find((one) => one.name === topic)?.partitionCount ?? 0;
  const change = (part: Partial<RecordDraft>): void => setDraft((before) => ({ ...before, ...part }));
  return (
    <form
      className={parts.form}
      onSubmit={(event) => {
        event.preventDefault();
        produce.send(draft);
      }}
    >
      <Select
        label={t('partition')}
        placeholder={t('byKey')}
        data={Array.from({ length: count }, (_, index) => String(index))}
        value={draft.partition === null ? null : String(draft.partition)}
        onChange={(value) => change({ partition: value === null ? null : Number(value) })}
        clearable
        data-autofocus
      />
      <FieldEditor label={t('key')} draft={draft.key} onDraft={(key) => change({ key })} rows={1} nullWord={t('noKey')} />
      <FieldEditor label={t('value')} draft={draft.value} onDraft={(value) => change({ value })} rows={6} nullWord={t('tombstone')} />
      <Headers headers={draft.headers} onHeaders={(headers) => change({ headers })} />
      {produce.problem === null ? null : <ErrorNotice title={t('failed')} problem={produce.problem} />}
      <div className={parts.acts}>
        <Action onClick={onClose}>{tu('cancel')}</Action>
        <Action tone="ink" type="submit" disabled={produce.isBusy || !isComplete(draft)}>
          {t('send', { topic })}
        </Action>
      </div>
    </form>
  );
}

function Headers({
  headers,
  onHeaders,
}: {
  readonly headers: readonly HeaderDraft[];
  readonly onHeaders: (headers: readonly HeaderDraft[]) => void;
}): React.JSX.Element {
  const t = useTranslations('messages.produce');
  const change = (id: number, part: Partial<HeaderDraft>): void =>
    onHeaders(headers.map((header) => (header.id === id ? { ...header, ...part } : header)));
  const add = (): void => onHeaders([...headers, { id: (headers.at(-1)?.id ?? 0) + 1, key: '', value: { mode: 'text', text: '' } }]);
  return (
    <div>
      <p className={styles.label}>{t('headers')}</p>
      {headers.map((header) => (
        <div key={header.id} className={styles.headerRow}>
          <TextInput
            aria-label={t('headerKey')}
            placeholder={t('headerKey')}
            value={header.key}
            onChange={(event) => change(header.id, { key: event.currentTarget.value })}
            error={isEncodable(header.key) ? null : t('halfCharacter')}
            spellCheck={false}
          />
          <TextInput
            aria-label={t('headerValue')}
            placeholder={t('headerValue')}
            value={header.value.text}
            onChange={(event) => change(header.id, { value: { mode: 'text', text: event.currentTarget.value } })}
            error={faultOf(header.value) === null ? null : t('halfCharacter')}
            spellCheck={false}
          />
          <Action tone="square" aria-label={t('removeHeader')} onClick={() => onHeaders(headers.filter((one) => one.id !== header.id))}>
            <X size={15} aria-hidden />
          </Action>
        </div>
      ))}
      <Action tone="link" onClick={add}>
        <Plus size={14} aria-hidden />
        {t('addHeader')}
      </Action>
    </div>
  );
}
