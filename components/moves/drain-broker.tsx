// Emptying a broker: the plan on paper first, with every copy's way and what it costs, and the order only on a press that names it.
'use client';

import { useTranslations } from 'next-intl';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { Action } from '#components/ui/action.tsx';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Figure } from '#components/ui/figure.tsx';
import { Caution, CodeBlock, ErrorNotice, Waiting } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { useFormat } from '#components/ui/use-format.ts';
import type { MovePlan, PlannedMove } from '#server/cluster/move-plan.ts';
import styles from './moves.module.css';
import { Refused } from './refused.tsx';
import { useDrainPlan, useMoveRefusal, useOrderMoves } from './use-moves.ts';

export function DrainBroker({ brokerId }: { readonly brokerId: number }): React.JSX.Element {
  const t = useTranslations('moves');
  const refusal = useMoveRefusal('moves');
  const [open, setOpen] = useQueryState('deed', parseAsStringLiteral(['drain'] as const));
  const isOpen = open === 'drain' && refusal === null;
  return (
    <>
      <Action
        tone="wall"
        onClick={() => void setOpen('drain')}
        disabled={refusal !== null}
        title={refusal === null ? undefined : t(`why.${refusal}`)}
      >
        {t('drain.open')}
      </Action>
      <Dialog title={t('drain.title', { broker: brokerId })} isOpen={isOpen} onClose={() => void setOpen(null)} size={640}>
        <Plan brokerId={brokerId} isOpen={isOpen} onClose={() => void setOpen(null)} />
      </Dialog>
    </>
  );
}

interface PlanProps {
  readonly brokerId: number;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

function Plan({ brokerId, isOpen, onClose }: PlanProps): React.JSX.Element {
  const t = useTranslations('moves.drain');
  const { plan, problem, retry } = useDrainPlan(brokerId, isOpen);
  const order = useOrderMoves(onClose);
  if (problem !== null) return <ErrorNotice title={t('planFailed')} problem={problem} onRetry={retry} />;
  if (plan === null) return <Waiting>{t('planning')}</Waiting>;
  const able = plan.moves.filter((move) => move.to !== null);
  const stuck = plan.moves.length - able.length;
  return (
    <div className={parts.form}>
      <Summary plan={plan} able={able.length} brokerId={brokerId} />
      {stuck === 0 ? null : <Caution>{t('stuck', { count: stuck })}</Caution>}
      {plan.moves.length === 0 ? null : <PlanTable plan={plan} />}
      {able.length === 0 ? null : <CodeBlock>{`AlterPartitionReassignments\n  ${t('call', { count: able.length })}`}</CodeBlock>}
      {order.problem === null ? null : <ErrorNotice title={t('failed')} problem={order.problem} />}
      <Refused outcomes={order.refused} />
      <div className={parts.acts}>
        <Action onClick={onClose}>{t('keep')}</Action>
        <Action
          tone="ink"
          disabled={order.isBusy || able.length === 0}
          onClick={() => order.run(able.map(({ topic, partition, to }) => ({ topic, partition, replicas: to })))}
        >
          {t('start', { broker: brokerId })}
        </Action>
      </div>
    </div>
  );
}

function Summary({
  plan,
  able,
  brokerId,
}: {
  readonly plan: MovePlan;
  readonly able: number;
  readonly brokerId: number;
}): React.JSX.Element {
  const t = useTranslations('moves.drain');
  const format = useFormat();
  if (plan.moves.length === 0) return <p>{t('emptyAlready', { broker: brokerId })}</p>;
  if (able === 0) return <></>;
  return <p role="status">{t('summary', { count: able, bytes: plan.bytes === null ? t('bytesUnknown') : format.bytes(plan.bytes) })}</p>;
}

function PlanTable({ plan }: { readonly plan: MovePlan }): React.JSX.Element {
  const t = useTranslations('moves');
  const format = useFormat();
  const columns: readonly Column<PlannedMove>[] = [
    {
      id: 'partition',
      header: t('column.partition'),
      cell: ({ topic, partition }) => (
        <b>
          {topic}-{partition}
        </b>
      ),
    },
    { id: 'from', header: t('column.from'), align: 'right', cell: ({ from }) => from.join(', ') },
    { id: 'to', header: t('column.to'), align: 'right', cell: ({ to }) => (to === null ? t('nowhere') : <b>→ {to.join(', ')}</b>) },
    {
      id: 'bytes',
      header: t('column.bytes'),
      align: 'right',
      isWide: true,
      cell: ({ bytes, to }) => (to === null ? '–' : <Figure value={bytes === null ? null : format.bytes(bytes)} />),
    },
  ];
  return (
    <div className={styles.plan}>
      <DataTable
        label={t('drain.plan')}
        columns={columns}
        rows={plan.moves}
        rowKey={({ topic, partition }) => `${topic}-${partition}`}
        maxHeight="300px"
      />
    </div>
  );
}
