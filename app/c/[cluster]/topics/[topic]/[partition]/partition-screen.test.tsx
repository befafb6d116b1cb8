// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { show } from '#components/testing/console.tsx';
import { ClusterError } from '#server/cluster/cluster-error.ts';
import type { MoveProgress, PartitionMoves } from '#server/cluster/partition-moves.ts';
import type { PartitionReplica, PartitionReplicas } from '#server/cluster/partition-replicas.ts';
import type { BrokerSummary, ClusterOverview, ClusterPort } from '#server/cluster/port.ts';
import { PartitionScreen } from './partition-screen.tsx';

const replica = (brokerId: number, change: Partial<PartitionReplica> = {}): PartitionReplica => ({
  brokerId,
  isLeader: brokerId === 1,
  isPreferred: brokerId === 1,
  isInSync: true,
  answers: true,
  logStartOffset: 0,
  highWatermark: 5_000,
  logEndOffset: 5_000,
  sizeBytes: 2_048,
  lag: 0,
  epochs: [{ epoch: 4, startOffset: 0 }],
  ...change,
});
const whole: PartitionReplicas = {
  topic: 'orders',
  topicId: null,
  isInternal: false,
  partition: 3,
  leaderId: 1,
  leaderEpoch: 7,
  isr: [1, 2],
  eligible: { replicas: [], lastKnown: [] },
  replicas: [replica(1), replica(2)],
  epochs: [
    { epoch: 4, startOffset: 0 },
    { epoch: 7, startOffset: 4_200 },
  ],
  move: null,
  atMs: 0,
};
const brokers = [1, 2, 3].map((brokerId) => ({ brokerId, state: 'online' })) as unknown as readonly BrokerSummary[];
const overview = { brokers, topicCount: 1, atMs: 0 } as unknown as ClusterOverview;
const served = { moves: { available: true }, elections: { available: true } };

interface Staged {
  readonly partition?: Partial<PartitionReplicas>;
  readonly moves?: Partial<PartitionMoves>;
  readonly capabilities?: object;
  readonly replicas?: ClusterPort['partitionReplicas'];
  readonly search?: string;
}

function page({ partition = {}, moves = {}, capabilities = served, replicas, search = '' }: Staged = {}) {
  const order = vi.fn<PartitionMoves['order']>((orders) =>
    Promise.resolve(orders.map((one) => ({ topic: one.topic, partition: one.partition, error: null, message: null }))),
  );
  const electPreferred = vi.fn<PartitionMoves['electPreferred']>(() => Promise.resolve([]));
  const port: Partial<ClusterPort> = {
    overview: () => Promise.resolve(overview),
    capabilities: () => Promise.resolve(capabilities as Awaited<ReturnType<ClusterPort['capabilities']>>),
    partitionReplicas: replicas ?? (() => Promise.resolve({ ...whole, ...partition })),
    moves: { progress: () => Promise.resolve([]), order, electPreferred, ...moves } as unknown as PartitionMoves,
  };
  return { ...show(<PartitionScreen topic="orders" number={3} />, { port, search }), order, electPreferred };
}
const heading = async (name: string) => expect(await screen.findByRole('heading', { level: 1, name })).toBeTruthy();
const rowsOf = async (name: string) =>
  within(await screen.findByRole('table', { name }))
    .getAllByRole('row')
    .slice(1)
    .map((row) => [...row.children].map((cell) => cell.textContent));

test('who leads, who is level and which epoch wrote what', async () => {
  page();
  await heading('orders-3 is whole: broker 1 leads and all 2 copies are in sync.');
  expect((await rowsOf('Replicas')).map(([name, sync, , , end, lag]) => [name, sync, end, lag])).toEqual([
    ['Broker 1leads, first choice', 'in sync', '5,000', '0'],
    ['Broker 2follows', 'in sync', '5,000', '0'],
  ]);
  expect(await rowsOf('Leader epochs')).toEqual([
    ['7', '4,200', '4,999', '800'],
    ['4', '0', '4,199', '4,200'],
  ]);
});

test('a copy that fell behind is told by words, not by its colour alone', async () => {
  const late = replica(2, { isInSync: false, logEndOffset: 4_940, highWatermark: 4_900, lag: 60 });
  page({ partition: { isr: [1], replicas: [replica(1), late] } });
  await heading('orders-3 is short of copies: 1 of 2 are in sync.');
  expect((await rowsOf('Replicas'))[1]).toContain('out of sync');
  expect(screen.getByText(/60 behind/)).toBeTruthy();
});

const gone = (brokerId: number): PartitionReplica => replica(brokerId, { isLeader: false, isInSync: false });

test('who may lead though it is not in sync has a shape and a word, on the tapes and in their table', async () => {
  const eligible = { replicas: [2], lastKnown: [1] };
  page({ partition: { leaderId: null, isr: [], replicas: [gone(1), gone(2)], eligible } });
  await heading('orders-3 has no leader; nobody can read or write it.');
  expect((await rowsOf('Replicas')).map(([, sync]) => sync)).toEqual(['out of syncled last', 'out of synceligible to lead']);
  const tapes = within(screen.getByRole('region', { name: 'The copies, side by side' })).getAllByRole('listitem');
  expect(tapes.map((tape) => tape.querySelector('[data-standing]')?.getAttribute('data-standing'))).toEqual(['last-known', 'eligible']);
  expect(tapes[1]?.textContent).toContain('eligible to lead');
  expect(screen.getByText(/Broker 2 may lead without loss/)).toBeTruthy();
  expect(screen.queryByText(/is waited for/)).toBeNull();
});

test('where nobody is eligible whoever led last is waited for, and it is not promised that all is there', async () => {
  const eligible = { replicas: [], lastKnown: [2] };
  page({ partition: { leaderId: null, isr: [], replicas: [gone(1), gone(2)], eligible } });
  expect(await screen.findByText(/Broker 2 led last and is waited for; its disk may have lost records/)).toBeTruthy();
});

test.each([
  ['a cluster that keeps or tells none', null],
  ['a cluster where everybody is in sync', { replicas: [], lastKnown: [] }],
])('%s shows no such word anywhere', async (_what, eligible) => {
  page({ partition: { eligible, isr: [1], replicas: [replica(1), replica(2, { isInSync: false })] } });
  await rowsOf('Replicas');
  expect(document.querySelector('[data-standing]')).toBeNull();
  expect(document.body.textContent).not.toMatch(/eligible|led last/);
});

test('what a silent broker would have told is unknown, and never nought', async () => {
  const silent = replica(2, { answers: false, logStartOffset: null, highWatermark: null, logEndOffset: null, sizeBytes: null, lag: null });
  page({ partition: { replicas: [replica(1), silent] } });
  expect((await rowsOf('Replicas'))[1]?.slice(2)).toEqual(['not known', 'not known', 'not known', 'not known', 'not known']);
  expect(screen.getByText(/Broker 2 does not answer/)).toBeTruthy();
});

test('a move is shown before it is made, and only then ordered', async () => {
  const { user, order } = page();
  await user.click(await screen.findByRole('button', { name: 'Move replicas' }));
  const dialog = await screen.findByRole('dialog', { name: 'Move orders-3' });
  const start = within(dialog).getByRole('button', { name: 'Move orders-3' });
  expect(start).toHaveProperty('disabled', true);
  await user.click(within(dialog).getByRole('checkbox', { name: 'Broker 2' }));
  await user.click(within(dialog).getByRole('checkbox', { name: 'Broker 3' }));
  expect(within(dialog).getByRole('status').textContent).toBe('1, 2 → 1, 3Copies to 3, leaves 2; 2.0 kB to copy.');
  expect(order).not.toHaveBeenCalled();
  await user.click(start);
  await waitFor(() => expect(order).toHaveBeenCalledWith([{ topic: 'orders', partition: 3, replicas: [1, 3] }]));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('what the cluster refuses stays in the dialog, in its words', async () => {
  const refuse: PartitionMoves['order'] = () =>
    Promise.resolve([{ topic: 'orders', partition: 3, error: 'INVALID_REPLICA_ASSIGNMENT', message: 'broker 3 is fenced' }]);
  const { user } = page({ search: 'deed=move', moves: { order: refuse } });
  const dialog = await screen.findByRole('dialog');
  await user.click(within(dialog).getByRole('checkbox', { name: 'Broker 3' }));
  await user.click(within(dialog).getByRole('button', { name: 'Move orders-3' }));
  const alert = await within(dialog).findByRole('alert');
  expect(alert.textContent).toContain('broker 3 is fenced');
  expect(alert.textContent).toContain('INVALID_REPLICA_ASSIGNMENT');
});

test('a move under way shows what has come over, and can be called off', async () => {
  const move: MoveProgress = {
    topic: 'orders',
    partition: 3,
    replicas: [1, 3, 2],
    adding: [3],
    removing: [2],
    leaderBytes: 2_048,
    copies: [{ brokerId: 3, sizeBytes: 1_024 }],
  };
  const { user, order } = page({ partition: { move }, moves: { progress: () => Promise.resolve([move]) } });
  expect(await screen.findByText('1.0 kB of 2.0 kB')).toBeTruthy();
  expect(await screen.findByRole('button', { name: 'Move replicas' })).toHaveProperty('disabled', true);
  await user.click(screen.getByRole('button', { name: 'Call off the move of orders-3' }));
  await waitFor(() => expect(order).toHaveBeenCalledWith([{ topic: 'orders', partition: 3, replicas: null }]));
});

test('leadership that lies elsewhere can be given back', async () => {
  const replicas = [replica(2, { isPreferred: true, isLeader: false }), replica(1, { isPreferred: false })];
  const { user, electPreferred } = page({ partition: { replicas } });
  await heading('orders-3 is whole; broker 1 leads in the place of 2.');
  await user.click(await screen.findByRole('button', { name: 'Give leadership back to 2' }));
  await waitFor(() => expect(electPreferred).toHaveBeenCalledWith([{ topic: 'orders', partition: 3 }]));
});

test('a cluster that can not move replicas says why, and its dialog does not open', async () => {
  const capabilities = { moves: { available: false, reason: 'broker-too-old' }, elections: { available: false, reason: 'broker-too-old' } };
  page({ capabilities, search: 'deed=move' });
  await rowsOf('Replicas');
  const open = screen.getByRole('button', { name: 'Move replicas' });
  expect(open).toHaveProperty('disabled', true);
  expect(open.getAttribute('title')).toContain('Apache Kafka 2.4');
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('a partition that is not there is told with the reason', async () => {
  const params = { topic: 'orders', partition: 3 };
  const gone = new ClusterError('UNKNOWN_TOPIC_OR_PARTITION', { kind: 'unknown-partition', params });
  page({ replicas: () => Promise.reject(gone) });
  expect(await screen.findByText('This cluster has no partition orders-3.')).toBeTruthy();
});
