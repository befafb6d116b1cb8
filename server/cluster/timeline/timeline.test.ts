import { expect, test, vi } from 'vitest';
import type { Fact, TraceEvent } from '#engine/trace/events.ts';
import type { TopologySnapshot } from '../port.ts';
import type { TimelineFact } from './entry.ts';
import { FactTeller } from './fact-entries.ts';
import { diffSnapshots } from './metadata-diff.ts';
import { TimelineRecorder } from './recorder.ts';

function event(brokerId: number, atMs: number, fact: Fact): TraceEvent {
  return { brokerId, sequence: 1, atUs: atMs * 1_000, atMs, ...fact };
}

const leaderChange: Fact = {
  kind: 'leader-changed',
  topic: 'orders',
  partition: 3,
  leaderId: 2,
  previousLeaderId: 1,
  leaderEpoch: 7,
  cause: 'broker 1 fenced',
};

test('a leader change told by three brokers is one happening', () => {
  const teller = new FactTeller();
  const told = [1, 2, 3].flatMap((brokerId) => teller.take([event(brokerId, 1_000 + brokerId, leaderChange)]));
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ subject: 'orders-3', cause: 'broker 1 fenced', atMs: 1_001, detail: { leaderEpoch: 7 } });
});

test('the same change a minute later is news again', () => {
  const teller = new FactTeller();
  expect(teller.take([event(1, 0, leaderChange), event(1, 60_000, leaderChange)])).toHaveLength(2);
});

test('two elections of one partition within moments are two, though nothing but the epoch differs', () => {
  const teller = new FactTeller();
  const again: Fact = { ...leaderChange, leaderEpoch: 9 };
  const told = [leaderChange, again].flatMap((fact, index) =>
    [1, 2, 3].flatMap((brokerId) => teller.take([event(brokerId, 1_000 + index * 400 + brokerId, fact)])),
  );
  expect(told.map(({ atMs, detail }) => [atMs, detail['leaderEpoch']])).toEqual([
    [1_001, 7],
    [1_401, 9],
  ]);
});

test('one election is one, though two brokers saw different causes', () => {
  const told = new FactTeller().take([event(1, 0, leaderChange), event(2, 5, { ...leaderChange, cause: 'election' })]);
  expect(told).toHaveLength(1);
});

test('a set that shrinks, grows and shrinks again within moments is told three times, by whomever', () => {
  const shrunk = (partitionEpoch: number): Fact => ({
    kind: 'isr-changed',
    topic: 'orders',
    partition: 3,
    isr: [1],
    partitionEpoch,
    cause: '',
  });
  const grown: Fact = { kind: 'isr-changed', topic: 'orders', partition: 3, isr: [1, 2], partitionEpoch: 5, cause: '' };
  const teller = new FactTeller();
  // The controller changes in between, so that the last is told by another broker.
  expect(teller.take([event(1, 0, shrunk(4)), event(1, 100, grown), event(2, 200, shrunk(6))])).toHaveLength(3);
  expect(teller.take([event(3, 250, shrunk(6))])).toEqual([]);
});

test('a broker that is fenced twice within moments is told twice; the same fencing told by another broker is not', () => {
  const fenced: Fact = { kind: 'broker-fenced', registeredId: 2, cause: 'session timed out' };
  const teller = new FactTeller();
  expect(teller.take([event(1, 0, fenced), event(3, 2, fenced)])).toHaveLength(1);
  expect(teller.take([event(1, 4_000, fenced), event(3, 4_002, fenced)])).toHaveLength(1);
});

test('records are not history', () => {
  const client = { connectionId: 1, clientId: 'c', address: '127.0.0.1' };
  const produced: Fact = {
    kind: 'produced',
    client,
    topic: 't',
    partition: 0,
    baseOffset: 0,
    recordCount: 1,
    sizeBytes: 9,
    leaderEpoch: 0,
    acks: -1,
    producerId: -1,
  };
  expect(new FactTeller().take([event(1, 0, produced)])).toEqual([]);
});

test('each broker that starts is told, though they say the same', () => {
  const started: Fact = { kind: 'broker-started', host: '127.0.0.1', port: 9092, roles: ['broker'] };
  const told = new FactTeller().take([event(1, 0, started), event(2, 0, started)]);
  expect(told.map((fact) => fact.subject)).toEqual(['broker 1', 'broker 2']);
});

test('what a broker tells of its disks and logs is told with its number, as data, each time it says it', () => {
  const place = { topic: 'orders', partition: 3 };
  const facts: readonly Fact[] = [
    { kind: 'disk-full', directory: '/data', path: '/data/orders-3' },
    { kind: 'disk-writable', directory: '/data' },
    { kind: 'disk-full', directory: '/data', path: '/data/orders-3' },
    { kind: 'log-directory-failed', directory: '/data', reason: 'EIO' },
    { kind: 'log-damaged', ...place, path: '/data/orders-3/0.log', reason: 'the CRC is wrong' },
    { kind: 'log-uncleanable', ...place, reason: 'the CRC is wrong' },
  ];
  const told = new FactTeller().take(facts.map((fact, index) => event(2, index, fact)));
  expect(told.map(({ kind, subject, detail }) => [kind, subject, detail['brokerId'], detail['why']])).toEqual([
    ['disk-full', 'broker 2', 2, { kind: 'no-room', params: { directory: '/data' } }],
    ['disk-writable', 'broker 2', 2, { kind: 'room-again', params: { directory: '/data' } }],
    ['disk-full', 'broker 2', 2, { kind: 'no-room', params: { directory: '/data' } }],
    ['log-directory-failed', 'broker 2', 2, { kind: 'directory-failed', params: { directory: '/data', reason: 'EIO' } }],
    ['log-damaged', 'orders-3', 2, { kind: 'bytes-damaged', params: { broker: 2, reason: 'the CRC is wrong' } }],
    ['log-uncleanable', 'orders-3', 2, { kind: 'compaction-failed', params: { broker: 2, reason: 'the CRC is wrong' } }],
  ]);
});

function snapshot(input: {
  readonly online: readonly number[];
  readonly leaderId: number | null;
  readonly isr: readonly number[];
  readonly topics?: readonly string[];
  readonly atMs: number;
}): TopologySnapshot {
  const brokers = input.online.map((brokerId) => ({ brokerId, state: 'online' }));
  const topics = (input.topics ?? ['orders']).map((name) => ({
    name,
    topicId: `id-${name}`,
    isInternal: false,
    partitions: [{ partition: 0, leaderId: input.leaderId, leaderEpoch: 4, replicas: [1, 2], isr: input.isr, endOffset: 0 }],
  }));
  return { overview: { brokers, controllerId: 2 }, topics, groups: [], producers: null, atMs: input.atMs } as unknown as TopologySnapshot;
}

test('a foreign broker that goes away is told with the leaders that moved because of it', () => {
  const told = diffSnapshots(
    snapshot({ online: [1, 2], leaderId: 1, isr: [1, 2], atMs: 1 }),
    snapshot({ online: [2], leaderId: 2, isr: [2], atMs: 5 }),
  );
  expect(told.map(({ kind, subject, cause, atMs }) => [kind, subject, cause, atMs])).toEqual([
    ['broker-lost', 'broker 1', 'no longer in the metadata', 5],
    ['leader-changed', 'orders-0', 'broker 1 is gone', 5],
    ['isr-changed', 'orders-0', '', 5],
  ]);
});

test('a topic deleted and made again under its name is both', () => {
  const before = snapshot({ online: [1], leaderId: 1, isr: [1], atMs: 1 });
  const after = snapshot({ online: [1], leaderId: 1, isr: [1], atMs: 2 });
  const remade = { ...after, topics: after.topics.map((topic) => ({ ...topic, topicId: 'another' })) };
  expect(diffSnapshots(before, remade).map((fact) => fact.kind)).toEqual(['topic-deleted', 'topic-created']);
});

test('a new topic is told with where its partitions were put, as the brokers of our own cluster tell it', () => {
  const before = snapshot({ online: [1, 2], leaderId: 1, isr: [1, 2], atMs: 1, topics: [] });
  const [made] = diffSnapshots(before, snapshot({ online: [1, 2], leaderId: 1, isr: [1, 2], atMs: 2 }));
  expect(made?.detail).toMatchObject({
    topic: 'orders',
    topicId: 'id-orders',
    placements: [{ partition: 0, leaderId: 1, leaderEpoch: 4, replicas: [1, 2], isr: [1, 2] }],
  });
});

test('two equal looks tell nothing', () => {
  const look = snapshot({ online: [1, 2], leaderId: 1, isr: [1, 2], atMs: 1 });
  expect(diffSnapshots(look, { ...look, atMs: 9 })).toEqual([]);
});

test('a flood of facts is bounded, and the screen learns how many were lost', async () => {
  const stored: TimelineFact[] = [];
  const recorder = new TimelineRecorder('c', { append: (_clusterId, facts) => Promise.resolve(void stored.push(...facts)) });
  const flood = Array.from({ length: 10_007 }, (_, index) => ({ atMs: index, kind: 'k', subject: '', cause: '', detail: {} }));
  recorder.take(flood);
  await recorder.settled();
  expect(stored).toHaveLength(10_001);
  expect(stored.at(-1)).toMatchObject({ kind: 'events-lost', detail: { count: 7 } });
});

test('a store that fails for a while loses nothing, and ends nothing', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const stored: TimelineFact[] = [];
  let failures = 2;
  const append = (_clusterId: string, facts: readonly TimelineFact[]) =>
    failures-- > 0 ? Promise.reject(new Error('database is locked')) : Promise.resolve(void stored.push(...facts));
  const recorder = new TimelineRecorder('c', { append });
  const fact = (atMs: number): TimelineFact => ({ atMs, kind: 'k', subject: '', cause: '', detail: {} });
  recorder.take([fact(1), fact(2)]);
  recorder.take([fact(3)]);
  await recorder.settled();
  recorder.take([fact(4)]);
  await recorder.settled();
  expect(stored.map(({ atMs }) => atMs)).toEqual([1, 2, 3, 4]);
});

test('a log that lost nothing in a crash is no news: hundreds of them would hide the crash itself', () => {
  const recovered: Fact = { kind: 'log-recovered', topic: 't', partition: 0, removedBytes: 0, logEndOffset: 5 };
  expect(new FactTeller().take([event(1, 0, recovered)])).toEqual([]);
  expect(new FactTeller().take([event(1, 0, { ...recovered, removedBytes: 7 })])).toMatchObject([
    { subject: 't-0', cause: '7 bytes removed' },
  ]);
});
