// Everything that is broken on purpose: what, by whom, since when, until when, and the way back. It stands even when no
// broker answers, because the lab is not asked through them.
'use client';

import { useTranslations } from 'next-intl';
import type { Deed } from '#components/shell/use-deed.ts';
import { Action } from '#components/ui/action.tsx';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { LoadingTable } from '#components/ui/loading-table.tsx';
import { EmptyNotice, ErrorNotice } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape } from '#components/ui/state-shape.tsx';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { ActiveFault } from '#server/cluster/lab.ts';
import styles from './lab.module.css';
import { TimeLeft } from './time-left.tsx';
import { useFaultWords } from './use-fault-words.ts';
import { useHealAll, type Lab } from './use-lab.ts';

export function FaultList({ lab, undo }: { readonly lab: Lab; readonly undo: Deed<string> }): React.JSX.Element {
  const t = useTranslations('lab.list');
  const heal = useHealAll();
  const { active, problem, retry } = lab;
  const failed = undo.problem ?? heal.problem;
  return (
    <Paper label={t('title')}>
      <SectionHead title={t('title')} note={t('note')}>
        <Action tone="ink" onClick={() => heal.run()} disabled={heal.isBusy || (active ?? []).length === 0}>
          {t('healAll')}
        </Action>
      </SectionHead>
      {problem === null ? null : <ErrorNotice title={t('failed')} problem={problem} onRetry={retry} />}
      {failed === null ? null : <ErrorNotice title={t('undoFailed')} problem={failed} />}
      {active === null && problem === null ? <TableLoading /> : null}
      {active?.length === 0 ? <EmptyNotice title={t('empty')}>{t('emptyText')}</EmptyNotice> : null}
      {active === null || active.length === 0 ? null : <Table active={active} onUndo={undo.run} isBusy={undo.isBusy} />}
    </Paper>
  );
}

interface TableProps {
  readonly active: readonly ActiveFault[];
  readonly onUndo: (faultId: string) => void;
  readonly isBusy: boolean;
}

const rowHeight = 44;

function Table({ active, onUndo, isBusy }: TableProps): React.JSX.Element {
  const t = useTranslations('lab.list');
  const columns = useColumns(onUndo, isBusy);
  return (
    <div className={styles.known}>
      <DataTable label={t('title')} columns={columns} rows={active} rowKey={(one) => one.faultId} rowHeight={rowHeight} />
    </div>
  );
}

const undoNothing = (): void => undefined;

function TableLoading(): React.JSX.Element {
  const t = useTranslations('lab.list');
  return <LoadingTable columns={useColumns(undoNothing, true)} rows={2} rowHeight={rowHeight} awaited={t('waiting')} />;
}

function useColumns(onUndo: (faultId: string) => void, isBusy: boolean): readonly Column<ActiveFault>[] {
  const t = useTranslations('lab.list');
  const format = useFormat();
  const { says, deed } = useFaultWords();
  return [
    {
      id: 'what',
      header: t('what'),
      cell: (one) => (
        <span className={parts.name}>
          <StateShape state="watch" />
          <b className={styles.says}>{says(one.fault)}</b>
        </span>
      ),
    },
    { id: 'by', header: t('by'), isWide: true, cell: (one) => one.by },
    { id: 'since', header: `${t('since')} (UTC)`, isWide: true, align: 'right', cell: (one) => format.clock(one.startedAtMs) },
    { id: 'ends', header: t('ends'), align: 'right', cell: (one) => <TimeLeft one={one} /> },
    {
      id: 'undo',
      header: '',
      align: 'right',
      cell: (one) => (
        <Action onClick={() => onUndo(one.faultId)} disabled={isBusy} aria-label={t('undoOf', { deed: deed(one.fault) })}>
          {t('undo')}
        </Action>
      ),
    },
  ];
}
