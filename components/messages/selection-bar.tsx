// What is picked, and what can be done with it.
'use client';

import { Repeat2, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Action } from '#components/ui/action.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { RecordView } from '#server/cluster/port.ts';
import styles from './messages.module.css';
import { parseRecordKey, recordKey, sizeOf } from './read-query.ts';

export interface SelectionBarProps {
  readonly picked: readonly string[];
  /** The last pick was not taken: the address holds no more. */
  readonly isFull: boolean;
  readonly records: readonly RecordView[];
  readonly onReplay: () => void;
  readonly onClear: () => void;
}

export function SelectionBar({ picked, isFull, records, onReplay, onClear }: SelectionBarProps): React.JSX.Element {
  const t = useTranslations('messages.selection');
  const format = useFormat();
  const keys = new Set(picked);
  const chosen = records.filter((record) => keys.has(recordKey(record)));
  const partitions = [...new Set(picked.flatMap((key) => parseRecordKey(key)?.partition ?? []))].toSorted((left, right) => left - right);
  const isAllKnown = chosen.length === picked.length;
  const size = format.bytes(chosen.reduce((total, record) => total + sizeOf(record), 0));
  return (
    <div className={styles.selection} role="region" aria-label={t('label')}>
      <b>{t('count', { count: picked.length })}</b>
      <span>
        {isAllKnown ? t('size', { size, partitions: partitions.join(', ') }) : t('partitions', { partitions: partitions.join(', ') })}
      </span>
      <em role="status" data-full={isFull || undefined}>
        {t(isFull ? 'full' : 'note')}
      </em>
      <Action tone="inverse" onClick={onReplay}>
        <Repeat2 size={15} aria-hidden />
        {t('replay', { count: picked.length })}
      </Action>
      <Action tone="inverse2" onClick={onClear} aria-label={t('clear')}>
        <X size={15} aria-hidden />
      </Action>
    </div>
  );
}
