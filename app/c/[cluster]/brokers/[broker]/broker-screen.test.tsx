// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { show } from '#components/testing/console.tsx';
import type { MovePlan } from '#server/cluster/move-plan.ts';
import type { PartitionMoves } from '#server/cluster/partition-moves.ts';
import type { BrokerReplica } from '#server/cluster/partition-replicas.ts';
import type { BrokerSummary, ClusterOverview, ClusterPort } from '#server/cluster/port.ts';
import { BrokerScreen } from './broker-screen.tsx';

const copy = (partition: number, change: Partial<BrokerReplica> = {}): BrokerReplica => ({
  topic: 'orders',
  partition,
  leaderId: 2,
  isLeader: true,
  isPreferred: true,
  isInSync: true,
  logEndOffset: 100,
  lag: 0,
  sizeBytes: 1_024,
  ...change,
});
const broker: BrokerSummary = {
  brokerId: 2,
  host: '127.0.0.1',
  port: 9093,
  rack: null,
  state: 'online',
  isController: false,
  isVoter: true,
  leaderCount: 1,
  replicaCount: 2,
  diskUsedBytes: 2_048,
  diskTotalBytes: null,
  diskUsableBytes: null,
  rates: null,
  process: null,
};
const overview = { brokers: [broker], topicCount: 1, atMs: 0 } as unknown as ClusterOverview;
const capabilities = { moves: { available: true }, elections: { available: true } };
const plan: MovePlan = {
  moves: [
    { topic: 'orders', partition: 0, from: [2, 1], to: [3, 1], bytes: 1_024 },
    { topic: 'orders', partition: 1, from: [1, 2, 3], to: null, bytes: 0 },
  ],
  bytes: 1_024,
};

function page(copies: readonly BrokerReplica[], { search = '', ...moves }: Partial<PartitionMoves> & { readonly search?: string } = {}) {
  const order = vi.fn<PartitionMoves['order']>((orders) =>
    Promise.resolve(orders.map((one) => ({ topic: one.topic, partition: one.partition, error: null, message: null }))),
  );
  const electPreferred = vi.fn<PartitionMoves['electPreferred']>(() => Promise.resolve([]));
  const port: Partial<ClusterPort> = {
    overview: () => Promise.resolve(overview),
    capabilities: () => Promise.resolve(capabilities as Awaited<ReturnType<ClusterPort['capabilities']>>),
    brokerReplicas: () => Promise.resolve(copies),
    brokerConfigs: () => Promise.resolve([]),
    moves: {
      progress: () => Promise.resolve([]),
      drainPlan: () => Promise.resolve(plan),
      order,
      electPreferred,
      ...moves,
    } as unknown as PartitionMoves,
  };
  return { ...show(<BrokerScreen brokerId={2} />, { port, search }), order, electPreferred };
}
const copies = async () =>
  within(await screen.findByRole('table', { name: 'What lies on it' }))
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getByRole('link').textContent);

test('every copy with its role and how far it is behind', async () => {
  page([copy(0), copy(1, { leaderId: 1, isLeader: false, isPreferred: false, isInSync: false, lag: 40 })]);
  expect(await copies()).toEqual(['orders-0', 'orders-1']);
  expect(screen.getByText('One copy is behind or out of sync.')).toBeTruthy();
  expect(screen.getAllByText('follows 1')).not.toHaveLength(0);
});

test('the filter finds what is behind, and stands in the address', async () => {
  const late = copy(1, { leaderId: 1, isLeader: false, isPreferred: false, lag: 40 });
  const { user, address } = page([copy(0), late]);
  await user.click(await screen.findByRole('checkbox', { name: 'Only what is behind or out of sync' }));
  expect(await copies()).toEqual(['orders-1']);
  expect(address.search).toBe('behind=true');
});

test('draining is shown on paper first; what can go nowhere stays and is told', async () => {
  const { user, order } = page([copy(0)]);
  await user.click(await screen.findByRole('button', { name: 'Drain' }));
  const dialog = await screen.findByRole('dialog', { name: 'Drain broker 2' });
  expect(await within(dialog).findByText(/One copy moves .* 1\.0 kB to copy/)).toBeTruthy();
  expect(within(dialog).getByText(/One partition has a copy on every broker/)).toBeTruthy();
  expect(order).not.toHaveBeenCalled();
  await user.click(within(dialog).getByRole('button', { name: 'Drain broker 2' }));
  await waitFor(() => expect(order).toHaveBeenCalledWith([{ topic: 'orders', partition: 0, replicas: [3, 1] }]));
});

test('a broker that holds nothing has nothing to drain', async () => {
  page([], { search: 'deed=drain', drainPlan: () => Promise.resolve({ moves: [], bytes: 0 }) });
  const dialog = await screen.findByRole('dialog', { name: 'Drain broker 2' });
  expect(await within(dialog).findByText('Broker 2 holds nothing.')).toBeTruthy();
  expect(within(dialog).getByRole('button', { name: 'Drain broker 2' })).toHaveProperty('disabled', true);
});

test('only what is in sync and led elsewhere is given back to its first choice', async () => {
  const elsewhere = { leaderId: 1, isLeader: false };
  const { user, electPreferred } = page([copy(0), copy(1, elsewhere), copy(2, { ...elsewhere, isInSync: false }), copy(3, elsewhere)]);
  await user.click(await screen.findByRole('button', { name: 'Give 2 leaderships back to 2' }));
  await waitFor(() =>
    expect(electPreferred).toHaveBeenCalledWith([
      { topic: 'orders', partition: 1 },
      { topic: 'orders', partition: 3 },
    ]),
  );
});
