// The partitions of a topic with the offset before which each loses its records, and how many those are.
'use client';

import { NumberInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { toWhole } from '#components/ui/whole-number.ts';
import type { PlannedCut } from './delete-records-draft.ts';

export interface CutTableProps {
  readonly plan: readonly PlannedCut[];
  readonly onCut: (partition: number, beforeOffset: number | null) => void;
}

export function CutTable({ plan, onCut }: CutTableProps): React.JSX.Element {
  const t = useTranslations('topics.deleteRecords');
  const format = useFormat();
  const columns: readonly Column<PlannedCut>[] = [
    { id: 'partition', header: t('column.partition'), cell: (cut) => cut.partition },
    { id: 'first', header: t('column.first'), align: 'right', cell: (cut) => format.count(cut.startOffset) },
    { id: 'end', header: t('column.end'), align: 'right', cell: (cut) => format.count(cut.endOffset) },
    {
      id: 'before',
      header: t('column.before'),
      cell: (cut) => (
        <NumberInput
          aria-label={t('beforeOf', { partition: cut.partition })}
          placeholder={t('untouched')}
          min={0}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          value={cut.beforeOffset ?? ''}
          onChange={(value) => onCut(cut.partition, toWhole(value))}
          error={cut.isBeyond ? t('beyond', { end: format.count(cut.endOffset) }) : null}
          maw={170}
        />
      ),
    },
    { id: 'lost', header: t('column.lost'), align: 'right', cell: (cut) => <b>{format.count(cut.lost)}</b> },
  ];
  return (
    <DataTable
      label={t('table')}
      columns={columns}
      rows={plan}
      rowKey={(cut) => String(cut.partition)}
      rowHeight={44}
      maxHeight="min(46dvh, 420px)"
    />
  );
}
