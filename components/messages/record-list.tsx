// The rows that were read, what they cover, and what is picked of them.
'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { EmptyNotice, ErrorNotice } from '#components/ui/notice.tsx';
import { Paper } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { ReadResult } from '#server/cluster/port.ts';
import styles from './messages.module.css';
import { toPickedText } from './picked-text.ts';
import { zoneOf } from './read-query.ts';
import { RecordTable, RecordTableLoading } from './record-table.tsx';
import { SelectionBar } from './selection-bar.tsx';
import type { ChangeView, Messages, MessageView } from './use-messages.ts';

export interface RecordListProps {
  readonly view: MessageView;
  readonly change: ChangeView;
  readonly messages: Messages;
  readonly onReplay: () => void;
}

export function RecordList({ view, change, messages, onReplay }: RecordListProps): React.JSX.Element {
  const t = useTranslations('messages');
  const { result, problem, read } = messages;
  const [isFull, setFull] = useState(false);
  const pick = (picked: readonly string[]): void => {
    const fits = toPickedText(picked) !== null;
    setFull(!fits);
    if (fits) void change({ picked: picked.length === 0 ? null : [...picked] });
  };
  return (
    <Paper label={t('records')} className={styles.paper ?? ''}>
      {view.topic === null ? <EmptyNotice title={t('noTopicTitle')}>{t('noTopicText')}</EmptyNotice> : null}
      {problem === null ? null : <ErrorNotice title={t('failed', { topic: view.topic ?? '' })} problem={problem} onRetry={read} />}
      {view.topic !== null && result === null && problem === null ? <RecordTableLoading topic={view.topic} /> : null}
      {result === null ? null : <Coverage result={result} />}
      {result !== null && result.records.length === 0 ? <EmptyNotice title={t('emptyTitle')}>{t('emptyText')}</EmptyNotice> : null}
      {result === null || result.records.length === 0 ? null : (
        <RecordTable
          records={result.records}
          zone={zoneOf(view.tz)}
          open={view.open}
          onOpen={(open) => void change({ open })}
          picked={view.picked}
          onPicked={pick}
        />
      )}
      {view.picked.length === 0 ? null : (
        <SelectionBar picked={view.picked} isFull={isFull} records={result?.records ?? []} onReplay={onReplay} onClear={() => pick([])} />
      )}
    </Paper>
  );
}

function Coverage({ result }: { readonly result: ReadResult }): React.JSX.Element {
  const t = useTranslations('messages');
  const format = useFormat();
  const faults = result.covered.filter((one) => one.error !== null);
  const read = result.covered.reduce((total, one) => total + Math.max(0, one.toOffset - one.fromOffset), 0);
  return (
    <>
      <div className={styles.head}>
        <h2>{t('count', { count: result.records.length })}</h2>
        <p>{t('covered', { count: read, offsets: format.count(read), partitions: result.covered.length - faults.length })}</p>
      </div>
      {faults.map((fault) => (
        <div key={fault.partition} className={styles.faults}>
          <ErrorNotice
            title={t('partitionFailed', { partition: fault.partition })}
            problem={{ message: t('partitionFailedText'), code: fault.error, advice: null }}
          />
        </div>
      ))}
    </>
  );
}
