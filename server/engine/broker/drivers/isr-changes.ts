// Takes the in-sync sets that this broker's leaders propose to the controller (AlterPartition, KIP-497): one request under
// way, everything that gathers meanwhile in the next. A proposal is repeated until the controller has said yes or no for
// certain; what is uncertain the metadata log tells, and until then the leader counts the larger set.
// Invariant: at most one proposal a partition waits here, since a leader has at most one.

import { Retries, type BackOff } from '#engine/client/back-off.ts';
import { alterPartitionApi, type AlterPartitionRequest, type AlterPartitionResponse } from '#engine/protocol/apis/56-alter-partition.ts';
import { errorCodes, errorName } from '#engine/protocol/error-codes.ts';
import type { IsrProposal } from '#engine/replication/partition-leader.ts';
import type { Random, TimerHandle, Timers } from '#engine/world/ports.ts';
import type { BrokerLog } from '../broker-log.ts';
import type { Forwarding } from './forwarding.ts';
import type { HostedPartition } from './hosted-partition.ts';

/** Between requests that came to nothing. */
const askAgain: BackOff = { initialMs: 50, maxMs: 1_000 };
/** Behind a refusal: the follower's next fetch proposes it anew, and a busy follower fetches thousands of times a second. */
const refusedPauseMs = 50;
const requestTimeoutMs = 5_000;

export interface IsrChangesOptions {
  readonly brokerId: number;
  readonly timers: Timers;
  readonly random: Random;
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
/** What the controller's word makes of a proposal; an open one must be made again. */
type Settlement = 'settled' | 'refused' | 'open';
type PartitionAnswer = AlterPartitionResponse['topics'][number]['partitions'][number];

export class IsrChanges {
  readonly #options: IsrChangesOptions;
  #waiting = new Map<string, Proposed>();
  #isAsking = false;
  #isClosed = false;
  #retry: TimerHandle | null = null;
  readonly #retries: Retries;

  constructor(options: IsrChangesOptions) {
    this.#options = options;
    this.#retries = new Retries(askAgain, options.random);
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
    const settlements = new Set<Settlement>();
    for (const proposed of asked) {
      const { topicId, partition } = proposed.partition;
      const result = answer.errorCode === errorCodes.NONE ? results.get(`${topicId}:${partition}`) : undefined;
      const settlement = this.#settle(proposed, result);
      settlements.add(settlement);
      if (settlement === 'open' && !this.#waiting.has(proposed.partition.name)) this.#waiting.set(proposed.partition.name, proposed);
    }
    if (settlements.has('open')) return this.#askAfter(this.#retries.nextDelayMs());
    this.#retries.reset();
    if (settlements.has('refused')) this.#askAfter(refusedPauseMs);
  }

  #settle({ partition, leaderEpoch, proposal }: Proposed, result: PartitionAnswer | undefined): Settlement {
    const { topic, partition: index } = partition;
    switch (result?.errorCode) {
      case errorCodes.NONE:
        // A change that brought another leader epoch too is the metadata log's to tell.
        if (result.leaderEpoch === leaderEpoch) partition.onIsrSettled(leaderEpoch, result);
        this.#options.log.debug('isr-changed', { topic, partition: index, isr: result.isr.join(','), cause: proposal.cause });
        return 'settled';
      // Said on the present partition epoch: nothing was changed, and nothing of this proposal can be any more.
      case errorCodes.INELIGIBLE_REPLICA:
      case errorCodes.OPERATION_NOT_ATTEMPTED:
        partition.onIsrSettled(leaderEpoch, null);
        return 'refused';
      // The metadata log knows better than we do and is on its way.
      case errorCodes.INVALID_UPDATE_VERSION:
      case errorCodes.FENCED_LEADER_EPOCH:
      case errorCodes.NEW_LEADER_ELECTED:
      case errorCodes.UNKNOWN_TOPIC_ID:
      case errorCodes.UNKNOWN_TOPIC_OR_PARTITION:
      case errorCodes.INVALID_REQUEST:
        this.#options.log.debug('isr-refused', { topic, partition: index, error: errorName(result.errorCode) });
        return 'settled';
      default:
        return 'open';
    }
  }

  #askAfter(delayMs: number): void {
    this.#retry ??= this.#options.timers.setTimer(delayMs, () => {
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
