// One replica on this broker: its log, its role, and whoever waits for it. All changes of a partition go through here, in
// the order in which they are called; nothing is asynchronous between a check and the append it allows.
// Invariant: readers see the log up to the high watermark, and it never moves back while this broker leads.

import { assert } from '#engine/base/assert.ts';
import { toPartitionName, type PartitionName, type TopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { PartitionLog } from '#engine/storage/partition-log.ts';
import type { Trace } from '#engine/trace/trace.ts';
import type { Timers } from '#engine/world/ports.ts';
import type { PartitionView } from '../metadata-view.ts';
import type { TopicPartitionId } from '../partition-port.ts';
import type { Purgatory } from '../purgatory.ts';
import { CommitWaiters } from './commit-waiters.ts';
import type { TopicSettings } from './log-settings.ts';

export interface LeaderRole {
  readonly kind: 'leader';
  readonly leaderEpoch: number;
  readonly isr: readonly number[];
  /** Where this epoch begins: a high watermark below it may lag behind what the last leader had told (KIP-207). */
  readonly epochStartOffset: number;
}

export type Role =
  | LeaderRole
  | { readonly kind: 'follower'; readonly leaderEpoch: number; readonly leaderId: number }
  /** The log is here, the metadata hasn't said what for yet. */
  | { readonly kind: 'unassigned'; readonly leaderEpoch: -1 };

export interface PartitionSurroundings {
  readonly brokerId: number;
  readonly timers: Timers;
  readonly trace: Trace;
  readonly fetches: Purgatory;
  readonly onDelayedProduces: (change: number) => void;
}

export interface Replica extends TopicPartitionId {
  readonly isInternal: boolean;
  readonly log: PartitionLog;
  readonly settings: TopicSettings;
}

export class HostedPartition implements TopicPartitionId {
  readonly topic: string;
  readonly topicId: TopicId;
  readonly partition: number;
  readonly isInternal: boolean;
  readonly name: PartitionName;
  readonly log: PartitionLog;
  settings: TopicSettings;
  readonly #surroundings: PartitionSurroundings;
  readonly #waiters: CommitWaiters;
  #role: Role = { kind: 'unassigned', leaderEpoch: -1 };
  /** Appended bytes that the high watermark hasn't passed: what fetchers are told of when it does. */
  #uncommittedBytes = 0;

  constructor(replica: Replica, surroundings: PartitionSurroundings) {
    this.topic = replica.topic;
    this.topicId = replica.topicId;
    this.partition = replica.partition;
    this.isInternal = replica.isInternal;
    this.name = toPartitionName(replica.topic, replica.partition);
    this.log = replica.log;
    this.settings = replica.settings;
    this.#surroundings = surroundings;
    this.#waiters = new CommitWaiters(surroundings.timers, surroundings.onDelayedProduces);
  }

  get role(): Role {
    return this.#role;
  }
  get leader(): LeaderRole | undefined {
    return this.#role.kind === 'leader' ? this.#role : undefined;
  }

  /** Takes the role that the metadata gives this broker; answers what listeners must be told. */
  assume(view: PartitionView): 'became-leader' | 'resigned' | 'unchanged' {
    const isLeader = view.leaderId === this.#surroundings.brokerId;
    if (isLeader) return this.#lead(view);
    const hadLed = this.#role.kind === 'leader';
    const isSame = this.#role.kind === 'follower' && this.#role.leaderEpoch === view.leaderEpoch && this.#role.leaderId === view.leaderId;
    if (isSame) return 'unchanged';
    this.#role = { kind: 'follower', leaderEpoch: view.leaderEpoch, leaderId: view.leaderId };
    this.#releaseAll(errorCodes.NOT_LEADER_OR_FOLLOWER);
    return hadLed ? 'resigned' : 'unchanged';
  }

  /** The replica leaves this broker: deletion, reassignment or shutdown. */
  retire(errorCode: number): void {
    this.#role = { kind: 'unassigned', leaderEpoch: -1 };
    this.#releaseAll(errorCode);
  }

  /** Called behind every append; `sizeBytes` is what was written. */
  onAppended(sizeBytes: number): void {
    this.#uncommittedBytes += sizeBytes;
    this.maybeAdvanceHighWatermark();
  }

  /** Moves the high watermark to what all in-sync replicas have. */
  maybeAdvanceHighWatermark(): void {
    const leader = this.leader;
    if (leader === undefined) return;
    const isAlone = leader.isr.length === 1 && leader.isr[0] === this.#surroundings.brokerId;
    if (!isAlone || this.log.highWatermark >= this.log.logEndOffset) return;
    this.log.updateHighWatermark(this.log.logEndOffset);
    const { topic, partition } = this;
    this.#surroundings.trace({ kind: 'high-watermark-advanced', topic, partition, highWatermark: this.log.highWatermark });
    this.#waiters.onHighWatermark(this.log.highWatermark);
    this.#surroundings.fetches.notify(this.name, this.#uncommittedBytes);
    this.#uncommittedBytes = 0;
  }

  /** Resolves once the high watermark is at `nextOffset`. */
  whenCommitted(nextOffset: number, timeoutMs: number | null): Promise<number> {
    return this.#waiters.wait(nextOffset, timeoutMs);
  }

  #lead(view: PartitionView): 'became-leader' | 'unchanged' {
    const before = this.leader;
    const isNewEpoch = before?.leaderEpoch !== view.leaderEpoch;
    assert(
      before === undefined || view.leaderEpoch >= before.leaderEpoch,
      `${this.name}: leader epoch ${view.leaderEpoch} follows ${before?.leaderEpoch}`,
    );
    if (isNewEpoch) this.log.assignEpoch(view.leaderEpoch);
    const epochStartOffset = isNewEpoch ? this.log.logEndOffset : (before?.epochStartOffset ?? 0);
    this.#role = { kind: 'leader', leaderEpoch: view.leaderEpoch, isr: view.isr, epochStartOffset };
    this.maybeAdvanceHighWatermark();
    return isNewEpoch ? 'became-leader' : 'unchanged';
  }

  #releaseAll(errorCode: number): void {
    this.#waiters.cancelAll(errorCode);
    this.#surroundings.fetches.wakeAll(this.name);
  }
}
