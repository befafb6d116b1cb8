// Voters or observers of the metadata quorum: how far each has come, and how long ago it asked and was level.
'use client';

import { Crown } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { useContact } from '#components/shell/use-contact.ts';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { Unknown } from '#components/ui/figure.tsx';
import { LoadingTable } from '#components/ui/loading-table.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape } from '#components/ui/state-shape.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { QuorumReplica, QuorumView } from '#server/cluster/quorum-view.ts';
import type { VoteDeed } from './foresee-vote.ts';
import { isTold, replicaState } from './judge-quorum.ts';
import type { Candidates } from './use-voters.ts';
import { VoteButton } from './vote-button.tsx';

export interface ReplicaTableProps {
  readonly label: string;
  readonly rows: readonly QuorumReplica[];
  readonly quorum: QuorumView;
  readonly nowMs: number;
  /** What may be done to each of them. */
  readonly deed: VoteDeed;
  readonly candidates: Candidates;
  readonly onAsk: (nodeId: number) => void;
}

const rowHeight = 48;

export function ReplicaTable({ label, rows, quorum, nowMs, deed, candidates, onAsk }: ReplicaTableProps): React.JSX.Element {
  const t = useTranslations('controller.column');
  const vote: Column<QuorumReplica> = {
    id: 'vote',
    header: t('vote'),
    align: 'right',
    cell: (replica) => <VoteButton {...{ deed, replica, quorum, candidates, onAsk }} />,
  };
  const columns = [...useReplicaColumns({ quorum, nowMs }), vote];
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={rows}
      rowKey={(one) => `${one.nodeId} ${one.directoryId ?? ''}`}
      rowHeight={rowHeight}
    />
  );
}

const unasked: QuorumView = { leaderId: null, epoch: 0, highWatermark: -1, votersIn: 'log', voters: [], observers: [] };

export function ReplicaTableLoading(): React.JSX.Element {
  const t = useTranslations('controller');
  const columns = useReplicaColumns({ quorum: unasked, nowMs: 0 });
  return <LoadingTable columns={columns} rows={3} rowHeight={rowHeight} awaited={t('waiting')} />;
}

function useReplicaColumns({ quorum, nowMs }: Pick<ReplicaTableProps, 'quorum' | 'nowMs'>): readonly Column<QuorumReplica>[] {
  const t = useTranslations('controller.column');
  const format = useFormat();
  const isLeader = (one: QuorumReplica): boolean => one.nodeId === quorum.leaderId;
  return [
    { id: 'node', header: t('node'), cell: (one) => <NodeName replica={one} quorum={quorum} nowMs={nowMs} /> },
    { id: 'end', header: t('end'), align: 'right', cell: (one) => (isTold(one) ? <b>{format.count(one.logEndOffset)}</b> : <Unknown />) },
    { id: 'lag', header: t('lag'), align: 'right', cell: (one) => (isTold(one) ? format.count(one.lag) : <Unknown />) },
    {
      id: 'fetched',
      header: t('fetched'),
      align: 'right',
      isWide: true,
      cell: (one) => (isLeader(one) ? '–' : <Ago atMs={one.lastFetchMs} nowMs={nowMs} />),
    },
    {
      id: 'caughtUp',
      header: t('caughtUp'),
      align: 'right',
      isWide: true,
      cell: (one) => (isLeader(one) ? '–' : <Ago atMs={one.lastCaughtUpMs} nowMs={nowMs} />),
    },
    {
      id: 'directory',
      header: t('directory'),
      align: 'right',
      isWide: true,
      cell: (one) => (one.directoryId === null ? <Unknown /> : <span className={parts.code}>{one.directoryId}</span>),
    },
  ];
}

function NodeName({ replica, quorum, nowMs }: { readonly replica: QuorumReplica } & Pick<ReplicaTableProps, 'quorum' | 'nowMs'>) {
  const t = useTranslations('controller');
  const href = useClusterHref();
  const isBroker = useContact().overview?.brokers.some((broker) => broker.brokerId === replica.nodeId) ?? false;
  const state = replicaState(replica, quorum, nowMs);
  const isLeader = replica.nodeId === quorum.leaderId;
  const name = t('node', { node: replica.nodeId });
  return (
    <span className={`${parts.name} ${parts.plate}`}>
      <StateShape state={state} />
      <span>
        {isBroker ? <Link href={href(`brokers/${replica.nodeId}`)}>{name}</Link> : <b>{name}</b>}
        {isLeader ? <Crown size={14} aria-hidden style={{ marginLeft: 7, verticalAlign: -2 }} /> : null}
        <small className={parts.why}>{isLeader ? t('state.leads') : t(`state.${state}`)}</small>
      </span>
    </span>
  );
}

function Ago({ atMs, nowMs }: { readonly atMs: number | null; readonly nowMs: number }): React.JSX.Element {
  const t = useTranslations('controller');
  const format = useFormat();
  if (atMs === null) return <Unknown />;
  const ageMs = Math.max(0, nowMs - atMs);
  return <>{ageMs < 1_000 ? t('justNow') : t('ago', { age: format.duration(ageMs) })}</>;
}
