import { expect, test } from 'vitest';
import type { TraceEvent } from '#engine/trace/events.ts';
import type { BrokerMetrics } from '#server/supervisor/ipc.ts';
import type { RateSample } from '../port.ts';
import { brokerRates, enrichSample, nextPair, type MetricsPair } from './metrics-rates.ts';
import { maxTopics, ProducerWatch } from './producer-watch.ts';

const none = { count: 0, p50Us: null, p99Us: null, maxUs: null };

function metrics(change: Partial<BrokerMetrics>): BrokerMetrics {
  return {
    brokerId: 1,
    atMs: 1_000,
    atUs: 1_000_000,
    bytesIn: 0,
    bytesOut: 0,
    bytesReplicatedIn: 0,
    bytesReplicatedOut: 0,
    recordsIn: 0,
    recordsOut: 0,
    requests: 0,
    refusedRequests: 0,
    connections: 2,
    delayedFetches: 0,
    delayedProduces: 0,
    produce: none,
    fetch: none,
    idleRatio: 0.9,
    cpuRatio: 0.1,
    residentBytes: 1,
    openFiles: 1,
    openFilesLimit: 1_024,
    partitions: 3,
    partitionLimit: 25_000,
    traceDropped: 0,
    writers: { named: [], others: 0 },
    ...change,
  };
}

const measured: RateSample = {
  atMs: 2_000,
  recordsInPerSecond: 7,
  bytesInPerSecond: null,
  bytesOutPerSecond: null,
  recordsOutPerSecond: null,
  produceP99Ms: null,
  fetchP99Ms: null,
  idleRatios: null,
};

test('rates are growth over the time that really passed', () => {
  const pair = nextPair(
    nextPair(null, metrics({})),
    metrics({ atUs: 1_500_000, bytesIn: 1_000, recordsIn: 20, requests: 10, produce: { ...none, count: 3, p99Us: 2_500 } }),
  );
  expect(brokerRates(pair)).toMatchObject({
    bytesInPerSecond: 2_000,
    recordsInPerSecond: 40,
    requestsPerSecond: 20,
    produceP99Ms: 2.5,
    fetchP99Ms: null,
  });
});

test('one look, or a broker that started anew, gives no rate rather than a negative one', () => {
  const first = nextPair(null, metrics({ bytesIn: 5_000, requests: 50 }));
  expect(brokerRates(first)).toBeNull();
  expect(brokerRates(nextPair(first, metrics({ atUs: 2_000_000, bytesIn: 10, requests: 1 })))).toBeNull();
});

test("a cluster's second is the sum of its brokers, its latency the worst of them, and silence stays unknown", () => {
  const pairs: MetricsPair[] = [1, 2].map((brokerId) => ({
    before: metrics({ brokerId }),
    now: metrics({
      brokerId,
      atMs: 2_000,
      atUs: 2_000_000,
      bytesIn: 100 * brokerId,
      recordsOut: 5,
      fetch: { ...none, p99Us: 1_000 * brokerId },
    }),
  }));
  expect(enrichSample(measured, pairs)).toMatchObject({
    recordsInPerSecond: 7,
    bytesInPerSecond: 300,
    recordsOutPerSecond: 10,
    produceP99Ms: null,
    fetchP99Ms: 2,
  });
  expect(enrichSample({ ...measured, atMs: 60_000 }, pairs)).toMatchObject({ bytesInPerSecond: null, idleRatios: null });
});

function produced(
  clientId: string,
  atMs: number,
  change: { readonly topic?: string; readonly records?: number; readonly address?: string } = {},
): TraceEvent {
  return {
    kind: 'produced',
    brokerId: 1,
    sequence: 1,
    atUs: atMs * 1_000,
    atMs,
    client: { connectionId: 1, clientId, address: change.address ?? '127.0.0.1:5000' },
    topic: change.topic ?? 'orders',
    partition: 0,
    baseOffset: 0,
    recordCount: change.records ?? 1,
    sizeBytes: 100,
    leaderEpoch: 0,
    acks: -1,
    producerId: 7,
  };
}

test('a producer on several connections and topics is one producer with its rate over five seconds', () => {
  const watch = new ProducerWatch();
  watch.take([
    produced('shop', 10_000, { records: 20 }),
    produced('shop', 11_000, { records: 5, topic: 'clicks', address: '127.0.0.1:5001' }),
    produced('other', 11_000),
  ]);
  expect(watch.producers(12_000)).toMatchObject([
    { clientId: 'other', recordsPerSecond: 0.2 },
    { clientId: 'shop', topics: ['clicks', 'orders'], recordsPerSecond: 5, bytesPerSecond: 40, acks: -1, isIdempotent: true },
  ]);
});

test('a silent producer falls to zero, then is forgotten', () => {
  const watch = new ProducerWatch();
  watch.take([produced('shop', 10_000)]);
  expect(watch.producers(20_000)).toMatchObject([{ clientId: 'shop', recordsPerSecond: 0 }]);
  expect(watch.producers(80_000)).toEqual([]);
});

test('a client that names itself anew for each connection does not fill the memory', () => {
  const watch = new ProducerWatch();
  watch.take(Array.from({ length: 2_000 }, (_, index) => produced(`client-${index}`, 10_000)));
  expect(watch.producers(10_000)).toHaveLength(500);
});

test('of a producer that writes to ever new topics the last ones are told', () => {
  const watch = new ProducerWatch();
  watch.take(Array.from({ length: 3 * maxTopics }, (_, index) => produced('a', 1_000 + index, { topic: `topic-${index}` })));
  const topics = watch.producers(2_000)[0]?.topics ?? [];
  expect(topics).toHaveLength(maxTopics);
  expect(topics).toContain(`topic-${3 * maxTopics - 1}`);
  expect(topics).not.toContain(`topic-${2 * maxTopics - 1}`);
});
