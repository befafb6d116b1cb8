// What moves now: from where to where, how much has come over, and the way to call it off. Absent while nothing moves.
'use client';

import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { partitionPath } from '#components/shell/addresses.ts';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { Action } from '#components/ui/action.tsx';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { Unknown } from '#components/ui/figure.tsx';
import { Meter } from '#components/ui/meter.tsx';
import { ErrorNotice } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape } from '#components/ui/state-shape.tsx';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { MoveProgress } from '#server/cluster/partition-moves.ts';
import styles from './moves.module.css';
import { Refused } from './refused.tsx';
import { useMoves, useOrderMoves } from './use-moves.ts';

export interface MovesUnderWayProps {
  /** Only what concerns this broker, or this partition. */
  readonly brokerId?: number | undefined;
  readonly place?: { readonly topic: string; readonly partition: number } | undefined;
}

export function MovesUnderWay({ brokerId, place }: MovesUnderWayProps): React.JSX.Element | null {
  const t = useTranslations('moves');
  const { moves } = useMoves();
  const cancel = useOrderMoves(() => undefined);
  const shown = (moves ?? []).filter((move) => concerns(move, { brokerId, place }));
  if (shown.length === 0 && cancel.problem === null && cancel.refused.length === 0) return null;
  const callOff = (one: readonly MoveProgress[]): void =>
    cancel.run(one.map(({ topic, partition }) => ({ topic, partition, replicas: null })));
  return (
    <Paper label={t('underWay')}>
      <SectionHead title={t('underWay')} note={t('underWayNote')}>
        {shown.length > 1 ? (
          <Action onClick={() => callOff(shown)} disabled={cancel.isBusy}>
            {t('cancelAll', { count: shown.length })}
          </Action>
        ) : null}
      </SectionHead>
      {cancel.problem === null ? null : <ErrorNotice title={t('cancelFailed')} problem={cancel.problem} />}
      <Refused outcomes={cancel.refused} />
      {shown.length === 0 ? null : <Table moves={shown} onCancel={(move) => callOff([move])} isBusy={cancel.isBusy} />}
    </Paper>
  );
}

function concerns({ topic, partition, replicas }: MoveProgress, { brokerId, place }: MovesUnderWayProps): boolean {
  if (place !== undefined && (place.topic !== topic || place.partition !== partition)) return false;
  return brokerId === undefined || replicas.includes(brokerId);
}

interface TableProps {
  readonly moves: readonly MoveProgress[];
  readonly onCancel: (move: MoveProgress) => void;
  readonly isBusy: boolean;
}

function Table({ moves, onCancel, isBusy }: TableProps): React.JSX.Element {
  const t = useTranslations('moves');
  const href = useClusterHref();
  const columns: readonly Column<MoveProgress>[] = [
    {
      id: 'partition',
      header: t('column.partition'),
      cell: ({ topic, partition }) => (
        <span className={parts.name}>
          <StateShape state="watch" />
          <Link href={href(partitionPath(topic, partition))}>
            {topic}-{partition}
          </Link>
        </span>
      ),
    },
    {
      id: 'comes',
      header: t('column.comes'),
      align: 'right',
      cell: ({ adding }) => (adding.length === 0 ? '–' : `→ ${adding.join(', ')}`),
    },
    {
      id: 'goes',
      header: t('column.goes'),
      align: 'right',
      isWide: true,
      cell: ({ removing }) => (removing.length === 0 ? '–' : `${removing.join(', ')} ←`),
    },
    { id: 'copied', header: t('column.copied'), cell: (move) => <Copied move={move} /> },
    {
      id: 'cancel',
      header: '',
      align: 'right',
      cell: (move) => (
        <Action onClick={() => onCancel(move)} disabled={isBusy} aria-label={t('cancelOf', { name: `${move.topic}-${move.partition}` })}>
          {t('cancel')}
        </Action>
      ),
    },
  ];
  return (
    <DataTable
      label={t('underWay')}
      columns={columns}
      rows={moves}
      rowKey={({ topic, partition }) => `${topic}-${partition}`}
      rowHeight={48}
      maxHeight="420px"
    />
  );
}

function Copied({ move }: { readonly move: MoveProgress }): React.JSX.Element {
  const t = useTranslations('moves');
  const format = useFormat();
  const { leaderBytes, copies } = move;
  if (copies.length === 0) return <>{t('onlyGoes')}</>;
  const copied = copies.reduce<number | null>((sum, one) => (sum === null || one.sizeBytes === null ? null : sum + one.sizeBytes), 0);
  if (leaderBytes === null || copied === null) return <Unknown />;
  const all = leaderBytes * copies.length;
  return (
    <span className={styles.copied}>
      <Meter ratio={all === 0 ? 0 : copied / all} tone="good" />
      {t('copiedOf', { copied: format.bytes(Math.min(copied, all)), all: format.bytes(all) })}
    </span>
  );
}
