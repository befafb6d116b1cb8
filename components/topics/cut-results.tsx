// What became of each partition that was asked to lose records.
'use client';

import { useTranslations } from 'next-intl';
import { Action } from '#components/ui/action.tsx';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { Figure } from '#components/ui/figure.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape } from '#components/ui/state-shape.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { PlannedCut } from './delete-records-draft.ts';
import type { CutOutcome } from './use-delete-records.ts';

export interface CutResultsProps {
  readonly plan: readonly PlannedCut[];
  readonly outcomes: readonly CutOutcome[];
  readonly onClose: () => void;
}

export function CutResults({ plan, outcomes, onClose }: CutResultsProps): React.JSX.Element {
  const t = useTranslations('topics.deleteRecords');
  const format = useFormat();
  const starts = new Map(plan.map((cut) => [cut.partition, cut.startOffset]));
  const failed = outcomes.filter((one) => one.error !== null).length;
  const columns: readonly Column<CutOutcome>[] = [
    { id: 'partition', header: t('column.partition'), cell: (one) => <Outcome outcome={one} /> },
    {
      id: 'was',
      header: t('column.was'),
      align: 'right',
      cell: (one) => <Figure value={countOrNull(starts.get(one.partition), format.count)} />,
    },
    { id: 'now', header: t('column.now'), align: 'right', cell: (one) => <Figure value={countOrNull(one.startOffset, format.count)} /> },
  ];
  return (
    <div className={parts.form}>
      <p className={parts.verdict} role="status">
        <StateShape state={failed === 0 ? 'good' : 'watch'} size={13} checked />
        {failed === 0 ? t('done', { count: outcomes.length }) : t('doneInPart', { failed, all: outcomes.length })}
      </p>
      <DataTable
        label={t('results')}
        columns={columns}
        rows={outcomes}
        rowKey={(one) => String(one.partition)}
        rowHeight={40}
        maxHeight="min(46dvh, 420px)"
      />
      <div className={parts.acts}>
        <Action onClick={onClose} data-autofocus>
          {t('close')}
        </Action>
      </div>
    </div>
  );
}

function countOrNull(offset: number | null | undefined, count: (value: number) => string): string | null {
  return offset === null || offset === undefined ? null : count(offset);
}

function Outcome({ outcome }: { readonly outcome: CutOutcome }): React.JSX.Element {
  const t = useTranslations('topics.deleteRecords');
  return (
    <span className={parts.name}>
      <StateShape state={outcome.error === null ? 'good' : 'offline'} />
      <span>
        {outcome.partition}
        <span className={parts.why}>{outcome.error ?? t('deleted')}</span>
      </span>
    </span>
  );
}
