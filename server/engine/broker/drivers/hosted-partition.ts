// One replica on this broker: its log, its role, and whoever waits for it. All changes of a partition go through here, in
// the order in which they are called; nothing is asynchronous between a check and the append it allows. What a leader may
// conclude from its followers is decided in replication/partition-leader.ts; here it is carried out.
// Invariant: readers see the log up to the high watermark, and it never moves back while this broker leads.

import { assert } from '#engine/base/assert.ts';
import { toPartitionName, type PartitionName, type TopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import {
  acceptIsr,
  advanceHighWatermark,
  applyIsr,
  applyReplicas,
  awaitIsr,
  dropProposal,
  proposeExpand,
  proposeShrink,
  recordFetch,
  takeOver,
  type FollowerProgress,
  type IsrProposal,
  type LeaderState,
} from '#engine/replication/partition-leader.ts';
import type { Reader } from '#engine/replication/read-replica.ts';
import { followerHighWatermark } from '#engine/replication/partition-follower.ts';
import type { PartitionLog } from '#engine/storage/partition-log.ts';
import type { StorageError } from '#engine/storage/storage-error.ts';
import type { PartitionView } from '../metadata-view.ts';
import type { TopicPartitionId } from '../partition-port.ts';
import { CommitWaiters } from './commit-waiters.ts';
import { commitRuleOf, isDeserted, isSureToLead, lowWatermarkOf, nearestTo, nowMs } from './leader-judgement.ts';
import type { TopicSettings } from './log-settings.ts';
import { NewsWire, type PartitionWatcher } from './partition-news.ts';
import type { PartitionSurroundings } from './partition-surroundings.ts';
import { storageErrorOf } from './storage-guard.ts';

export type Role =
  | { readonly kind: 'leader'; readonly leaderEpoch: number; readonly state: LeaderState }
  | { readonly kind: 'follower'; readonly leaderEpoch: number; readonly leaderId: number }
  /** The log is here, the metadata hasn't said what for yet. */
  | { readonly kind: 'unassigned'; readonly leaderEpoch: -1 };

/** A follower's fetch as its leader hears it: it has everything before `fetchOffset`. */
export interface FollowerPosition {
  readonly replicaId: number;
  /** -1 from a follower that doesn't tell. */
  readonly replicaEpoch: number;
  readonly fetchOffset: number;
  readonly logStartOffset: number;
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
  /** Where followers' fetches wait: for the log's end, while consumers wait for the high watermark under `name`. */
  readonly endName: string;
  readonly log: PartitionLog;
  settings: TopicSettings;
  readonly #surroundings: PartitionSurroundings;
  readonly #waiters: CommitWaiters;
  /** Deletions that wait for followers; they wait for the low watermark as produces do for the high one. */
  readonly #deletions: CommitWaiters;
  readonly #news = new NewsWire();
  #role: Role = { kind: 'unassigned', leaderEpoch: -1 };
  /** Appended bytes that the high watermark hasn't passed: what fetchers are told of when it does. */
  #uncommittedBytes = 0;
  /** The fsync under way for all that was appended when it was asked for. */
  #dueFlush: { readonly endOffset: number; readonly isDone: Promise<StorageError | null> } | null = null;

  constructor(replica: Replica, surroundings: PartitionSurroundings) {
    this.topic = replica.topic;
    this.topicId = replica.topicId;
    this.partition = replica.partition;
    this.isInternal = replica.isInternal;
    this.name = toPartitionName(replica.topic, replica.partition);
    this.endName = `${this.name}/end`;
    this.log = replica.log;
    this.settings = replica.settings;
    this.#surroundings = surroundings;
    this.#waiters = new CommitWaiters(surroundings.timers, surroundings.onDelayedProduces);
    this.#deletions = new CommitWaiters(surroundings.timers, () => {});
    this.log.watchStart(() => {
      this.#onStartMoved();
    });
  }

  get role(): Role {
    return this.#role;
  }
  get leader(): LeaderState | undefined {
    return this.#role.kind === 'leader' ? this.#role.state : undefined;
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
    void this.whenFlushed();
    this.maybeAdvanceHighWatermark();
    if ((this.leader?.followers.size ?? 0) > 0) this.#surroundings.fetches.notify(this.endName, sizeBytes);
    this.#news.tell('appended', sizeBytes);
  }

  /** Tells of everything that a fetch could notice; returns what ends that. */
  watch(watcher: PartitionWatcher): () => void {
    return this.#news.watch(watcher);
  }

  /**
   * flush.messages: null once what is appended now is on the device, or what kept it. No promise when no flush is due.
   * Replicas that count only what they have fsynced may all lose power at once.
   */
  whenFlushed(): Promise<StorageError | null> | null {
    const { log } = this;
    if (!log.isFlushDue) return null;
    if (this.#dueFlush?.endOffset === log.logEndOffset) return this.#dueFlush.isDone;
    const isDone = log.flush().then(() => null, storageErrorOf);
    const flush = { endOffset: log.logEndOffset, isDone };
    this.#dueFlush = flush;
    return isDone.then((failure) => {
      if (this.#dueFlush === flush) this.#dueFlush = null;
      this.maybeAdvanceHighWatermark();
      return failure;
    });
  }

  /** Moves the high watermark to what all in-sync replicas have. */
  maybeAdvanceHighWatermark(): void {
    const { leader, log } = this;
    if (leader === undefined || leader.highWatermark >= log.logEndOffset) return;
    const advanced = advanceHighWatermark(leader, log.countedEndOffset, commitRuleOf(this.#surroundings, this.settings.minInSyncReplicas));
    if (advanced === leader) return;
    this.#setState(advanced);
    log.updateHighWatermark(advanced.highWatermark);
    const { topic, partition } = this;
    this.#surroundings.trace({ kind: 'high-watermark-advanced', topic, partition, highWatermark: log.highWatermark });
    this.#waiters.onWatermark(log.highWatermark);
    this.#tellCommitted();
  }

  #tellCommitted(): void {
    const sizeBytes = this.#uncommittedBytes;
    this.#uncommittedBytes = 0;
    this.#surroundings.fetches.notify(this.name, sizeBytes);
    this.#news.tell('committed', sizeBytes);
  }

  /**
   * Resolves once the high watermark is at `nextOffset`. Invariant: only a leader has waiters. Who comes behind the end of the
   * leadership it wrote in is answered at once: nothing would wake it here.
   */
  whenCommitted(nextOffset: number, wait: { readonly leaderEpoch: number; readonly timeoutMs: number | null }): Promise<number> {
    if (this.leader?.leaderEpoch !== wait.leaderEpoch) return Promise.resolve(errorCodes.NOT_LEADER_OR_FOLLOWER);
    return this.#waiters.wait(nextOffset, wait.timeoutMs);
  }

  // -- the beginning of the log ----------------------------------------------------------------------

  /** Where the log begins on every live replica: whoever may lead next has let go of what lies below. */
  get lowWatermark(): number {
    return lowWatermarkOf(this.leader, this.log.logStartOffset, this.#surroundings);
  }

  /** Resolves once all live replicas begin at `offset`, with an error code. */
  whenDeleted(offset: number, timeoutMs: number): Promise<number> {
    if (this.leader === undefined) return Promise.resolve(errorCodes.NOT_LEADER_OR_FOLLOWER);
    return this.#deletions.wait(offset, timeoutMs);
  }

  /** Moved by whatever: followers hear of it at once, and the leader that this replica copies with its next fetch. */
  #onStartMoved(): void {
    this.#surroundings.fetches.wakeAll(this.endName);
    this.#news.tell('start-moved', 0);
    this.#surroundings.onStartMoved(this);
  }

  /** A deletion no longer waits for who has let go, nor for who was fenced or lost its replica meanwhile. */
  #maybeCompleteDeletions(): void {
    if (this.#deletions.count > 0) this.#deletions.onWatermark(this.lowWatermark);
  }

  // -- followers -------------------------------------------------------------------------------------

  /** A follower has come this far; answers an error code when it can't be one. */
  recordFollower(position: FollowerPosition): number {
    const { leader, log } = this;
    assert(leader !== undefined, 'only a leader has followers');
    const { replicaId, replicaEpoch, fetchOffset, logStartOffset } = position;
    // An earlier life of a broker that has registered anew: what it had may be lost since.
    if (replicaEpoch < (leader.followers.get(replicaId)?.brokerEpoch ?? -1)) return errorCodes.NOT_LEADER_OR_FOLLOWER;
    const recorded = recordFetch(leader, {
      brokerId: replicaId,
      brokerEpoch: replicaEpoch,
      fetchOffset,
      logStartOffset,
      leaderEndOffset: log.logEndOffset,
      nowMs: nowMs(this.#surroundings),
    });
    // It has heard of a reassignment that this broker hasn't: it asks again.
    if (recorded === undefined) return errorCodes.UNKNOWN_LEADER_EPOCH;
    this.#setState(recorded);
    this.#maybeExpand(recorded.followers.get(replicaId));
    this.#maybeCompleteDeletions();
    this.maybeAdvanceHighWatermark();
    return errorCodes.NONE;
  }

  /** The follower this consumer had better read from; null: this broker. */
  nearestTo(reader: Reader): number | null {
    return this.leader === undefined ? null : nearestTo(this.leader, reader, this.#surroundings);
  }

  /** False when this broker may have been replaced without having heard: its session lapsed, or nobody follows it any more. */
  get isSureToLead(): boolean {
    return this.leader !== undefined && isSureToLead(this.leader, this.#surroundings);
  }

  /** Led for others to copy, and nobody does. */
  get isDeserted(): boolean {
    return this.leader !== undefined && isDeserted(this.leader, this.#surroundings);
  }

  /** Looks whether a follower has lagged for too long, or a flush for too long been due; called now and then. */
  checkLag(): void {
    const { leader, log } = this;
    if (leader === undefined) return;
    // One that found the disk full is due still, and without another append nobody else would ask again.
    void this.whenFlushed();
    if (leader.followers.size === 0) return;
    const limits = { leaderEndOffset: log.logEndOffset, maxLagMs: this.#surroundings.maxLagMs, nowMs: nowMs(this.#surroundings) };
    this.#propose(leader, proposeShrink(leader, limits));
    // Whoever was waited for and came no nearer holds nobody up any longer.
    this.maybeAdvanceHighWatermark();
    this.#maybeCompleteDeletions();
  }

  /** The controller's word on a proposal of this leader epoch: accepted with a new partition epoch, or refused for certain. */
  onIsrSettled(leaderEpoch: number, accepted: { readonly isr: readonly number[]; readonly partitionEpoch: number } | null): void {
    const { leader } = this;
    if (leader === undefined || leader.leaderEpoch !== leaderEpoch) return;
    this.#setState(accepted === null ? dropProposal(leader) : acceptIsr(leader, accepted));
    this.maybeAdvanceHighWatermark();
  }

  #maybeExpand(follower: FollowerProgress | undefined): void {
    const { leader } = this;
    if (leader === undefined || follower === undefined || leader.isr.includes(follower.brokerId)) return;
    if (!this.#surroundings.isServing(follower.brokerId, follower.brokerEpoch)) return;
    this.#propose(leader, proposeExpand(leader, follower.brokerId));
  }

  #propose(leader: LeaderState, proposal: IsrProposal | null): void {
    if (proposal === null) return;
    this.#setState(awaitIsr(leader, proposal));
    this.#surroundings.proposeIsr(this, proposal);
  }

  /** As follower: the leader's word on what is committed and where the log begins, behind the records it sent. */
  onFollowed(told: { readonly highWatermark: number; readonly logStartOffset: number; readonly appendedBytes: number }): void {
    const { log } = this;
    const before = log.highWatermark;
    this.#uncommittedBytes += told.appendedBytes;
    log.updateHighWatermark(followerHighWatermark(before, told.highWatermark, log.logEndOffset));
    if (log.highWatermark !== before) this.#tellCommitted();
    // Last, since it has to be checkpointed, and a full disk refuses that.
    if (told.logStartOffset > log.logStartOffset) log.deleteBefore(told.logStartOffset, 'leader-began-later');
  }

  // -- leadership ------------------------------------------------------------------------------------

  #lead(view: PartitionView): 'became-leader' | 'unchanged' {
    const before = this.leader;
    assert(
      before === undefined || view.leaderEpoch >= before.leaderEpoch,
      `${this.name}: leader epoch ${view.leaderEpoch} follows ${before?.leaderEpoch}`,
    );
    const isNewEpoch = before?.leaderEpoch !== view.leaderEpoch;
    this.#setState(before === undefined || isNewEpoch ? this.#takeOver(view) : follow(before, view));
    // What it has from its time as a follower may still wait for an fsync.
    void this.whenFlushed();
    this.maybeAdvanceHighWatermark();
    this.#maybeCompleteDeletions();
    if (isNewEpoch) this.#news.tell('role-changed', 0);
    return isNewEpoch ? 'became-leader' : 'unchanged';
  }

  #takeOver(view: PartitionView): LeaderState {
    const { log } = this;
    log.assignEpoch(view.leaderEpoch);
    const { leaderEpoch, partitionEpoch, replicas, isr } = view;
    const { logEndOffset, highWatermark } = log;
    const brokerId = this.#surroundings.brokerId;
    return takeOver({
      brokerId,
      leaderEpoch,
      partitionEpoch,
      replicas,
      isr,
      logEndOffset,
      highWatermark,
      nowMs: nowMs(this.#surroundings),
    });
  }

  #setState(state: LeaderState): void {
    this.#role = { kind: 'leader', leaderEpoch: state.leaderEpoch, state };
  }

  #releaseAll(errorCode: number): void {
    this.#waiters.cancelAll(errorCode);
    this.#deletions.cancelAll(errorCode);
    assert(this.#waiters.count + this.#deletions.count === 0, `${this.name}: nobody waits for a commit where nobody leads`);
    this.#surroundings.fetches.wakeAll(this.name);
    this.#surroundings.fetches.wakeAll(this.endName);
    this.#news.tell('role-changed', 0);
  }
}

/** The metadata's news of a partition that is led in the same epoch as before. */
function follow(before: LeaderState, view: PartitionView): LeaderState {
  return applyIsr(applyReplicas(before, view.replicas), view.isr, view.partitionEpoch);
}
