// Consumers that read from followers (KIP-392): whom the leader sends away and where to, and what a follower may tell.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { FetchCommand, FetchOutcome, FetchPartition } from '../partition-port.ts';
import {
  fetchCommand,
  fetchPartition,
  partitionFixture,
  produceCommand,
  textBatch,
  type PartitionFixture,
} from '../testing/partition-fixture.ts';
import { partitionView } from '../testing/static-metadata.ts';

const rackAware = { 'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector' };
let fixture: PartitionFixture;

function open(settings: Readonly<Record<string, string>> = rackAware): void {
  fixture = partitionFixture(settings, [1, 2, 3]);
  for (const [brokerId, rack] of [
    [1, 'a'],
    [2, 'b'],
    [3, 'b'],
  ] as const)
    fixture.metadata.setRack(brokerId, rack);
}

beforeEach(() => {
  open();
});
afterEach(() => {
  fixture.driver.end();
  fixture.remove();
});

function consume(offset: number, change: Partial<FetchPartition & FetchCommand> = {}): FetchOutcome | Promise<FetchOutcome> {
  const command = fetchCommand([fetchPartition('t', offset, change)], { clientRack: 'b', ...change });
  const outcomes = fixture.driver.fetch(command);
  return outcomes instanceof Promise ? outcomes.then(([outcome]) => outcome!) : outcomes[0]!;
}

describe('a leader', () => {
  beforeEach(() => {
    fixture.metadata.createTopic('t', [partitionView(0, { replicas: [1, 2, 3], isr: [1, 2, 3] })]);
    for (const value of ['a', 'b']) void fixture.driver.produce(produceCommand('t', textBatch([value])));
    for (const replicaId of [2, 3]) {
      const asked = fetchPartition('t', replicaId === 2 ? 1 : 2, { logStartOffset: 0 });
      void fixture.driver.fetch(fetchCommand([asked], { replicaId, replicaEpoch: 1 }));
    }
  });

  test('sends a consumer to the replica of its rack that has most, at once and without records', () => {
    const outcome = consume(0, { maxWaitMs: 60_000 });
    expect(outcome).toMatchObject({ errorCode: 0, preferredReadReplica: 3, records: { length: 0 }, highWatermark: 1 });
  });

  test.each<[string, Partial<FetchCommand>]>([
    ['of its own rack', { clientRack: 'a' }],
    ['of a rack where nobody is', { clientRack: 'z' }],
    ['without rack', { clientRack: '' }],
    ['too old to be told', { clientRack: null }],
  ])('serves a consumer %s itself', (_who, change) => {
    const outcome = consume(0, change) as FetchOutcome;
    expect([outcome.preferredReadReplica, outcome.records.length > 0]).toEqual([-1, true]);
  });

  test('never sends a follower away, whatever it says', () => {
    const outcome = consume(1, { replicaId: 2, replicaEpoch: 1 }) as FetchOutcome;
    expect([outcome.preferredReadReplica, outcome.records.length > 0]).toEqual([-1, true]);
  });

  test('offers nobody that is out of sync or fenced', () => {
    fixture.metadata.changePartition('t', 0, { isr: [1, 2] });
    expect(consume(0)).toMatchObject({ preferredReadReplica: 2 });
    fixture.metadata.setFenced(2, true);
    expect(consume(0)).toMatchObject({ preferredReadReplica: -1 });
  });

  test('keeps everybody where the operator chose no selector', () => {
    fixture.driver.end();
    fixture.remove();
    open({});
    fixture.metadata.createTopic('t', [partitionView(0, { replicas: [1, 2, 3], isr: [1, 2, 3] })]);
    expect(consume(0)).toMatchObject({ preferredReadReplica: -1 });
  });
});

describe('a follower', () => {
  /** It has three records, and heard that two of them are committed. */
  beforeEach(() => {
    fixture.metadata.createTopic('t', [partitionView(0, { leaderId: 2, leaderEpoch: 4, replicas: [2, 1, 3], isr: [1, 2, 3] })]);
    const log = fixture.logs.get('t', 0)!;
    expect(log.appendAsFollower(textBatch(['a', 'b'], { baseOffset: 0, leaderEpoch: 4 }), 0)).toMatchObject({ outcome: 'appended' });
    expect(log.appendAsFollower(textBatch(['c'], { baseOffset: 2, leaderEpoch: 4 }), 0)).toMatchObject({ outcome: 'appended' });
    log.updateHighWatermark(2);
  });

  test('serves consumers what it knows to be committed, and waits with what it doesn’t', async () => {
    expect(consume(0)).toMatchObject({ errorCode: 0, highWatermark: 2, nextOffset: 2 });
    expect((consume(2) as FetchOutcome).records).toHaveLength(0);
    const waiting = consume(2, { maxWaitMs: 60_000 });
    expect(waiting).toBeInstanceOf(Promise);
    fixture.time.advance(60_000);
    expect(await waiting).toMatchObject({ errorCode: 0, nextOffset: 2 });
  });

  test('says that it doesn’t have what lies beyond its log: the consumer asks the leader then', () => {
    expect(consume(4)).toMatchObject({ errorCode: errorCodes.OFFSET_OUT_OF_RANGE });
  });

  test('answers nobody who can only be served by a leader: old clients, other followers', () => {
    expect(consume(0, { clientRack: null })).toMatchObject({ errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER });
    expect(consume(0, { replicaId: 3, replicaEpoch: 1 })).toMatchObject({ errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER });
  });

  test('checks the epoch as a leader does', () => {
    expect(consume(0, { currentLeaderEpoch: 3 })).toMatchObject({ errorCode: errorCodes.FENCED_LEADER_EPOCH });
    expect(consume(0, { currentLeaderEpoch: 5 })).toMatchObject({ errorCode: errorCodes.UNKNOWN_LEADER_EPOCH });
  });

  test('lets go of who waits when its leader changes', async () => {
    const waiting = consume(2, { maxWaitMs: 60_000, currentLeaderEpoch: 4 });
    fixture.metadata.changePartition('t', 0, { leaderId: 3, leaderEpoch: 5 });
    fixture.time.turn();
    expect(await waiting).toMatchObject({ errorCode: errorCodes.FENCED_LEADER_EPOCH });
  });
});
