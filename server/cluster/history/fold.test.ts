import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldPicture as foldWithMissing, foldsFromMs, keyframeOverlapMs, type FoldEvent } from './fold.ts';
import { brokerOf, pictureOf } from './picture.fixture.ts';

const frameMs = 1_000_000;
const frame = pictureOf({ atMs: frameMs });

const foldPicture = (...of: Parameters<typeof foldWithMissing>) => foldWithMissing(...of).picture;

function happened(afterMs: number, kind: string, detail: FoldEvent['detail']): FoldEvent {
  return { atMs: frameMs + afterMs, kind, detail };
}

function led(afterMs: number, partition: number, [leaderId, leaderEpoch]: readonly [number, number]): FoldEvent {
  return happened(afterMs, 'leader-changed', { topic: 'orders', partition, leaderId, previousLeaderId: 2, leaderEpoch });
}

const partitionOf = (picture: typeof frame, partition: number) => picture.topics[0]!.partitions[partition]!;
const brokerIn = (picture: typeof frame, brokerId: number) => picture.overview.brokers.find((broker) => broker.brokerId === brokerId)!;

describe('a picture between two keyframes', () => {
  test('without events is the keyframe, at the moment asked', () => {
    expect(foldPicture(frame, [], frameMs + 900)).toEqual({
      ...frame,
      atMs: frameMs + 900,
      overview: { ...frame.overview, brokers: frame.overview.brokers },
    });
  });

  test('a new leader stands with its epoch, and the broker that lost the title leads one less', () => {
    const now = foldPicture(frame, [led(10, 1, [3, 1])], frameMs + 20);
    expect(partitionOf(now, 1)).toMatchObject({ leaderId: 3, leaderEpoch: 1 });
    expect([1, 2, 3].map((id) => brokerIn(now, id).leaderCount)).toEqual([1, 0, 2]);
  });

  test('a partition without a leader is offline in the sums too', () => {
    const now = foldPicture(frame, [led(10, 1, [-1, 1])], frameMs + 20);
    expect(partitionOf(now, 1).leaderId).toBeNull();
    expect(now.overview.offlinePartitions).toBe(1);
  });

  test('what the keyframe already had in a higher epoch is not undone by an older event', () => {
    const later = pictureOf({ atMs: frameMs, leaders: [1, 3, 3], epochs: [0, 5, 0] });
    expect(partitionOf(foldPicture(later, [led(-500, 1, [1, 4])], frameMs), 1)).toMatchObject({ leaderId: 3, leaderEpoch: 5 });
  });

  test('a change that a keyframe missed because its answer was old is put right by the event before it', () => {
    expect(keyframeOverlapMs).toBeGreaterThan(2_000);
    expect(partitionOf(foldPicture(frame, [led(-1_500, 1, [3, 1])], frameMs + 1), 1).leaderId).toBe(3);
  });

  test('a shrunk in-sync set is under-replicated, and the minimum is unknown until the next keyframe', () => {
    const now = foldPicture(frame, [happened(5, 'isr-changed', { topic: 'orders', partition: 0, isr: [1, 3] })], frameMs + 5);
    expect(partitionOf(now, 0).isr).toEqual([1, 3]);
    expect(now.overview).toMatchObject({ underReplicatedPartitions: 1, underMinIsrPartitions: null });
  });

  test('a broker whose process is gone stays gone though the cluster only fences it', () => {
    const gone = [happened(1, 'broker-gone', { brokerId: 2 }), happened(40, 'broker-fenced', { registeredId: 2 })];
    expect(brokerIn(foldPicture(frame, gone, frameMs + 50), 2)).toMatchObject({ state: 'lost', process: null });
  });

  test('an unfencing from before the keyframe does not raise a broker that the keyframe saw dead', () => {
    const dead = pictureOf({ atMs: frameMs, brokers: [brokerOf(1), brokerOf(2, 'lost'), brokerOf(3)] });
    const event = happened(-2_000, 'broker-unfenced', { registeredId: 2 });
    expect(brokerIn(foldPicture(dead, [event], frameMs), 2).state).toBe('lost');
    expect(brokerIn(foldPicture(dead, [{ ...event, atMs: frameMs + 3 }], frameMs + 3), 2).state).toBe('online');
  });

  test('the crown goes to the controller of the higher epoch only', () => {
    const older = foldPicture(frame, [happened(1, 'controller-elected', { controllerId: 3, epoch: 3 })], frameMs + 2);
    const newer = foldPicture(frame, [happened(1, 'controller-elected', { controllerId: 3, epoch: 5 })], frameMs + 2);
    expect([older.overview.controllerId, newer.overview.controllerId]).toEqual([1, 3]);
    expect(newer.overview.brokers.filter((broker) => broker.isController).map((broker) => broker.brokerId)).toEqual([3]);
  });

  test('a group that lost its last member has none, and a deleted topic has no place', () => {
    const now = foldPicture(
      frame,
      [
        happened(1, 'group-state-changed', { groupId: 'readers', state: 'Empty', members: 0 }),
        happened(2, 'topic-deleted', { topic: 'orders' }),
      ],
      frameMs + 3,
    );
    expect(now.groups).toMatchObject([{ state: 'Empty', members: [] }]);
    expect(now.overview).toMatchObject({ topicCount: 0, partitionCount: 0 });
  });

  test('a broker that is lost is written to by nobody any more; of a keyframe that told no writers none are made up', () => {
    const now = foldPicture(frame, [happened(1, 'broker-gone', { brokerId: 2 })], frameMs + 2);
    expect(now.writes?.map(({ brokerId }) => brokerId)).toEqual([1, 3]);
    const { writes: _writes, ...older } = frame;
    expect(foldPicture(older, [], frameMs).writes).toBeNull();
  });

  test("a past moment counts Kafka's own topics apart, as the present does, also from a keyframe that did not", () => {
    const own = frame.topics[0]!;
    const { internalTopicCount: _topics, internalPartitionCount: _partitions, ...older } = frame.overview;
    const kept = {
      ...frame,
      overview: older as typeof frame.overview,
      topics: [own, { ...own, name: '__consumer_offsets', isInternal: true }],
    };
    expect(foldPicture(kept, [], frameMs).overview).toMatchObject({
      topicCount: 1,
      partitionCount: 3,
      internalTopicCount: 1,
      internalPartitionCount: 3,
    });
  });

  test('events about things the keyframe does not have, or with details it does not know, change nothing', () => {
    const strange = [
      led(1, 99, [1, 9]),
      happened(1, 'leader-changed', {}),
      happened(1, 'isr-changed', { topic: 'orders', partition: 0, isr: 'all' }),
      happened(1, 'broker-fenced', { registeredId: 44 }),
      happened(1, 'something-new', { brokerId: 1 }),
    ];
    expect(foldPicture(frame, strange, frameMs)).toEqual(foldPicture(frame, [], frameMs));
  });
});

const paid = { topic: 'paid', topicId: 'paid-id' };
const placement = (partition: number) => ({ partition, leaderId: 2, leaderEpoch: 0, replicas: [2, 3], isr: [2, 3] });
const created = (afterMs: number, placements: unknown = [placement(0), placement(1)]) =>
  happened(afterMs, 'topic-created', { ...paid, partitions: 2, isInternal: false, placements });
const names = (picture: typeof frame) => picture.topics.map((topic) => topic.name);

test('a disk that filled up after the keyframe is full in the picture, until it has room again', () => {
  const full = happened(1, 'disk-full', { brokerId: 2, directory: '/data' });
  const room = happened(9, 'disk-writable', { brokerId: 2, directory: '/data' });
  expect(brokerIn(foldPicture(frame, [full], frameMs + 1), 2).storage?.fullDirectories).toEqual(['/data']);
  expect(brokerIn(foldPicture(frame, [full, room], frameMs + 9), 2).storage).toBeUndefined();
});

describe('what came to be after the keyframe was asked for', () => {
  test('a topic stands where it was put, how far it was written is unknown, and its leaders count', () => {
    const now = foldPicture(frame, [created(5)], frameMs + 5);
    expect(now.topics.find((topic) => topic.name === 'paid')).toEqual({
      name: 'paid',
      topicId: 'paid-id',
      isInternal: false,
      partitions: [0, 1].map((partition) => ({ ...placement(partition), endOffset: null })),
    });
    expect(now.overview).toMatchObject({ topicCount: 2, partitionCount: 5, offlinePartitions: 0 });
    expect([1, 2, 3].map((id) => brokerIn(now, id).leaderCount)).toEqual([1, 3, 1]);
  });

  test('what happens to the new topic afterwards is put upon it', () => {
    const moved = happened(9, 'leader-changed', { topic: 'paid', partition: 1, leaderId: 3, previousLeaderId: 2, leaderEpoch: 1 });
    const shrunk = happened(9, 'isr-changed', { topic: 'paid', partition: 1, isr: [3] });
    const now = foldPicture(frame, [created(5), moved, shrunk], frameMs + 9);
    expect(now.topics[1]?.partitions[1]).toMatchObject({ leaderId: 3, leaderEpoch: 1, isr: [3] });
  });

  test('a look that took long shows what happened while it was under way', () => {
    const late = { ...frame, sinceMs: frameMs - 20_000 };
    expect(foldsFromMs(late)).toBeLessThan(frameMs - 20_000);
    expect(names(foldPicture(late, [created(-19_000)], frameMs))).toEqual(['orders', 'paid']);
  });

  test('a topic that the keyframe knows already stays as the keyframe has it', () => {
    const later = {
      ...frame,
      topics: foldPicture(frame, [created(0)], frameMs).topics.map((topic) => ({
        ...topic,
        partitions: topic.partitions.map((one) => ({ ...one, leaderEpoch: 7, endOffset: 9 })),
      })),
    };
    expect(foldPicture(later, [created(-100)], frameMs).topics).toEqual(later.topics);
  });

  test('a topic deleted and made again under its name is the new one, also where the keyframe has it already', () => {
    const deleted = happened(-50, 'topic-deleted', { topic: 'paid', topicId: 'an-older-id' });
    const remade = { ...frame, topics: foldPicture(frame, [created(0)], frameMs).topics };
    expect(names(foldPicture(remade, [deleted, created(-40)], frameMs))).toEqual(['orders', 'paid']);
    expect(names(foldPicture(remade, [happened(1, 'topic-deleted', paid)], frameMs + 1))).toEqual(['orders']);
  });

  test('what happened to an earlier topic of the name does not happen to the one that the keyframe has', () => {
    const remade = { ...frame, topics: foldPicture(frame, [created(0)], frameMs).topics };
    const earlier = [
      happened(-90, 'leader-changed', { topic: 'paid', partition: 1, leaderId: 3, previousLeaderId: 2, leaderEpoch: 5 }),
      happened(-80, 'isr-changed', { topic: 'paid', partition: 0, isr: [3] }),
      happened(-70, 'partitions-added', { topic: 'paid', partitions: 3, placements: [placement(2)] }),
    ];
    const deleted = happened(-50, 'topic-deleted', { topic: 'paid', topicId: 'an-older-id' });
    const moved = happened(5, 'leader-changed', { topic: 'paid', partition: 1, leaderId: 3, previousLeaderId: 2, leaderEpoch: 1 });
    for (const between of [[deleted, created(-40)], [deleted], [created(-40)]]) {
      const folded = foldWithMissing(remade, [...earlier, ...between], frameMs);
      expect(folded).toMatchObject({ picture: { topics: remade.topics }, missing: { topics: [] } });
      const later = foldPicture(remade, [...earlier, ...between, moved], frameMs + 5);
      expect(later.topics[1]?.partitions[1], 'but what happened to it since does').toMatchObject({ leaderId: 3, leaderEpoch: 1 });
    }
  });

  test('partitions that were added stand beside the others', () => {
    const grown = happened(1, 'partitions-added', { topic: 'orders', partitions: 4, placements: [placement(3)] });
    const folded = foldWithMissing(frame, [grown], frameMs + 1);
    expect(folded.picture.topics[0]?.partitions.map((one) => one.leaderId)).toEqual([1, 2, 3, 2]);
    expect(folded.missing.topics).toEqual([]);
  });

  test('what no event describes is named as missing, and no longer once it is gone', () => {
    const untold = [
      created(1, null),
      happened(2, 'partitions-added', { topic: 'orders', partitions: 9 }),
      happened(3, 'group-state-changed', { groupId: 'auditors', state: 'Stable', members: 2 }),
      happened(4, 'broker-registered', { registeredId: 4 }),
    ];
    expect(foldWithMissing(frame, untold, frameMs + 4).missing).toEqual({
      topics: ['orders', 'paid'],
      brokerIds: [4],
      groups: ['auditors'],
    });
    const gone = [
      happened(5, 'topic-deleted', paid),
      happened(6, 'group-state-changed', { groupId: 'auditors', state: 'Dead', members: 0 }),
    ];
    expect(foldWithMissing(frame, [...untold, ...gone], frameMs + 6).missing).toEqual({ topics: ['orders'], brokerIds: [4], groups: [] });
  });
});

const change = fc.oneof(
  fc.record({ kind: fc.constant('leader' as const), partition: fc.nat(2), leaderId: fc.constantFrom(-1, 1, 2, 3) }),
  fc.record({ kind: fc.constant('isr' as const), partition: fc.nat(2), isr: fc.subarray([1, 2, 3], { minLength: 1 }) }),
  fc.record({ kind: fc.constantFrom('broker-fenced' as const, 'broker-unfenced' as const), brokerId: fc.integer({ min: 1, max: 3 }) }),
);

describe('wherever one cuts', () => {
  test('a later keyframe with the events after it shows what the earlier one with all of them shows', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), fc.nat(40), fc.nat(40), (changes, cut, end) => {
        const epochs = [0, 0, 0];
        const events = changes.map((one, index): FoldEvent => {
          if (one.kind === 'leader') return led(index, one.partition, [one.leaderId, (epochs[one.partition]! += 1)]);
          if (one.kind === 'isr') return happened(index, 'isr-changed', { topic: 'orders', partition: one.partition, isr: one.isr });
          return happened(index, one.kind, { registeredId: one.brokerId });
        });
        const until = events.slice(0, Math.max(cut, end));
        const atMs = frameMs + 100;
        const whole = foldPicture(frame, until, atMs);
        const middle = foldPicture(frame, until.slice(0, cut), frameMs + cut);
        // Replayed with an overlap, as the reader does, because a keyframe's answers may be old.
        const fromCut = foldPicture(middle, until.slice(Math.max(0, cut - 3)), atMs);
        expect(fromCut.topics).toEqual(whole.topics);
        expect(fromCut.overview.brokers.map((broker) => broker.state)).toEqual(whole.overview.brokers.map((broker) => broker.state));
      }),
    );
  });
});
