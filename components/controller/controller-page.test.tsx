// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { show } from '#components/testing/console.tsx';
import type { UnavailableReason } from '#server/cluster/capabilities.ts';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { ClusterPort } from '#server/cluster/port.ts';
import type { QuorumDetail, QuorumNode } from '#server/cluster/quorum-detail.ts';
import type { QuorumReplica, QuorumView } from '#server/cluster/quorum-view.ts';
import { ControllerPage } from './controller-page.tsx';

const replica = (nodeId: number, change: Partial<QuorumReplica> = {}): QuorumReplica => ({
  nodeId,
  directoryId: `disk-${nodeId}`,
  logEndOffset: 1_200,
  lag: 0,
  lastFetchMs: Date.now(),
  lastCaughtUpMs: Date.now(),
  ...change,
});
const longAgo = (nodeId: number) =>
  replica(nodeId, { logEndOffset: 900, lag: 300, lastFetchMs: Date.now() - 90_000, lastCaughtUpMs: Date.now() - 95_000 });
const view = (change: Partial<QuorumView> = {}): QuorumView => ({
  leaderId: 2,
  epoch: 17,
  highWatermark: 1_200,
  votersIn: 'log',
  voters: [replica(1), replica(2), replica(3)],
  observers: [],
  ...change,
});

function page(quorum: ClusterPort['quorum'], reason?: UnavailableReason) {
  const capability = reason === undefined ? { available: true } : { available: false, reason };
  const capabilities = { quorum: capability } as unknown as Awaited<ReturnType<ClusterPort['capabilities']>>;
  const asked = vi.fn(quorum);
  show(<ControllerPage />, { port: { capabilities: () => Promise.resolve(capabilities), quorum: asked } });
  return asked;
}
const sentence = async () => (await screen.findByRole('heading', { level: 1 })).textContent;
const rowsOf = async (name: string) =>
  within(await screen.findByRole('table', { name }))
    .getAllByRole('row')
    .slice(1)
    .map((row) => [...row.children].map((cell) => cell.textContent));

test('who leads, who follows and how far each has come', async () => {
  page(() => Promise.resolve(view({ observers: [longAgo(4)] })));
  expect((await rowsOf('Voters')).map(([node, end, lag]) => [node, end, lag])).toEqual([
    ['Node 1follows', '1,200', '0'],
    ['Node 2leads', '1,200', '0'],
    ['Node 3follows', '1,200', '0'],
  ]);
  expect(await rowsOf('Observers')).toEqual([['Node 4silent', '900', '300', '1 min 30 s ago', '1 min 35 s ago', 'disk-4', 'Let it vote']]);
  expect(await sentence()).toBe('Node 2 leads the metadata quorum, and all 3 voters follow.');
});

test('one voter gone of three: said by name, as the last that may go', async () => {
  page(() => Promise.resolve(view({ voters: [replica(1), replica(2), longAgo(3)] })));
  await rowsOf('Voters');
  expect(await sentence()).toBe('Node 2 leads the metadata quorum with a bare majority.');
  expect(screen.getByText(/2 of 3 voters follow; voter 3 is silent/)).toBeTruthy();
});

test('without a majority the page says that nothing can change, and that partitions go on', async () => {
  page(() => Promise.resolve(view({ voters: [longAgo(1), replica(2), longAgo(3)] })));
  await rowsOf('Voters');
  expect(await sentence()).toBe('The metadata quorum has lost its majority; nothing in the cluster can change.');
  expect(screen.getByText(/partitions that have a leader go on serving/)).toBeTruthy();
});

test('without a leader nobody is told to follow, and what is unknown is no figure', async () => {
  // As a real broker answers then: nothing is known of anybody's log.
  const voters = [1, 2, 3].map((node) => replica(node, { logEndOffset: -1, lastFetchMs: null, lastCaughtUpMs: null }));
  page(() => Promise.resolve(view({ leaderId: null, highWatermark: -1, voters })));
  const unknown = ['not known', 'not known', 'not known', 'not known'];
  expect(await rowsOf('Voters')).toEqual(
    [1, 2, 3].map((node) => [`Node ${node}not known while nobody leads`, ...unknown, `disk-${node}`, 'Take its vote away']),
  );
  expect(screen.queryByText('-1')).toBeNull();
  expect(screen.queryByText('0 / 3')).toBeNull();
  expect(await sentence()).toBe('Nobody leads the metadata quorum; nothing in the cluster can change.');
});

test('times that a cluster does not tell are unknown, not nought', async () => {
  page(() => Promise.resolve(view({ observers: [replica(4, { lastFetchMs: null, lastCaughtUpMs: null })] })));
  expect((await rowsOf('Observers'))[0]?.slice(3, 5)).toEqual(['not known', 'not known']);
});

test('a quorum that does not answer is told as such, with the reason', async () => {
  page(() => Promise.reject(clusterSaid('UNAVAILABLE', 'the request timed out')));
  expect((await screen.findByRole('alert')).textContent).toContain('the request timed out');
  expect(await sentence()).toBe('The metadata quorum does not answer.');
});

test('a cluster without a quorum says why and is not asked for one', async () => {
  const asked = page(() => Promise.resolve(view()), 'broker-too-old');
  expect(await screen.findByRole('heading', { name: 'No quorum to show' })).toBeTruthy();
  expect(screen.getAllByText(/do not serve DescribeQuorum/)).not.toHaveLength(0);
  expect(asked).not.toHaveBeenCalled();
});

const node = (nodeId: number, change: Partial<NonNullable<QuorumNode['facts']>> = {}): QuorumNode => ({
  nodeId,
  facts: {
    role: nodeId === 2 ? 'leader' : 'follower',
    epoch: 17,
    leaderId: 2,
    votedId: 2,
    electionInMs: nodeId === 2 ? null : 1_900,
    highWatermark: 42,
    logStartOffset: 0,
    logEndOffset: 43,
    snapshot: null,
    ...change,
  },
});
const detail: QuorumDetail = {
  nodes: [node(1), node(2), { nodeId: 3, facts: null }],
  grantedBy: [1, 2],
  tail: [
    { offset: 41, epoch: 17, atMs: 0, name: 'TopicRecord', version: 0, fields: '{"name":"orders","topicId":"abc"}' },
    { offset: 42, epoch: 17, atMs: 0, name: 'PartitionChangeRecord', version: 2, fields: '{"partitionId":3,"topicId":"abc","leader":2}' },
  ],
  tailOf: 2,
  highWatermark: 42,
  topicNames: { abc: 'orders' },
};

function pageWithNodes(quorumNodes: ClusterPort['quorumNodes'], nodes: object = { available: true }) {
  const capabilities = { quorum: { available: true }, quorumNodes: nodes } as unknown as Awaited<ReturnType<ClusterPort['capabilities']>>;
  const asked = vi.fn(quorumNodes);
  const port = { capabilities: () => Promise.resolve(capabilities), quorum: () => Promise.resolve(view()), quorumNodes: asked };
  show(<ControllerPage />, { port });
  return asked;
}

test('who voted for whom, by what each node remembers; one that is silent is unknown', async () => {
  pageWithNodes(() => Promise.resolve(detail));
  const rows = await rowsOf('Votes and epochs');
  expect(rows.map(([name, epoch, voted]) => [name, epoch, voted])).toEqual([
    ['Node 1follows', '17', 'Node 2'],
    ['Node 2leads', '17', 'itself'],
    ['Node 3does not answer', 'not known', 'not known'],
  ]);
  expect(screen.getByText('Node 2 was made leader of epoch 17 by the votes of 1, 2.')).toBeTruthy();
});

test('the end of the log is readable, newest first, and what is not committed says so', async () => {
  pageWithNodes(() => Promise.resolve(detail));
  const rows = await rowsOf('End of the metadata log');
  expect(rows.map(([offset, , , name, says]) => [offset, name, says])).toEqual([
    ['42', 'PartitionChangeRecordnot committed', 'partitionId 3, topic orders, leader 2'],
    ['41', 'TopicRecord', 'name orders, topic orders'],
  ]);
});

test('where the nodes can not be asked the page says why, and shows the rest', async () => {
  const asked = pageWithNodes(() => Promise.resolve(detail), { available: false, reason: 'external-cluster' });
  expect(await screen.findByText(/DescribeQuorum\) and no more/)).toBeTruthy();
  expect(await rowsOf('Voters')).toHaveLength(3);
  expect(asked).not.toHaveBeenCalled();
});
