// What only the nodes themselves can tell: votes, epochs and snapshots, and the end of the metadata log. Where the console
// can't ask them, it says why.
'use client';

import { useTranslations } from 'next-intl';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { Unknown } from '#components/ui/figure.tsx';
import { ErrorNotice, Note, Waiting } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape, type State } from '#components/ui/state-shape.tsx';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { QuorumDetail, QuorumNode } from '#server/cluster/quorum-detail.ts';
import { MetadataTail } from './metadata-tail.tsx';
import { useQuorumNodes } from './use-quorum-nodes.ts';

export function QuorumNodes(): React.JSX.Element {
  const t = useTranslations('controller.nodes');
  const { detail, refusal, problem, atMs, retry } = useQuorumNodes();
  return (
    <>
      <Paper label={t('votes')}>
        <SectionHead title={t('votes')} note={refusal === null ? t('votesNote') : undefined} />
        {refusal === null ? null : <Note>{t(`whyNot.${refusal}`)}</Note>}
        {problem === null ? null : <ErrorNotice title={t('failed')} problem={problem} onRetry={retry} />}
        {refusal === null && problem === null && detail === null ? <Waiting>{t('waiting')}</Waiting> : null}
        {detail === null ? null : (
          <>
            <Note>
              <Granted detail={detail} />
            </Note>
            <NodeTable nodes={detail.nodes} atMs={atMs} />
          </>
        )}
      </Paper>
      {detail === null ? null : <MetadataTail detail={detail} />}
    </>
  );
}

/** By the newest epoch that anybody knows. */
function Granted({ detail }: { readonly detail: QuorumDetail }): React.JSX.Element {
  const t = useTranslations('controller.nodes');
  const newest = detail.nodes.flatMap(({ facts }) => (facts === null ? [] : [facts])).toSorted((a, b) => b.epoch - a.epoch)[0];
  if (newest === undefined) return <>{t('noTail')}</>;
  const { epoch, leaderId } = newest;
  if (leaderId === null) return <>{t('leaderless', { epoch })}</>;
  return (
    <>{detail.grantedBy === null ? t('grantedUnknown') : t('granted', { leader: leaderId, epoch, names: detail.grantedBy.join(', ') })}</>
  );
}

const stateOf: Readonly<Record<string, State>> = { leader: 'good', follower: 'good', observer: 'good' };
const roles = ['leader', 'follower', 'observer', 'candidate', 'prospective', 'voted', 'unattached', 'resigned'] as const;

function NodeTable({ nodes, atMs }: { readonly nodes: readonly QuorumNode[]; readonly atMs: number }): React.JSX.Element {
  const t = useTranslations('controller.nodes');
  const tc = useTranslations('controller');
  const format = useFormat();
  type Facts = NonNullable<QuorumNode['facts']>;
  const of = (tell: (facts: Facts, node: QuorumNode) => React.ReactNode) => (node: QuorumNode) =>
    node.facts === null ? <Unknown /> : tell(node.facts, node);
  const columns: readonly Column<QuorumNode>[] = [
    {
      id: 'node',
      header: t('column.node'),
      cell: ({ nodeId, facts }) => (
        <span className={`${parts.name} ${parts.plate}`}>
          <StateShape state={facts === null ? 'offline' : (stateOf[facts.role] ?? 'watch')} />
          <span>
            <b>{tc('node', { node: nodeId })}</b>
            <small className={parts.why}>{facts === null ? t('silent') : roleWords(facts.role, t)}</small>
          </span>
        </span>
      ),
    },
    { id: 'epoch', header: t('column.epoch'), align: 'right', cell: of(({ epoch }) => format.count(epoch)) },
    {
      id: 'voted',
      header: t('column.voted'),
      cell: of(({ votedId }, { nodeId }) =>
        votedId === null ? t('nobody') : votedId === nodeId ? t('itself') : tc('node', { node: votedId }),
      ),
    },
    {
      id: 'patience',
      header: t('column.patience'),
      align: 'right',
      isWide: true,
      cell: of(({ electionInMs }) =>
        electionInMs === null ? t('neverStands') : t('seconds', { seconds: (electionInMs / 1_000).toFixed(1) }),
      ),
    },
    { id: 'end', header: t('column.end'), align: 'right', cell: of(({ logEndOffset }) => format.count(logEndOffset)) },
    {
      id: 'snapshot',
      header: t('column.snapshot'),
      align: 'right',
      isWide: true,
      cell: of(({ snapshot }) =>
        snapshot === null
          ? t('noSnapshot')
          : `${t('offset', { offset: format.count(snapshot.offset) })}, ${format.bytes(snapshot.sizeBytes)}`,
      ),
    },
    {
      id: 'age',
      header: t('column.age'),
      align: 'right',
      isWide: true,
      cell: of(({ snapshot }) => (snapshot === null ? '–' : tc('ago', { age: format.duration(Math.max(0, atMs - snapshot.atMs)) }))),
    },
  ];
  return <DataTable label={t('votes')} columns={columns} rows={nodes} rowKey={({ nodeId }) => String(nodeId)} rowHeight={48} />;
}

function roleWords(role: string, t: ReturnType<typeof useTranslations<'controller.nodes'>>): string {
  const known = roles.find((one) => one === role);
  return known === undefined ? role : t(`role.${known}`);
}
