// Takes the in-sync sets that this broker's leaders propose to the controller (AlterPartition, KIP-497): one request under
// way, everything that gathers meanwhile in the next. A proposal is repeated until the controller has said yes or no for
// certain; what is uncertain the metadata log tells, and until then the leader counts the larger set.
// Invariant: at most one proposal a partition waits here, since a leader has at most one.

import { alterPartitionApi, type AlterPartitionRequest, type AlterPartitionResponse } from '#engine/protocol/apis/56-alter-partition.ts';
import { errorCodes, errorName } from '#engine/protocol/error-codes.ts';
import type { IsrProposal } from '#engine/replication/partition-leader.ts';
import type { TimerHandle, Timers } from '#engine/world/ports.ts';
import type { BrokerLog } from '../broker-log.ts';
import type { Forwarding } from './forwarding.ts';
import type { HostedPartition } from './hosted-partition.ts';

const retryMs = 50;
const requestTimeoutMs = 5_000;

export interface IsrChangesOptions {
  readonly brokerId: number;
  readonly timers: Timers;
  readonly log: BrokerLog;
  readonly controller: Pick<Forwarding, 'ask'>;
  /** Of this registration. */
  readonly brokerEpoch: () => number;
  /** What the metadata knows of another broker's registration; -1 for nothing. */
  readonly epochOf: (brokerId: number) => number;
}

interface Proposed {
  readonly partition: HostedPartition;
  readonly leaderEpoch: number;
  readonly proposal: IsrProposal;
}

type Topic = AlterPartitionRequest['topics'][number];
type Answer = Pick<AlterPartitionResponse, 'errorCode' | 'topics'>;
type PartitionAnswer = AlterPartitionResponse['topics'][number]['partitions'][number];

export class IsrChanges {
  readonly #options: IsrChangesOptions;
  #waiting = new Map<string, Proposed>();
  #isAsking = false;
  #isClosed = false;
  #retry: TimerHandle | null = null;

  constructor(options: IsrChangesOptions) {
    this.#options = options;
  }

  propose(partition: HostedPartition, proposal: IsrProposal): void {
    const { leader } = partition;
    if (leader === undefined) return;
    this.#waiting.set(partition.name, { partition, leaderEpoch: leader.leaderEpoch, proposal });
    // At the end of this turn, so that what one heartbeat or one sweep brings goes in one request.
    this.#options.timers.soon(() => {
      void this.#ask();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting.clear();
    if (this.#retry !== null) this.#options.timers.clearTimer(this.#retry);
  }

  async #ask(): Promise<void> {
    if (this.#isAsking || this.#isClosed || this.#retry !== null || this.#waiting.size === 0) return;
    const asked = [...this.#waiting.values()].filter(isStillWanted);
    this.#waiting = new Map();
    if (asked.length === 0) return;
    this.#isAsking = true;
    const { controller, brokerId, brokerEpoch } = this.#options;
    const request = { brokerId, brokerEpoch: brokerEpoch(), topics: this.#toTopics(asked) };
    const answer = await controller.ask(alterPartitionApi, request, requestTimeoutMs);
    this.#isAsking = false;
    if (this.#isClosed) return;
    this.#settleAll(asked, { errorCode: answer.errorCode, topics: (answer.topics ?? []) as Answer['topics'] });
    if (this.#retry === null) void this.#ask();
  }

  #toTopics(asked: readonly Proposed[]): readonly Topic[] {
    const topics = new Map<string, Topic & { partitions: Topic['partitions'][number][] }>();
    for (const { partition, leaderEpoch, proposal } of asked) {
      const topic = topics.get(partition.topicId) ?? { topicId: partition.topicId, partitions: [] };
      topics.set(partition.topicId, topic);
      topic.partitions.push({
        partitionIndex: partition.partition,
        leaderEpoch,
        newIsr: [],
        newIsrWithEpochs: proposal.isr.map((brokerId) => ({ brokerId, brokerEpoch: this.#epochOfMember(partition, brokerId) })),
        leaderRecoveryState: 0,
        partitionEpoch: proposal.partitionEpoch,
      });
    }
    return [...topics.values()];
  }

  /** The life of the follower that fetched, not the one that is registered now: the controller tells them apart (KIP-903). */
  #epochOfMember(partition: HostedPartition, brokerId: number): number {
    if (brokerId === this.#options.brokerId) return this.#options.brokerEpoch();
    const fetched = partition.leader?.followers.get(brokerId)?.brokerEpoch ?? -1;
    return fetched >= 0 ? fetched : this.#options.epochOf(brokerId);
  }

  #settleAll(asked: readonly Proposed[], answer: Answer): void {
    const results = new Map<string, PartitionAnswer>();
    for (const { topicId, partitions } of answer.topics)
      for (const result of partitions) results.set(`${topicId}:${result.partitionIndex}`, result);
    const again = asked.filter((proposed) => {
      const { topicId, partition } = proposed.partition;
      const result = answer.errorCode === errorCodes.NONE ? results.get(`${topicId}:${partition}`) : undefined;
      return result === undefined || !this.#settle(proposed, result);
    });
    if (again.length > 0) this.#askAgain(again);
  }

  /** False when the proposal must be made again. */
  #settle({ partition, leaderEpoch, proposal }: Proposed, result: PartitionAnswer): boolean {
    const { topic, partition: index } = partition;
    switch (result.errorCode) {
      case errorCodes.NONE:
        // A change that brought another leader epoch too is the metadata log's to tell.
        if (result.leaderEpoch === leaderEpoch) partition.onIsrSettled(leaderEpoch, result);
        this.#options.log.debug('isr-changed', { topic, partition: index, isr: result.isr.join(','), cause: proposal.cause });
        return true;
      // Said on the present partition epoch: nothing was changed, and nothing of this proposal can be any more.
      case errorCodes.INELIGIBLE_REPLICA:
      case errorCodes.OPERATION_NOT_ATTEMPTED:
        partition.onIsrSettled(leaderEpoch, null);
        return true;
      // The metadata log knows better than we do and is on its way.
      case errorCodes.INVALID_UPDATE_VERSION:
      case errorCodes.FENCED_LEADER_EPOCH:
      case errorCodes.NEW_LEADER_ELECTED:
      case errorCodes.UNKNOWN_TOPIC_ID:
      case errorCodes.UNKNOWN_TOPIC_OR_PARTITION:
      case errorCodes.INVALID_REQUEST:
        this.#options.log.debug('isr-refused', { topic, partition: index, error: errorName(result.errorCode) });
        return true;
      default:
        return false;
    }
  }

  #askAgain(again: readonly Proposed[]): void {
    for (const proposed of again) {
      if (!this.#waiting.has(proposed.partition.name)) this.#waiting.set(proposed.partition.name, proposed);
    }
    this.#retry ??= this.#options.timers.setTimer(retryMs, () => {
      this.#retry = null;
      void this.#ask();
    });
  }
}

/** The metadata may have settled it meanwhile, or the leadership is over. */
function isStillWanted({ partition, leaderEpoch, proposal }: Proposed): boolean {
  const { leader } = partition;
  return leader !== undefined && leader.leaderEpoch === leaderEpoch && leader.pendingIsr === proposal.isr;
}
