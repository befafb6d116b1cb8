import { describe, expect, test } from 'vitest';
import { TestController } from '#engine/controller/testing/test-controller.ts';
import type { MetadataRecord } from '#engine/controller/records.ts';
import { toRecords } from '#engine/controller/image/to-records.ts';
import type { Decision } from '#engine/controller/decision.ts';
import { maxToldPlacements } from '#engine/trace/events.ts';
import { decideDeleteTopics } from '#engine/controller/topics/delete-topics.ts';
import { decideHeartbeat } from '#engine/controller/brokers/broker-registry.ts';
import { MetadataCache, type AppliedChange } from './metadata-cache.ts';
import { toFacts } from './metadata-image/metadata-facts.ts';
import type { MetadataDelta } from './metadata-view.ts';

/** A cache that follows a controller as the log would make it. */
class Follower {
  readonly cache = new MetadataCache('cluster');
  readonly deltas: MetadataDelta[] = [];
  readonly controller: TestController;

  constructor(controller: TestController) {
    this.controller = controller;
    this.cache.onDelta((delta) => {
      this.deltas.push(delta);
    });
    this.follow([...toRecords(controller.image)]);
  }

  follow(records: readonly MetadataRecord[]): AppliedChange {
    return this.cache.apply([{ records, epoch: 1, lastOffset: this.cache.offset + records.length }]);
  }

  decide<Answer>(decision: Decision<Answer>): AppliedChange {
    this.controller.apply(decision);
    return this.follow(decision.records);
  }
}

function cluster(): Follower {
  const controller = new TestController().serve(1, 2);
  controller.create('t', [[1], [2]]);
  return new Follower(controller);
}

describe('the committed image', () => {
  test('listeners see the image after the change, with what it was before', () => {
    const { cache, deltas } = cluster();
    expect(deltas[0]?.createdTopics.map((topic) => topic.name)).toEqual(['t']);
    expect(deltas[0]?.changedPartitions).toHaveLength(2);
    expect(deltas[0]?.changedPartitions.every(({ previous }) => previous === null)).toBe(true);
    expect(cache.topicById(cache.topic('t')!.topicId)?.name).toBe('t');
    expect(cache.aliveBrokers().map((broker) => broker.brokerId)).toEqual([1, 2]);
  });

  test('a topic that comes and goes within one run was never there', () => {
    const follower = cluster();
    const topicId = follower.controller.view().newTopicId();
    const { delta } = follower.follow([
      { type: 'Topic', name: 'short', topicId },
      { type: 'RemoveTopic', topicId },
    ]);
    expect(delta.createdTopics).toEqual([]);
    expect(delta.deletedTopics).toEqual([]);
  });

  test('a snapshot tells what differs, deletions included', () => {
    const { cache } = cluster();
    const other = new TestController().serve(1);
    // Topic ids are unique in a cluster; in a test's two clusters they would be the same.
    other.view().newTopicId();
    other.create('u', [[1]]);
    const { delta } = cache.replace([...toRecords(other.image)], { endOffset: 90, epoch: 4 });
    expect(delta.offset).toBe(89);
    expect(delta.deletedTopics.map((topic) => topic.name)).toEqual(['t']);
    expect(delta.createdTopics.map((topic) => topic.name)).toEqual(['u']);
    expect(delta.changedBrokers.find(({ brokerId }) => brokerId === 2)?.broker).toBeNull();
  });
});

describe('facts for viewers', () => {
  test('a fenced broker and the leaders it costs are told with the same cause', () => {
    const follower = cluster();
    const { brokerEpoch } = follower.cache.broker(1)!;
    const { delta, touched } = follower.decide(
      decideHeartbeat(follower.controller.view(), {
        brokerId: 1,
        brokerEpoch,
        currentMetadataOffset: 99,
        wantFence: true,
        wantShutDown: false,
      }),
    );
    const facts = toFacts(delta, touched);
    expect(facts).toContainEqual({
      kind: 'broker-fenced',
      registeredId: 1,
      cause: 'session timed out',
      why: { kind: 'session-timed-out', params: {} },
    });
    expect(facts).toContainEqual({
      kind: 'leader-changed',
      topic: 't',
      partition: 0,
      leaderId: -1,
      previousLeaderId: 1,
      leaderEpoch: 1,
      cause: 'broker 1 fenced: session timed out',
      why: { kind: 'broker-fenced-silent', params: { broker: 1 } },
    });
  });

  test('a topic is told with where its partitions were put, up to a bound; so are partitions added to it', () => {
    const follower = cluster();
    const topicId = follower.controller.view().newTopicId();
    const partition = (partitionId: number): MetadataRecord => ({
      type: 'Partition',
      topicId,
      partitionId,
      replicas: [2, 3],
      isr: [2, 3],
      removingReplicas: [],
      addingReplicas: [],
      leader: 2,
      leaderEpoch: 0,
      partitionEpoch: 0,
      leaderRecoveryState: 0,
      eligibleLeaderReplicas: null,
      lastKnownElr: null,
      directories: [],
    });
    const placement = (number: number) => ({ partition: number, leaderId: 2, leaderEpoch: 0, replicas: [2, 3], isr: [2, 3] });
    const tell = (...records: readonly MetadataRecord[]) => {
      const { delta, touched } = follower.follow(records);
      return toFacts(delta, touched);
    };
    expect(tell({ type: 'Topic', name: 'n', topicId }, partition(0))).toMatchObject([
      { kind: 'topic-created', topic: 'n', partitions: 1, isInternal: false, placements: [placement(0)] },
    ]);
    expect(tell(partition(1))).toMatchObject([{ kind: 'partitions-added', topic: 'n', partitions: 2, placements: [placement(1)] }]);
    const many = Array.from({ length: maxToldPlacements + 1 }, (_, index) => partition(index + 2));
    expect(tell(...many)).toEqual([{ kind: 'partitions-added', topic: 'n', partitions: maxToldPlacements + 3 }]);
  });

  test('creating a topic is one fact, not one a partition; deleting it is another', () => {
    const follower = cluster();
    const created = follower.follow([{ type: 'Topic', name: 'n', topicId: follower.controller.view().newTopicId() }]);
    expect(toFacts(created.delta, created.touched).map((fact) => fact.kind)).toEqual(['topic-created']);
    const { delta, touched } = follower.decide(decideDeleteTopics(follower.controller.view(), { topics: [], topicNames: ['t'] }));
    expect(toFacts(delta, touched).map((fact) => fact.kind)).toEqual(['topic-deleted']);
  });
});
