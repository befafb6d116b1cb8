// Records as rows. Only visible rows exist, so a thousand records cost as much as twenty.
'use client';

import { Checkbox } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useToday } from '#components/shell/use-today.ts';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { formatInstant, formatInstantText, utc } from '#components/ui/format.ts';
import { LoadingTable } from '#components/ui/loading-table.tsx';
import { useFormat, type Format } from '#components/ui/use-format.ts';
import type { RecordView } from '#server/cluster/port.ts';
import { FieldPreview } from './field-preview.tsx';
import styles from './messages.module.css';
import { recordKey, sizeOf } from './read-query.ts';

export interface RecordTableProps {
  readonly records: readonly RecordView[];
  readonly zone: string;
  readonly open: string | null;
  readonly onOpen: (key: string) => void;
  readonly picked: readonly string[];
  readonly onPicked: (picked: readonly string[]) => void;
}

const rowHeight = 35;

export function RecordTable(props: RecordTableProps): React.JSX.Element {
  const t = useTranslations('messages');
  const columns = useRecordColumns(props);
  return (
    <DataTable
      label={t('records')}
      columns={columns}
      rows={props.records}
      rowKey={recordKey}
      onOpen={(record) => props.onOpen(recordKey(record))}
      currentKey={props.open}
      rowHeight={rowHeight}
      maxHeight="calc(100dvh - 216px)"
    />
  );
}

const nothing = { records: [], zone: utc, onOpen: () => undefined, picked: [], onPicked: () => undefined };

export function RecordTableLoading({ topic }: { readonly topic: string }): React.JSX.Element {
  const t = useTranslations('messages');
  return <LoadingTable columns={useRecordColumns(nothing)} rows={10} rowHeight={rowHeight} awaited={t('waiting', { topic })} />;
}

type ColumnProps = Omit<RecordTableProps, 'open'>;

function useRecordColumns({ records, zone, onOpen, picked, onPicked }: ColumnProps): readonly Column<RecordView>[] {
  const t = useTranslations('messages');
  const format = useFormat();
  const chosen = useMemo(() => new Set(picked), [picked]);
  const today = useToday(zone);
  return useMemo(() => {
    const all = records.map(recordKey);
    const toggle = (key: string): void => onPicked(chosen.has(key) ? picked.filter((one) => one !== key) : [...picked, key]);
    return [
      {
        id: 'pick',
        header: (
          <Checkbox
            size="xs"
            aria-label={t('pickAll')}
            checked={all.length > 0 && all.every((key) => chosen.has(key))}
            indeterminate={chosen.size > 0 && !all.every((key) => chosen.has(key))}
            onChange={() => onPicked(all.every((key) => chosen.has(key)) ? [] : all)}
          />
        ),
        cell: (record) => (
          <Checkbox
            size="xs"
            aria-label={t('pick', { partition: record.partition, offset: record.offset })}
            checked={chosen.has(recordKey(record))}
            onChange={() => toggle(recordKey(record))}
          />
        ),
      },
      { id: 'partition', header: t('column.partition'), cell: (record) => <span className={styles.tag}>{record.partition}</span> },
      {
        id: 'offset',
        header: t('column.offset'),
        align: 'right',
        cell: (record) => (
          <button
            type="button"
            className={styles.open}
            onClick={() => onOpen(recordKey(record))}
            aria-label={t('openRecord', { partition: record.partition, offset: format.count(record.offset) })}
          >
            {format.count(record.offset)}
          </button>
        ),
      },
      {
        id: 'time',
        header: t('column.time', { zone }),
        isWide: true,
        cell: (record) => <Time ms={record.timestampMs} zone={zone} today={today} />,
      },
      { id: 'key', header: t('column.key'), cell: (record) => <FieldPreview field={record.key} place="key" most={28} /> },
      {
        id: 'value',
        header: t('column.value'),
        grows: true,
        cell: (record) => <FieldPreview field={record.value} place="value" most={400} />,
      },
      { id: 'size', header: t('column.bytes'), align: 'right', isWide: true, cell: (record) => sizeText(record, format) },
    ];
  }, [records, zone, today, onOpen, picked, chosen, onPicked, t, format]);
}

function sizeText(record: RecordView, format: Format): string {
  return format.count(sizeOf(record));
}

interface TimeProps {
  readonly ms: bigint;
  readonly zone: string;
  /** The day whose times stand without it; null while it isn't known. */
  readonly today: string | null;
}

function Time({ ms, zone, today }: TimeProps): React.JSX.Element {
  const t = useTranslations('messages');
  if (ms === -1n) return <span className={styles.quiet}>{t('noTime')}</span>;
  const { date, time } = formatInstant(ms, zone);
  return <span title={formatInstantText(ms, zone)}>{date === null || date === today ? time : `${date} ${time}`}</span>;
}
