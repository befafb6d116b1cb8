import { expect, test, vi } from 'vitest';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import { adviceWords } from '#server/cluster/trouble.ts';
import { partitionOfKey } from '#server/cluster/partitioner.ts';
import type { RawRecord } from '#server/cluster/raw-records.ts';
import { ReplayJobs, toSummary, type JournalledJob } from './replay-jobs.ts';
import type { ReplayRequest } from './replay-model.ts';
import { splitIntoBatches } from './replay-runner.ts';
import { MemoryCluster, rawRecord } from './testing/memory-topic.ts';

function setUp() {
  const cluster = new MemoryCluster();
  const journal = new Map<string, JournalledJob>();
  const release = vi.fn();
  let now = 5_000;
  const replays = new ReplayJobs({
    lease: (clusterId) =>
      clusterId === 'gone' ? Promise.reject(clusterSaid('UNKNOWN_CLUSTER', 'gone')) : Promise.resolve({ port: cluster.port, release }),
    journal: {
      save: (entry) => Promise.resolve(void journal.set(entry.job.id, entry)),
      list: () => Promise.resolve([...journal.values()].map(({ job }) => toSummary(job))),
      find: (_clusterId, id) => Promise.resolve(journal.get(id) ?? null),
    },
    nowMs: () => now++,
    newId: () => `job-${journal.size}`,
  });
  return { cluster, journal, release, replays };
}

type Target = ReplayRequest['target'];
const target = (topic: string, change: Partial<Target> = {}): Target => ({
  clusterId: null,
  topic,
  keepPartitions: true,
  keepTimestamps: true,
  ...change,
});
const whole = (topic: string, partitions: readonly number[] = [0]) => ({
  kind: 'ranges' as const,
  topic,
  ranges: partitions.map((partition) => ({ partition, fromOffset: null, toOffset: null })),
});

async function run({ replays }: Pick<ReturnType<typeof setUp>, 'replays'>, request: ReplayRequest) {
  const id = await replays.start(request);
  await expect.poll(async () => (await replays.get('c', id)).endedAtMs, { interval: 1 }).not.toBeNull();
  return replays.get('c', id);
}

async function counted({ replays }: Pick<ReturnType<typeof setUp>, 'replays'>, { source }: ReplayRequest) {
  const { id } = replays.counts.start('c', source);
  await expect.poll(() => replays.counts.get('c', id).state, { interval: 1 }).not.toBe('running');
  return replays.counts.get('c', id);
}

test('a source is counted once, and what was found is foretold for each target', async () => {
  const rig = setUp();
  rig.cluster.create('from', 1);
  rig.cluster.create('to', 1);
  rig.cluster.configs = { 'cleanup.policy': 'compact', 'max.message.bytes': '41' };
  rig.cluster.append('from', 0, rawRecord(0, 'a'));
  const request = { clusterId: 'c', source: whole('from'), target: target('to') };
  expect((await rig.replays.preview(request)).foretold).toEqual([]);
  const first = await counted(rig, request);
  expect(await counted(rig, request)).toEqual(first);
  expect(rig.cluster.scans).toBe(1);
  expect((await rig.replays.preview(request)).foretold).toEqual([
    { kind: 'too-large', limitBytes: 41, largestBytes: 43 },
    { kind: 'keyless', count: 1 },
  ]);
});

test('a count can be cancelled, and says so', async () => {
  const rig = setUp();
  rig.cluster.create('from', 1);
  for (let index = 0; index < 1_000; index++) rig.cluster.append('from', 0, rawRecord(0, 'x'));
  const { id } = rig.replays.counts.start('c', whole('from'));
  expect(rig.replays.counts.cancel('c', id)).toMatchObject({ state: 'cancelled', count: null });
  expect(() => rig.replays.counts.get('other', id)).toThrow(expect.objectContaining({ code: 'UNKNOWN_JOB' }));
  expect((await counted(rig, { clusterId: 'c', source: whole('from'), target: target('from') })).count?.recordCount).toBe(1_000);
});

test('a count that nobody asks for any more ends by itself', async () => {
  const rig = setUp();
  rig.cluster.create('from', 1);
  // The clock of this test moves a millisecond with each look, and a chunk of the scan is a look.
  rig.cluster.chunkOffsets = 1;
  for (let index = 0; index < 20_000; index++) rig.cluster.append('from', 0, rawRecord(0, 'x'));
  const { id } = rig.replays.counts.start('c', whole('from'));
  await expect.poll(() => rig.release.mock.calls.length, { interval: 50 }).toBe(1);
  expect(rig.replays.counts.get('c', id).state).toBe('cancelled');
});

test('records arrive with key, headers, time and partition kept, gaps not counted, and the report says where', async () => {
  const rig = setUp();
  rig.cluster.create('from', 2);
  rig.cluster.create('to', 2);
  rig.cluster.append('from', 1, rawRecord(0, 'a', 'k'));
  rig.cluster.append('from', 1, { ...rawRecord(0, 'b'), at: 25 });
  const request = { clusterId: 'c', source: whole('from', [0, 1]), target: target('to') };
  expect(await rig.replays.preview(request)).toEqual({
    offsetCount: 26,
    partitions: [{ partition: 1, fromOffset: 0, toOffset: 26 }],
    missing: [],
    targetPartitionCount: 2,
    isSameTopic: false,
    foretold: [],
  });
  expect(rig.cluster.scans).toBe(0);
  expect((await counted(rig, request)).count).toMatchObject({
    recordCount: 2,
    partitions: [{ partition: 1, fromOffset: 0, toOffset: 26, recordCount: 2, skippedOffsets: 24 }],
    oldestMs: 1_000n,
    newestMs: 1_000n,
    keylessCount: 1,
  });
  const job = await run(rig, request);
  expect(job).toMatchObject({
    state: 'done',
    sentRecords: 2,
    coveredOffsets: 26,
    totalOffsets: 26,
    skippedOffsets: 24,
    runCount: 2,
    isMappingComplete: true,
  });
  const strip = ({ offset: _offset, ...record }: RawRecord) => record;
  expect(rig.cluster.topics.get('to')?.[1]?.records.map(strip)).toEqual(rig.cluster.topics.get('from')?.[1]?.records.map(strip));
  expect((await rig.replays.mapping('c', job.id, { skip: 1, limit: 5 })).runs).toEqual([
    { sourcePartition: 1, sourceOffset: 25, targetPartition: 1, targetOffset: 1, count: 1 },
  ]);
  expect(rig.cluster.openProducers).toBe(0);
  expect(rig.release).toHaveBeenCalledTimes(5);
});

test('a topic replayed into itself ends where it ended when the job began', async () => {
  const rig = setUp();
  rig.cluster.create('t', 1);
  for (let index = 0; index < 35; index++) rig.cluster.append('t', 0, rawRecord(0, String(index)));
  const job = await run(rig, { clusterId: 'c', source: whole('t'), target: target('t') });
  expect(job.sentRecords).toBe(35);
  expect(rig.cluster.textsOf('t', 0)).toHaveLength(70);
  expect((await rig.replays.mapping('c', job.id, { skip: 0, limit: 5 })).runs).toEqual([
    { sourcePartition: 0, sourceOffset: 0, targetPartition: 0, targetOffset: 35, count: 35 },
  ]);
});

test('exactly the picked records are sent, and those that are not there are named', async () => {
  const rig = setUp();
  rig.cluster.create('from', 1);
  rig.cluster.create('to', 1);
  [0, 1, 2, 5, 6].forEach((offset) => rig.cluster.append('from', 0, { ...rawRecord(0, `r${offset}`), at: offset }));
  const source = { kind: 'picked' as const, topic: 'from', records: [0, 2, 3, 6, 99].map((offset) => ({ partition: 0, offset })) };
  const request = { clusterId: 'c', source, target: target('to') };
  expect(await rig.replays.preview(request)).toMatchObject({ offsetCount: 4, missing: [{ offset: 99 }] });
  expect((await counted(rig, request)).count).toMatchObject({ recordCount: 3, missing: [{ offset: 99 }, { offset: 3 }] });
  expect(await run(rig, request)).toMatchObject({ state: 'done', sentRecords: 3 });
  expect(rig.cluster.textsOf('to', 0)).toEqual(['r0', 'r2', 'r6']);
});

test('without kept partitions keys choose, in order within a key; times are new when asked', async () => {
  const rig = setUp();
  rig.cluster.create('from', 1);
  rig.cluster.create('to', 3);
  for (let index = 0; index < 40; index++) rig.cluster.append('from', 0, rawRecord(index, `${index}`, `key-${index % 5}`));
  await run(rig, { clusterId: 'c', source: whole('from'), target: target('to', { keepPartitions: false, keepTimestamps: false }) });
  for (let key = 0; key < 5; key++) {
    const partition = partitionOfKey(new TextEncoder().encode(`key-${key}`), 3);
    const mine = rig.cluster
      .textsOf('to', partition)
      .map(Number)
      .filter((index) => index % 5 === key);
    expect(mine).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((step) => step * 5 + key));
  }
  expect(
    rig.cluster.topics
      .get('to')
      ?.flatMap((one) => one.records)
      .every((record) => record.timestampMs >= 5_000n),
  ).toBe(true);
});

test('keyless records spread over the partitions', async () => {
  const rig = setUp();
  rig.cluster.create('from', 1);
  rig.cluster.create('to', 3);
  for (let index = 0; index < 60; index++) rig.cluster.append('from', 0, rawRecord(index, `${index}`));
  await run(rig, { clusterId: 'c', source: whole('from'), target: target('to', { keepPartitions: false }) });
  expect(rig.cluster.topics.get('to')?.map((one) => one.records.length)).toEqual([20, 20, 20]);
});

test('a cancelled job stops, says so, and its report holds what was sent until then', async () => {
  const rig = setUp();
  rig.cluster.create('from', 1);
  rig.cluster.create('to', 1);
  for (let index = 0; index < 100; index++) rig.cluster.append('from', 0, rawRecord(0, `${index}`));
  let id = '';
  rig.cluster.beforeSend = () => void (rig.cluster.sends === 3 && rig.replays.cancel('c', id));
  id = await rig.replays.start({ clusterId: 'c', source: whole('from'), target: target('to') });
  await expect.poll(async () => (await rig.replays.get('c', id)).endedAtMs, { interval: 1 }).not.toBeNull();
  expect(await rig.replays.get('c', id)).toMatchObject({ state: 'cancelled', sentRecords: 30, error: null });
  expect(rig.cluster.textsOf('to', 0)).toHaveLength(30);
  expect(await rig.replays.cancel('c', id)).toMatchObject({ state: 'cancelled' });
});

test('a failing target fails the job with its code, and what was sent stands in the report', async () => {
  const rig = setUp();
  rig.cluster.create('from', 1);
  rig.cluster.create('to', 1);
  for (let index = 0; index < 30; index++) rig.cluster.append('from', 0, rawRecord(0, `${index}`));
  rig.cluster.beforeSend = () => {
    if (rig.cluster.sends === 2) throw clusterSaid('NOT_ENOUGH_REPLICAS', 'too few', { advice: 'look-at-brokers' });
  };
  expect(await run(rig, { clusterId: 'c', source: whole('from'), target: target('to') })).toMatchObject({
    state: 'failed',
    sentRecords: 10,
    error: { code: 'NOT_ENOUGH_REPLICAS', advice: adviceWords['look-at-brokers'], told: { kind: 'refused', advice: 'look-at-brokers' } },
    summaries: [{ count: 10 }],
  });
});

test('a batch that the target finds too large goes in halves; a record too large by itself fails the job', async () => {
  const rig = setUp();
  rig.cluster.create('from', 1);
  rig.cluster.create('to', 1);
  for (let index = 0; index < 10; index++) rig.cluster.append('from', 0, rawRecord(0, `${index}`));
  let limit = 3;
  rig.cluster.beforeSend = (input) => {
    if (input.records.length > limit) throw clusterSaid('MESSAGE_TOO_LARGE', 'too large');
  };
  expect(await run(rig, { clusterId: 'c', source: whole('from'), target: target('to') })).toMatchObject({
    state: 'done',
    sentRecords: 10,
    runCount: 1,
  });
  expect(rig.cluster.textsOf('to', 0)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  limit = 0;
  expect(await run(rig, { clusterId: 'c', source: whole('from'), target: target('to') })).toMatchObject({
    state: 'failed',
    sentRecords: 0,
    error: { code: 'MESSAGE_TOO_LARGE' },
  });
});

test('what cannot work is refused before anything is sent', async () => {
  const rig = setUp();
  rig.cluster.create('from', 3);
  rig.cluster.create('to', 2);
  rig.cluster.create('__consumer_offsets', 5);
  rig.cluster.append('from', 2, rawRecord(0, 'x'));
  const base = { clusterId: 'c', source: whole('from', [2]) };
  await expect(rig.replays.start({ ...base, target: target('to') })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('partition 2'),
  });
  await expect(rig.replays.start({ ...base, target: target('__consumer_offsets') })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await expect(rig.replays.start({ ...base, target: target('nowhere') })).rejects.toMatchObject({ code: 'UNKNOWN_TOPIC_OR_PARTITION' });
  await expect(rig.replays.start({ ...base, target: target('to', { clusterId: 'gone' }) })).rejects.toMatchObject({
    code: 'UNKNOWN_CLUSTER',
  });
  expect(rig.cluster.sends).toBe(0);
  expect(rig.release).toHaveBeenCalledTimes(7);
});

test('only so many jobs run at once', async () => {
  const rig = setUp();
  rig.cluster.create('t', 1);
  for (let index = 0; index < 5_000; index++) rig.cluster.append('t', 0, rawRecord(0, 'x'));
  const request = { clusterId: 'c', source: whole('t'), target: target('t') };
  for (let index = 0; index < 4; index++) await rig.replays.start(request);
  await expect(rig.replays.start(request)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  rig.replays.close();
});

test('of jobs that are started at the same moment no more run than may', async () => {
  const rig = setUp();
  rig.cluster.create('t', 1);
  for (let index = 0; index < 5_000; index++) rig.cluster.append('t', 0, rawRecord(0, 'x'));
  const request = { clusterId: 'c', source: whole('t'), target: target('t') };
  const started = await Promise.allSettled(Array.from({ length: 9 }, () => rig.replays.start(request)));
  expect(started.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
  rig.replays.close();
});

test('a job outlives the process that ran it: list, report and mapping come from the journal', async () => {
  const rig = setUp();
  rig.cluster.create('t', 1);
  rig.cluster.append('t', 0, rawRecord(0, 'x'));
  const job = await run(rig, { clusterId: 'c', source: whole('t'), target: target('t') });
  await expect.poll(() => rig.journal.get(job.id)?.job.state, { interval: 1 }).toBe('done');
  const later = new ReplayJobs({
    lease: () => Promise.reject(new Error('not needed')),
    journal: {
      save: () => Promise.resolve(),
      list: () => Promise.resolve([...rig.journal.values()].map((entry) => toSummary(entry.job))),
      find: (_clusterId, id) => Promise.resolve(rig.journal.get(id) ?? null),
    },
    nowMs: () => 0,
    newId: () => 'x',
  });
  expect((await later.list('c')).map((one) => one.id)).toEqual([job.id]);
  expect(await later.get('c', job.id)).toEqual(job);
  expect(await later.mapping('c', job.id, { skip: 0, limit: 5 })).toMatchObject({ runs: [{ count: 1 }], isMappingComplete: true });
  await expect(later.get('c', 'nope')).rejects.toMatchObject({ code: 'UNKNOWN_JOB' });
});

test('batches stay below the limit of a broker, in order, and nothing is lost between them', () => {
  const records = Array.from({ length: 12_000 }, (_, offset) => ({ ...rawRecord(offset, ''), value: new Uint8Array(offset % 300) }));
  const batches = [...splitIntoBatches(records)];
  expect(batches.flat()).toEqual(records);
  expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(5_000);
  const big = { ...rawRecord(0, ''), value: new Uint8Array(3_000_000) };
  expect([...splitIntoBatches([rawRecord(0, 'a'), big, rawRecord(2, 'b')])].map((batch) => batch.length)).toEqual([1, 1, 1]);
});
