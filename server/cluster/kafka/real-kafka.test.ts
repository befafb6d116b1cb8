// The adapter against the real Apache Kafka, release by release: what it reads, writes and tells must be what is there.

import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import type { Codec } from '#engine/world/ports.ts';
import { ReplayJobs } from '#server/messages/replay-jobs.ts';
import type { ReplayJob, ReplayRequest } from '#server/messages/replay-model.ts';
import type { LiveBatch, ReadInput, RecordView } from '../port.ts';
import { partitionOfKey } from '../partitioner.ts';
import { kafkaTool, kafkaVersions, startApacheKafka, whyNoKafka, type ApacheKafka } from '../testing/apache-kafka.ts';
import { KafkaCluster } from './kafka-cluster.ts';

// Below the ports that a system hands to outgoing connections, any of which could hold ours; another in each run, so
// that a node which a broken run left behind is not taken for this run's.
const firstPort = 20_000 + 20 * (process.pid % 500);
const world = nodeWorld();
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (field: RecordView['value']): string | null => (field === null ? null : Buffer.from(field.base64, 'base64').toString());

describe.skipIf(kafkaTool === null)(`the adapter on Apache Kafka${kafkaTool === null ? ` (skipped: ${whyNoKafka})` : ''}`, () => {
  describe.each(kafkaVersions.map((version, index) => ({ version, port: firstPort + 10 * index })))('$version', ({ version, port }) => {
    let kafka: ApacheKafka;
    let cluster: KafkaCluster;
    let javascript: Kafka;
    let nextTopic = 0;
    const undo: (() => Promise<void>)[] = [];

    beforeAll(async () => {
      kafka = await startApacheKafka(kafkaTool ?? '', version, port);
      undo.push(() => kafka.stop());
      cluster = new KafkaCluster({ world, bootstrap: kafka.bootstrap });
      undo.push(() => cluster.close());
      javascript = new Kafka({ brokers: [kafka.bootstrap], logLevel: logLevel.NOTHING });
    }, 300_000);

    afterAll(async () => {
      for (const step of undo.toReversed()) await step();
    }, 120_000);

    async function newTopic(partitionCount: number): Promise<string> {
      const name = `test.${nextTopic++}`;
      await cluster.createTopic({ name, partitionCount, replicationFactor: 1, configs: {}, validateOnly: false });
      return name;
    }

    const read = (topic: string, input: Partial<ReadInput> = {}) =>
      cluster.read({ topic, partitions: null, from: { kind: 'oldest' }, limit: 1_000, maxFieldBytes: 100_000, ...input });

    const send = (topic: string, values: readonly string[], partition: number | null = 0) =>
      cluster.produce(
        values.map((value) => ({ topic, partition, key: utf8(`key-${value}`), value: utf8(value), headers: [], timestampMs: null })),
      );

    test('tells what the cluster is, and what it lets us do', async () => {
      const overview = await cluster.overview();
      expect(overview).toMatchObject({
        controllerId: 1,
        kafkaVersion: version.split('.').slice(0, 2).join('.'),
        offlinePartitions: 0,
        brokers: [{ brokerId: 1, port, state: 'online', isController: true }],
      });
      const isKraft = Number(version.split('.')[0]) >= 4;
      expect(overview.voters).toEqual(isKraft ? [1] : null);
      expect(await cluster.capabilities()).toMatchObject({
        quorum: { available: isKraft },
        logDirs: { available: true },
        trace: { available: false, reason: 'external-cluster' },
      });
      expect(await cluster.health()).toMatchObject({ code: 'HEALTHY', reasons: [] });
      // One voter, named in its configuration: Kafka would refuse to change that, and so do we, before it is asked.
      const quorum = { leaderId: 1, votersIn: 'configuration', voters: [{ nodeId: 1, lag: 0 }] };
      if (isKraft) expect(await cluster.quorum()).toMatchObject(quorum);
      else await expect(cluster.quorum()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      const refusal = isKraft ? { code: 'UNSUPPORTED_VERSION', trouble: { kind: 'voters-configured' } } : { code: 'UNAVAILABLE' };
      await expect(cluster.voters.add(1, 'tester')).rejects.toMatchObject(refusal);
      expect(await cluster.moves.list()).toEqual([]);
    });

    test('a topic is created, changed and deleted, and each change shows at the next look', async () => {
      const name = await newTopic(2);
      expect((await cluster.listTopics()).map((topic) => topic.name)).toContain(name);
      await expect(
        cluster.createTopic({ name, partitionCount: 1, replicationFactor: 1, configs: {}, validateOnly: false }),
      ).rejects.toMatchObject({ code: 'TOPIC_ALREADY_EXISTS' });
      await cluster.alterTopicConfig(name, 'retention.ms', '12345');
      expect((await cluster.topicConfigs(name)).find((config) => config.name === 'retention.ms')).toMatchObject({
        value: '12345',
        source: 'topic',
      });
      await cluster.alterTopicConfig(name, 'retention.ms', null);
      expect((await cluster.topicConfigs(name)).find((config) => config.name === 'retention.ms')?.source).not.toBe('topic');
      await expect(cluster.alterTopicConfig(name, 'retention.ms', 'soon')).rejects.toMatchObject({
        code: expect.stringMatching(/^INVALID_/),
      });
      await cluster.addPartitions(name, 3);
      expect((await cluster.describeTopic(name)).partitions).toHaveLength(3);
      await cluster.deleteTopic(name);
      await expect(cluster.describeTopic(name)).rejects.toMatchObject({ code: 'UNKNOWN_TOPIC_OR_PARTITION' });
    });

    test('a dry run creates nothing', async () => {
      await cluster.createTopic({ name: 'dry-run', partitionCount: 1, replicationFactor: 1, configs: {}, validateOnly: true });
      expect((await cluster.listTopics()).map((topic) => topic.name)).not.toContain('dry-run');
    });

    test('keys, tombstones, empty values, binary, repeated headers and odd times come back as they were', async () => {
      const topic = await newTopic(1);
      const binary = Uint8Array.from({ length: 256 }, (_, index) => index);
      const headers = [
        { key: 'a', value: utf8('1') },
        { key: 'a', value: null },
        { key: '', value: new Uint8Array(0) },
      ];
      await cluster.produce([{ topic, partition: 0, key: null, value: null, headers: [], timestampMs: 5n }]);
      await cluster.produce([{ topic, partition: 0, key: new Uint8Array(0), value: new Uint8Array(0), headers, timestampMs: 0n }]);
      await cluster.produce([{ topic, partition: 0, key: utf8('键'), value: binary, headers: [], timestampMs: null }]);
      const { records } = await read(topic, { from: { kind: 'offset', offset: 0 } });
      const byOffset = [...records].sort((a, b) => a.offset - b.offset);
      expect(byOffset.map((record) => record.timestampMs).slice(0, 2)).toEqual([5n, 0n]);
      expect(byOffset[0]).toMatchObject({ key: null, value: null, headers: [] });
      expect(byOffset[1]).toMatchObject({
        key: { sizeBytes: 0 },
        value: { sizeBytes: 0 },
        headers: [
          { key: 'a', value: { base64: 'MQ==' } },
          { key: 'a', value: null },
          { key: '', value: { sizeBytes: 0 } },
        ],
      });
      expect(textOf(byOffset[2]?.key ?? null)).toBe('键');
      expect(Buffer.from(byOffset[2]?.value?.base64 ?? '', 'base64')).toEqual(Buffer.from(binary));
    });

    test('batches of every codec are read, and named for what they are', async () => {
      const topic = await newTopic(1);
      const client = new KafkaClient(world, { bootstrap: [{ host: '127.0.0.1', port }], clientId: 'codec-test' });
      const codecs: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
      for (const codec of codecs) {
        const records = Array.from({ length: 40 }, (_, index) => ({
          key: utf8(`k${index}`),
          value: utf8(`${codec} ${index} `.repeat(20)),
          timestamp: 1_000,
        }));
        const batch = buildBatch(records, { codec, compression: world.compression });
        const answer = await client.toBroker({ brokerId: 1, maxVersion: 12 }, produceApi, {
          acks: -1,
          timeoutMs: 5_000,
          topicData: [{ name: topic, partitionData: [{ index: 0, records: batch }] }],
        });
        expect(answer.responses[0]?.partitionResponses[0]?.errorCode).toBe(0);
      }
      client.close();
      const { records, covered } = await read(topic);
      expect(records).toHaveLength(200);
      codecs.forEach((codec, index) => {
        expect(records[40 * index]).toMatchObject({ offset: 40 * index, batch: { codec, recordCount: 40 } });
        expect(textOf(records[40 * index + 39]?.value ?? null)).toBe(`${codec} 39 `.repeat(20));
      });
      expect(covered).toEqual([{ partition: 0, fromOffset: 0, toOffset: 200, startOffset: 0, endOffset: 200, error: null }]);
    });

    test('newest, oldest, from an offset and from a time, each within its limit and saying what it covered', async () => {
      const topic = await newTopic(2);
      for (let index = 0; index < 10; index++)
        await cluster.produce([
          { topic, partition: index % 2, key: null, value: utf8(String(index)), headers: [], timestampMs: BigInt(1_000 + index) },
        ]);
      const valuesOf = async (input: Partial<ReadInput>) => (await read(topic, input)).records.map((record) => textOf(record.value));
      expect(await valuesOf({ from: { kind: 'newest' }, limit: 3 })).toEqual(['9', '8', '7']);
      expect(await valuesOf({ from: { kind: 'oldest' }, limit: 3 })).toEqual(['0', '1', '2']);
      expect(await valuesOf({ from: { kind: 'offset', offset: 3 }, partitions: [1] })).toEqual(['7', '9']);
      expect(await valuesOf({ from: { kind: 'timestamp', timestampMs: 1_006 } })).toEqual(['6', '7', '8', '9']);
      expect((await read(topic, { from: { kind: 'timestamp', timestampMs: 9_000 } })).covered[0]).toMatchObject({
        fromOffset: 5,
        toOffset: 5,
      });
      expect((await read(topic, { limit: 1, partitions: [0], maxFieldBytes: 0 })).records[0]?.value).toMatchObject({
        base64: '',
        sizeBytes: 1,
        isCut: true,
      });
    });

    test('deleted records are gone: the start moves and reading begins there', async () => {
      const topic = await newTopic(1);
      await send(topic, ['a', 'b', 'c', 'd']);
      expect(await cluster.deleteRecords(topic, [{ partition: 0, beforeOffset: 3 }])).toEqual([
        { partition: 0, startOffset: 3, error: null },
      ]);
      expect((await read(topic)).records.map((record) => record.offset)).toEqual([3]);
      expect(await cluster.deleteRecords(topic, [{ partition: 0, beforeOffset: 99 }])).toEqual([
        { partition: 0, startOffset: null, error: 'OFFSET_OUT_OF_RANGE' },
      ]);
    });

    test('records of compacted-only topics and of the cluster’s own are not deleted, and the codes are those the screen names', async () => {
      const configs = { 'cleanup.policy': 'compact' };
      const compacted = `test.${nextTopic++}`;
      await cluster.createTopic({ name: compacted, partitionCount: 1, replicationFactor: 1, configs, validateOnly: false });
      await cluster.produce([{ topic: compacted, partition: 0, key: utf8('k'), value: utf8('v'), headers: [], timestampMs: null }]);
      const refusalOf = async (topic: string) => (await cluster.deleteRecords(topic, [{ partition: 0, beforeOffset: 0 }]))[0]?.error;
      expect(await refusalOf(compacted)).toBe('POLICY_VIOLATION');
      await cluster.alterTopicConfig(compacted, 'cleanup.policy', 'compact,delete');
      await expect.poll(() => refusalOf(compacted)).toBeNull();
      // Asking for a group's coordinator makes the cluster create its own topic.
      await cluster.describeGroup('nobody').catch(() => undefined);
      await expect.poll(() => refusalOf('__consumer_offsets')).toBe('INVALID_TOPIC_EXCEPTION');
    });

    test('records without a given partition land where the Java partitioner puts them', async () => {
      const topic = await newTopic(5);
      const producer = javascript.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      await producer.connect();
      const keys = Array.from({ length: 50 }, (_, index) => `key-${index * 7919}`);
      const ours = await cluster.produce(
        keys.map((key) => ({ topic, partition: null, key: utf8(key), value: utf8('ours'), headers: [], timestampMs: null })),
      );
      await producer.send({ topic, messages: keys.map((key) => ({ key, value: 'theirs' })) });
      await producer.disconnect();
      const { records } = await read(topic);
      const theirs = new Map(
        records.filter((record) => textOf(record.value) === 'theirs').map((record) => [textOf(record.key), record.partition]),
      );
      expect(theirs.size).toBe(50);
      keys.forEach((key, index) => {
        expect(ours[index]?.partition).toBe(theirs.get(key));
        expect(partitionOfKey(utf8(key), 5)).toBe(theirs.get(key));
      });
    });

    test('a group shows its members, what each reads, and how far behind it is', async () => {
      const topic = await newTopic(2);
      await send(topic, ['a', 'b', 'c'], 0);
      await send(topic, ['d'], 1);
      const groupId = `readers-of-${topic}`;
      const consumer = javascript.consumer({ groupId, sessionTimeout: 10_000 });
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      const seen = Promise.withResolvers<void>();
      let count = 0;
      await consumer.run({ autoCommit: false, eachMessage: async () => void (++count === 4 && seen.resolve()) });
      await seen.promise;
      await consumer.commitOffsets([{ topic, partition: 0, offset: '1', metadata: 'note' }]);
      const group = await cluster.describeGroup(groupId);
      // The member reads partition 1 too, and has committed nothing there: how much waits in all isn't known.
      expect(group).toMatchObject({ state: 'Stable', protocolType: 'consumer', coordinatorId: 1, lag: null });
      expect(group.members).toMatchObject([{ assignment: [{ topic, partitions: [0, 1] }] }]);
      expect(group.offsets).toMatchObject([
        { partition: 0, committedOffset: 1, metadata: 'note', endOffset: 3, lag: 2, memberId: group.members[0]?.memberId },
        { partition: 1, committedOffset: null, endOffset: 1, lag: null },
      ]);
      await consumer.commitOffsets([{ topic, partition: 1, offset: '1' }]);
      expect(await cluster.describeGroup(groupId)).toMatchObject({ lag: 2 });
      await expect(cluster.deleteGroup(groupId)).rejects.toMatchObject({ code: 'NON_EMPTY_GROUP' });
      await consumer.disconnect();
      await cluster.deleteGroup(groupId);
      expect((await cluster.listGroups()).map((one) => one.groupId)).not.toContain(groupId);
      await expect(cluster.describeGroup(groupId)).rejects.toMatchObject({ code: 'GROUP_ID_NOT_FOUND' });
    });

    /** The answer to the end of a transaction comes before its marker is written: what follows must wait for that offset. */
    async function transact(topic: string, values: readonly string[], isCommitted: boolean): Promise<void> {
      const endOffset = async (): Promise<number> => (await cluster.offsets(topic))[0]?.endOffset ?? 0;
      const markedAt = (await endOffset()) + values.length + 1;
      const producer = javascript.producer({
        transactionalId: `tx-${topic}`,
        idempotent: true,
        maxInFlightRequests: 1,
        createPartitioner: Partitioners.DefaultPartitioner,
      });
      await producer.connect();
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: values.map((value) => ({ partition: 0, value })) });
      await (isCommitted ? transaction.commit() : transaction.abort());
      await producer.disconnect();
      await expect.poll(endOffset).toBe(markedAt);
    }

    function jobs(): ReplayJobs {
      let nextId = 0;
      return new ReplayJobs({
        lease: () => Promise.resolve({ port: cluster, release: () => undefined }),
        journal: { save: () => Promise.resolve(), list: () => Promise.resolve([]), find: () => Promise.resolve(null) },
        nowMs: () => Date.now(),
        newId: () => `job-${nextId++}`,
      });
    }

    async function finished(replays: ReplayJobs, id: string): Promise<ReplayJob> {
      return expect
        .poll(async () => replays.get('c', id), { interval: 50 })
        .toSatisfy((job: ReplayJob) => job.endedAtMs !== null)
        .then(() => replays.get('c', id));
    }

    const request = (from: string, to: string, change: Partial<ReplayRequest['target']> = {}): ReplayRequest => ({
      clusterId: 'c',
      source: { kind: 'ranges', topic: from, ranges: [{ partition: 0, fromOffset: null, toOffset: null }] },
      target: { clusterId: null, topic: to, keepPartitions: true, keepTimestamps: true, ...change },
    });

    test('a replay sends committed records only, counts them beforehand, and tells where each went', async () => {
      const [from, to] = [await newTopic(1), await newTopic(1)];
      await send(from, ['one']);
      await transact(from, ['kept'], true);
      await transact(from, ['rolled back'], false);
      await send(from, ['last']);
      const replays = jobs();
      expect(await replays.preview(request(from, to))).toMatchObject({
        offsetCount: 6,
        partitions: [{ fromOffset: 0, toOffset: 6 }],
        isSameTopic: false,
      });
      const { id } = replays.counts.start('c', request(from, to).source);
      await expect.poll(() => replays.counts.get('c', id).state, { interval: 50 }).toBe('done');
      expect(replays.counts.get('c', id).count).toMatchObject({
        recordCount: 3,
        partitions: [{ fromOffset: 0, toOffset: 6, recordCount: 3, skippedOffsets: 3 }],
      });
      const job = await finished(replays, await replays.start(request(from, to)));
      expect(job).toMatchObject({ state: 'done', sentRecords: 3, skippedOffsets: 3, coveredOffsets: 6, totalOffsets: 6, error: null });
      expect((await replays.mapping('c', job.id, { skip: 0, limit: 10 })).runs).toEqual([
        { sourcePartition: 0, sourceOffset: 0, targetPartition: 0, targetOffset: 0, count: 2 },
        { sourcePartition: 0, sourceOffset: 5, targetPartition: 0, targetOffset: 2, count: 1 },
      ]);
      const copies = (await read(to)).records;
      const originals = (await read(from)).records.filter((record) => textOf(record.value) !== 'rolled back');
      expect(copies.map(contentOf)).toEqual(originals.map(contentOf));
    });

    test('a topic replayed into itself doubles once and ends', async () => {
      const topic = await newTopic(1);
      const values = Array.from({ length: 3_000 }, (_, index) => `value ${index}`);
      for (let at = 0; at < values.length; at += 500) await send(topic, values.slice(at, at + 500));
      const replays = jobs();
      const job = await finished(replays, await replays.start(request(topic, topic, { keepPartitions: false })));
      expect(job).toMatchObject({
        state: 'done',
        sentRecords: 3_000,
        summaries: [{ count: 3_000, firstSourceOffset: 0, lastSourceOffset: 2_999, firstTargetOffset: 3_000, lastTargetOffset: 5_999 }],
      });
      expect((await cluster.offsets(topic))[0]?.endOffset).toBe(6_000);
    });

    test('the live stream tells measured rates, and goes on behind the last id that was seen', async () => {
      const topic = await newTopic(1);
      const abort = new AbortController();
      const kinds = new Set<LiveBatch['kind']>();
      let lastEventId = '';
      const writing = setInterval(() => void send(topic, ['x', 'y', 'z']).catch(() => undefined), 200);
      for await (const { id, batch } of cluster.live({ signal: abort.signal, lastEventId: null })) {
        kinds.add(batch.kind);
        lastEventId = id;
        if (batch.kind === 'rates' && batch.sample.recordsInPerSecond > 0 && kinds.has('snapshot')) abort.abort();
      }
      clearInterval(writing);
      const again = new AbortController();
      for await (const { id } of cluster.live({ signal: again.signal, lastEventId })) {
        expect(Number(id.split('-')[1])).toBe(Number(lastEventId.split('-')[1]) + 1);
        again.abort();
      }
    });

    test('a cluster that is killed is lost with every address tried, and comes back by itself', async () => {
      await kafka.kill();
      await expect
        .poll(() =>
          cluster.overview().then(
            () => '',
            (error: { readonly code: string }) => error.code,
          ),
        )
        .toBe('CLUSTER_LOST');
      await expect(cluster.overview()).rejects.toMatchObject({ tries: [{ address: kafka.bootstrap }] });
      expect(cluster.reachability().isReachable).toBe(false);
      expect(await cluster.health()).toMatchObject({ level: 'offline', code: 'CLUSTER_LOST' });
      await kafka.restart();
      await expect.poll(() => cluster.health().then((report) => report.code)).toBe('HEALTHY');
      expect(cluster.reachability().isReachable).toBe(true);
    });
  });
});

function contentOf({ key, value, headers, timestampMs }: RecordView): unknown {
  return { key, value, headers, timestampMs };
}
