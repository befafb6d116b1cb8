// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { show } from '#components/testing/console.tsx';
import type { UnavailableReason } from '#server/cluster/capabilities.ts';
import { ClusterError } from '#server/cluster/cluster-error.ts';
import type { ClusterPort } from '#server/cluster/port.ts';
import type { QuorumReplica, QuorumView } from '#server/cluster/quorum-view.ts';
import { ControllerPage } from './controller-page.tsx';

const replica = (nodeId: number, change: Partial<QuorumReplica> = {}): QuorumReplica => ({
  nodeId,
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
  expect(await rowsOf('Observers')).toEqual([['Node 4silent', '900', '300', '1 min 30 s ago', '1 min 35 s ago']]);
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
  expect(await rowsOf('Voters')).toEqual([1, 2, 3].map((node) => [`Node ${node}not known while nobody leads`, ...unknown]));
  expect(screen.queryByText('-1')).toBeNull();
  expect(screen.queryByText('0 / 3')).toBeNull();
  expect(await sentence()).toBe('Nobody leads the metadata quorum; nothing in the cluster can change.');
});

test('times that a cluster does not tell are unknown, not nought', async () => {
  page(() => Promise.resolve(view({ observers: [replica(4, { lastFetchMs: null, lastCaughtUpMs: null })] })));
  expect((await rowsOf('Observers'))[0]?.slice(3)).toEqual(['not known', 'not known']);
});

test('a quorum that does not answer is told as such, with the reason', async () => {
  page(() => Promise.reject(new ClusterError('UNAVAILABLE', 'the request timed out')));
  expect((await screen.findByRole('alert')).textContent).toContain('the request timed out');
  expect(await sentence()).toBe('The metadata quorum does not answer.');
});

test('a cluster without a quorum says why and is not asked for one', async () => {
  const asked = page(() => Promise.resolve(view()), 'broker-too-old');
  expect(await screen.findByRole('heading', { name: 'No quorum to show' })).toBeTruthy();
  expect(screen.getAllByText(/do not serve DescribeQuorum/)).not.toHaveLength(0);
  expect(asked).not.toHaveBeenCalled();
});
