import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PartitionReplica, PartitionReplicas } from '#server/cluster/partition-replicas.ts';
import { epochSpans, healthOf, partsOf, placeOf, presentStandings, replicaState, scaleOf, standingsOf } from './partition-view.ts';

const replica = (brokerId: number, change: Partial<PartitionReplica> = {}): PartitionReplica => ({
  brokerId,
  isLeader: brokerId === 1,
  isPreferred: brokerId === 1,
  isInSync: true,
  answers: true,
  logStartOffset: 0,
  highWatermark: 100,
  logEndOffset: 100,
  sizeBytes: 1_000,
  lag: 0,
  epochs: [{ epoch: 4, startOffset: 0 }],
  ...change,
});
const view = (replicas: readonly PartitionReplica[], change: Partial<PartitionReplicas> = {}): PartitionReplicas => ({
  topic: 'orders',
  topicId: null,
  isInternal: false,
  partition: 3,
  leaderId: 1,
  leaderEpoch: 4,
  isr: [1, 2],
  eligible: { replicas: [], lastKnown: [] },
  replicas,
  epochs: [{ epoch: 4, startOffset: 0 }],
  move: null,
  atMs: 0,
  ...change,
});

describe('how a partition is', () => {
  test.each([
    ['offline', view([replica(1, { isLeader: false })], { leaderId: null })],
    ['short', view([replica(1), replica(2, { isInSync: false })])],
    ['elsewhere', view([replica(2, { isPreferred: true, isLeader: false }), replica(1, { isPreferred: false })])],
    ['good', view([replica(1), replica(2)])],
  ])('%s', (health, partition) => expect(healthOf(partition)).toBe(health));

  test('a copy whose broker is silent is not shown as well, though the set still counts it', () => {
    expect(replicaState(replica(2, { answers: false }))).toBe('unknown');
    expect(replicaState(replica(2, { answers: false, isInSync: false }))).toBe('offline');
  });
});

describe('who may lead though it is not in sync', () => {
  const three = [1, 2, 3].map((brokerId) => replica(brokerId, { isInSync: false, isLeader: false }));
  const standings = (change: Partial<PartitionReplicas>) => [1, 2, 3].map((id) => standingsOf(view(three, { isr: [], ...change }), id));

  test('is eligible, led last, or both', () => {
    expect(standings({ eligible: { replicas: [2, 3], lastKnown: [3] } })).toEqual([[], ['eligible'], ['eligible', 'last-known']]);
  });

  test('is nobody where the cluster does not tell, and never a copy in sync: two answers may be of two moments', () => {
    expect(standings({ eligible: null })).toEqual([[], [], []]);
    expect(standings({ isr: [2], eligible: { replicas: [2], lastKnown: [] } })).toEqual([[], [], []]);
  });

  test('is explained beside the tapes only when there is such a copy among the replicas', () => {
    expect(presentStandings(view(three, { isr: [], eligible: { replicas: [9], lastKnown: [] } }))).toEqual([]);
    expect(presentStandings(view(three, { isr: [], eligible: { replicas: [1], lastKnown: [2] } }))).toEqual(['eligible', 'last-known']);
  });
});

describe('a tape', () => {
  test('shows what is committed, what is not yet, and what it lacks', () => {
    const late = replica(2, { highWatermark: 60, logEndOffset: 80 });
    const scale = scaleOf(view([replica(1), late]));
    expect(partsOf(late, scale).map(({ kind, left, width }) => [kind, left, Number(width.toFixed(3))])).toEqual([
      ['committed', 0, 0.6],
      ['uncommitted', 0.6, 0.2],
      ['missing', 0.8, 0.2],
    ]);
  });

  test('is split where an epoch ends', () => {
    const two = replica(1, {
      epochs: [
        { epoch: 4, startOffset: 0 },
        { epoch: 7, startOffset: 90 },
      ],
    });
    const parts = partsOf(two, scaleOf(view([two])));
    expect(parts.map(({ epoch }) => epoch)).toEqual([4, 7]);
    expect(parts[1]?.left).toBeCloseTo(0.9);
  });

  test('of a replica that tells nothing is empty, and of one that tells no epochs has none', () => {
    const scale = scaleOf(view([replica(1)]));
    expect(partsOf(replica(2, { logStartOffset: null, logEndOffset: null }), scale)).toEqual([]);
    expect(partsOf(replica(2, { epochs: null }), scale).map(({ epoch }) => epoch)).toEqual([null]);
  });

  test('of a replica that does not say how much is committed is not drawn as if it were', () => {
    const quiet = replica(2, { epochs: null, highWatermark: null });
    expect(partsOf(quiet, scaleOf(view([replica(1), quiet]))).map(({ kind }) => kind)).toEqual(['untold']);
  });

  test('a long log is pressed, and its last records keep their room', () => {
    const long = replica(1, { logEndOffset: 1_000_000, highWatermark: 1_000_000 });
    const scale = scaleOf(view([long, replica(2, { logEndOffset: 999_990, highWatermark: 999_990 })]));
    expect(scale.isPressed).toBe(true);
    expect(placeOf(scale, 999_990)).toBeGreaterThan(0.5);
  });

  test('an empty partition is drawn without a division by nought', () => {
    const empty = replica(1, { logEndOffset: 0, highWatermark: 0, epochs: [] });
    expect(partsOf(empty, scaleOf(view([empty])))).toEqual([]);
  });
});

test('whatever the epochs, their spans cover the log without a hole or an overlap', () => {
  const epochs = fc
    .uniqueArray(fc.nat(200), { maxLength: 8 })
    .map((starts) => starts.toSorted((a, b) => a - b).map((startOffset, epoch) => ({ epoch, startOffset })));
  fc.assert(
    fc.property(epochs, fc.nat(100), fc.nat(150), (known, start, length) => {
      const spans = epochSpans(known, start, start + length);
      expect(spans[0]?.from ?? start).toBe(start);
      expect(spans.at(-1)?.to ?? start + length).toBe(start + length);
      spans.forEach((span, index) => {
        if (index > 0) expect(span.from).toBe(spans[index - 1]?.to);
      });
    }),
  );
});

test('whatever the logs, offsets keep their order on the tape', () => {
  const logs = fc.array(fc.tuple(fc.nat(50_000), fc.nat(2_000_000)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(logs, (ends) => {
      const replicas = ends.map(([start, length], index) =>
        replica(index + 1, { logStartOffset: start, logEndOffset: start + length, highWatermark: start + length, epochs: null }),
      );
      const scale = scaleOf(view(replicas));
      const places = Array.from({ length: 20 }, (_, step) => placeOf(scale, scale.from + ((scale.to - scale.from) * step) / 19));
      for (let at = 1; at < places.length; at++) expect(places[at]).toBeGreaterThanOrEqual(places[at - 1] as number);
      expect(Math.max(...places)).toBeLessThanOrEqual(1);
    }),
  );
});
