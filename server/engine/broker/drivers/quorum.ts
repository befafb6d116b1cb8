// Drives the metadata quorum: feeds the state machine with requests, answers and time, and carries out its effects in their
// order. Whatever follows a flush waits until the disk has it; effects of later inputs queue up behind. On a full disk all of
// them wait, and the one that found no room is tried again: nothing was promised yet, and retention may make room meanwhile.
// Invariant: no message leaves before what it promises is durable. Whoever asks is answered once, at the latest by close() or a failure.

import { assert } from '#engine/base/assert.ts';
import type { MetadataRecord } from '#engine/controller/records.ts';
import type { RaftEffect, RaftInput, RaftReply, RaftRequest, SnapshotId, VoterOutcome, VoterRequest } from '#engine/raft/messages.ts';
import { createQuorum, nextTickMs, step } from '#engine/raft/step.ts';
import { knownLeader, votersOf } from '#engine/raft/turn.ts';
import type { Quorum, RaftConfig } from '#engine/raft/types.ts';
import { isDiskFull, type StorageError } from '#engine/storage/storage-error.ts';
import type { World } from '#engine/world/ports.ts';
import { Alarm } from './alarm.ts';
import { encodeLeaderChange, encodeMetadataBatch, type MetadataBatch } from './metadata-record-codec.ts';
import type { QuorumLog } from './quorum-log.ts';
import type { QuorumPeers } from './quorum-peers.ts';
import type { LoadedSnapshot } from './quorum-snapshots.ts';
import { readQuorumState } from './quorum-state-file.ts';
import { maxFetchBytes } from './quorum-wire.ts';
import { RoomWait } from './room-wait.ts';
import { encodeVoters } from './voter-records.ts';

/** Effects that may wait behind a slow or full disk; beyond it the disk is as good as dead. */
const maxQueuedEffects = 100_000;

/** Whoever keeps the cluster's image. */
export interface QuorumListener {
  /** Replaces everything known. */
  onSnapshot(snapshot: LoadedSnapshot): void;
  /** Committed batches, in order, without a hole. */
  onCommitted(batches: Iterable<MetadataBatch>, highWatermark: number): void;
  onLeader(change: { readonly epoch: number; readonly leaderId: number | null; readonly cause: string }): void;
}

export interface QuorumOptions {
  readonly world: World;
  readonly raft: RaftConfig;
  readonly log: QuorumLog;
  readonly listener: QuorumListener;
  readonly connect: (give: (input: RaftInput) => void) => QuorumPeers;
  /** The log directory failed or the state contradicts itself: this process can't go on. */
  readonly onFatal: (error: unknown) => void;
  /** The disk is full: nothing more is decided here until it has room. Said once for each time. */
  readonly onNoRoom: (error: StorageError) => void;
}

interface Waiting {
  readonly maxBytes: number;
  readonly resolve: (answer: QuorumAnswer | null) => void;
}

/** A reply with the bytes that it only names. */
export interface QuorumAnswer {
  readonly reply: RaftReply;
  readonly records: Uint8Array | null;
}

export class QuorumDriver {
  readonly #options: QuorumOptions;
  readonly #quorum: Quorum;
  readonly #peers: QuorumPeers;
  readonly #effects: RaftEffect[] = [];
  readonly #waiting = new Map<number, Waiting>();
  readonly #waitingForVoters = new Map<number, (outcome: VoterOutcome) => void>();
  readonly #idleWaiters: (() => void)[] = [];
  #nextRequestId = 1;
  #isRunning = false;
  #isClosed = false;
  #hasFailed = false;
  readonly #room: RoomWait;
  readonly #alarm: Alarm;
  /** Batches below this were given to the listener. */
  #appliedOffset: number;

  constructor(options: QuorumOptions) {
    this.#options = options;
    this.#room = new RoomWait(options.world, options.onNoRoom);
    const { log, raft, world } = options;
    const raftLog = log.toRaftLog();
    const place = { files: world.files, directory: log.path, voters: raftLog.voters.latest };
    this.#quorum = createQuorum(raft, readQuorumState(place), raftLog);
    this.#appliedOffset = log.snapshot?.id.offset ?? log.startOffset;
    this.#alarm = new Alarm(world, () => {
      this.give({ kind: 'tick' });
    });
    this.#peers = options.connect((input) => {
      this.give(input);
    });
  }

  /** Read-only for callers: describing the quorum, and the active controller's next offset. */
  get quorum(): Readonly<Quorum> {
    return this.#quorum;
  }
  get leaderId(): number | null {
    return knownLeader(this.#quorum);
  }
  get isLeader(): boolean {
    return this.#quorum.role.kind === 'leader';
  }
  get nowMs(): number {
    return this.#options.world.clock.monotonicUs() / 1_000;
  }

  start(): void {
    const { log, listener } = this.#options;
    if (log.snapshot !== null) listener.onSnapshot(log.snapshot);
    this.give({ kind: 'start' });
  }

  /** Takes one input and does what follows from it, now or behind what is still being done. A contradiction in the state is fatal. */
  give(input: RaftInput): void {
    if (this.#isClosed) return;
    this.#guard(() => {
      this.#effects.push(...step(this.#quorum, this.nowMs, input));
      assert(this.#effects.length <= maxQueuedEffects, 'the metadata disk does not keep up');
    });
    this.#run();
    if (!this.#isClosed) this.#alarm.setTo(nextTickMs(this.#quorum));
  }

  /** A peer's request; resolves with the answer once it may leave, or with null when this node has left the quorum. */
  ask(request: RaftRequest, maxBytes = maxFetchBytes): Promise<QuorumAnswer | null> {
    if (this.#isClosed) return Promise.resolve(null);
    return new Promise((resolve) => {
      const requestId = this.#nextRequestId++;
      this.#waiting.set(requestId, { maxBytes, resolve });
      this.give({ kind: 'request', requestId, request });
    });
  }

  /** Adds, removes or changes a voter; resolves when that is committed, or why it isn't. */
  changeVoters(request: VoterRequest, timeoutMs: number): Promise<VoterOutcome> {
    if (this.#isClosed) return Promise.resolve('not-leader');
    return new Promise((resolve) => {
      const requestId = this.#nextRequestId++;
      this.#waitingForVoters.set(requestId, resolve);
      this.give({ kind: 'change-voters', requestId, request, deadlineMs: this.nowMs + timeoutMs });
    });
  }

  /** Appends one atomic batch; answers its base offset, or null when this node doesn't lead `epoch` any more. */
  append(records: readonly MetadataRecord[], epoch: number): number | null {
    if (!this.isLeader || this.#quorum.epoch !== epoch) return null;
    const baseOffset = this.#quorum.log.endOffset;
    const bytes = encodeMetadataBatch(records, { baseOffset, epoch, timestampMs: this.#options.world.clock.nowMs() });
    this.give({ kind: 'append', epoch, recordCount: records.length, bytes });
    return baseOffset;
  }

  /** Writes a snapshot of committed state; the log behind it may go. False on a full disk: the log alone tells all, only longer. */
  saveSnapshot(id: SnapshotId, records: Iterable<MetadataRecord>): boolean {
    let isSaved = false;
    this.#guard(() => {
      try {
        const logStartOffset = this.#options.log.saveSnapshot(id, { records, voters: this.#quorum.log.voters.before(id.offset) });
        isSaved = true;
        this.give({ kind: 'snapshot-saved', id, logStartOffset });
      } catch (error) {
        if (!isDiskFull(error)) throw error;
      }
    });
    return isSaved;
  }

  /** Hands leadership over, finishes what is under way, and stops. */
  async close(): Promise<void> {
    this.give({ kind: 'resign', reason: 'shutdown' });
    this.#isClosed = true;
    this.#alarm.clear();
    if (this.#room.isWaiting) this.#giveUpWaiting();
    await this.#whenIdle();
    this.#releaseAll();
    await this.#peers.close();
    // What failed, or was given up in the middle, can't be closed in order; the next start recovers it.
    if (this.#hasFailed) this.#options.log.noteUncleanEnd();
    else await this.#options.log.close();
  }

  #whenIdle(): Promise<void> {
    return this.#isRunning
      ? new Promise((resolve) => {
          this.#idleWaiters.push(resolve);
        })
      : Promise.resolve();
  }

  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#guard(() => {
      for (let effect = this.#effects[0]; effect !== undefined; effect = this.#effects[0]) {
        if (effect.kind === 'flush') return this.#flushThenRun();
        if (!this.#hasRoomFor(effect)) return;
        this.#effects.shift();
      }
      this.#isRunning = false;
      for (const resolve of this.#idleWaiters.splice(0)) resolve();
    });
  }

  /** Appends that already queue behind this flush join it: one fsync commits them all. */
  #flushThenRun(): void {
    if (!this.#hoistAppends()) return;
    this.#options.log.flush().then(
      () => {
        this.#room.onWritten();
        this.#effects.shift();
        this.#goOn();
      },
      (error: unknown) => {
        if (isDiskFull(error)) this.#waitForRoom(error);
        else this.#fail(error);
      },
    );
  }

  #goOn(): void {
    this.#isRunning = false;
    this.#run();
  }

  /** Carries the effect out. False when the disk has no room for it: then it stays the next, and nobody has heard of it. */
  #hasRoomFor(effect: Exclude<RaftEffect, { kind: 'flush' }>): boolean {
    try {
      this.#perform(effect);
    } catch (error) {
      if (!isDiskFull(error) || !isRepeatable(effect)) throw error;
      if (effect.kind === 'append') this.#keepUnwritten(effect);
      this.#waitForRoom(error);
      return false;
    }
    if (isRepeatable(effect)) this.#room.onWritten();
    return true;
  }

  /** The first of several batches may have found room. */
  #keepUnwritten(effect: Extract<RaftEffect, { kind: 'append' }>): void {
    const { endOffset } = this.#options.log;
    this.#effects[this.#effects.indexOf(effect)] = {
      ...effect,
      batches: effect.batches.filter(({ baseOffset }) => baseOffset >= endOffset),
    };
  }

  #waitForRoom(error: StorageError): void {
    if (this.#isClosed) return this.#giveUpWaiting();
    this.#room.tryLater(error, () => {
      this.#goOn();
    });
  }

  /** What waits for room was promised to nobody; the next start recovers the log as it is. */
  #giveUpWaiting(): void {
    this.#room.cancel();
    this.#hasFailed = true;
    this.#effects.length = 0;
    this.#goOn();
  }

  /**
   * Moves queued appends before the flush that is about to begin. Safe as long as nothing between changes the log in
   * another way or must be durable by itself: an append alone is visible to nobody. False when the disk has no room.
   */
  #hoistAppends(): boolean {
    for (let at = 1; at < this.#effects.length; at++) {
      const effect = this.#effects[at];
      if (effect === undefined || effect.kind === 'save-vote' || effect.kind === 'truncate' || effect.kind === 'install-snapshot')
        return true;
      if (effect.kind !== 'append' && effect.kind !== 'append-voters') continue;
      if (!this.#hasRoomFor(effect)) return false;
      this.#effects.splice(at, 1);
      at -= 1;
    }
    return true;
  }

  #perform(effect: Exclude<RaftEffect, { kind: 'flush' }>): void {
    const { log, listener } = this.#options;
    switch (effect.kind) {
      case 'save-vote':
        return log.saveVote(effect.vote, votersOf(this.#quorum));
      case 'append-leader-change':
        return this.#appendLeaderChange(effect);
      case 'append-voters':
        return this.#appendVoters(effect);
      case 'answer-voters':
        return this.#answerVoters(effect.requestId, effect.outcome);
      case 'append':
        return log.append(effect.batches);
      case 'truncate':
        return log.truncateTo(effect.endOffset);
      case 'send':
        return this.#peers.send(effect);
      case 'reply':
        return this.#reply(effect.requestId, effect.reply);
      case 'commit':
        return this.#commit(effect.highWatermark);
      case 'leader-known':
        return listener.onLeader(effect);
      case 'snapshot-piece':
        return log.writeSnapshotPiece(effect.id, effect.position, effect.bytes);
      case 'install-snapshot':
        return this.#installSnapshot(effect.id);
      case 'append-refused':
        return;
    }
  }

  #appendLeaderChange(effect: Extract<RaftEffect, { kind: 'append-leader-change' }>): void {
    const { log, raft, world } = this.#options;
    const { baseOffset, epoch } = effect;
    const bytes = encodeLeaderChange({ ...effect, leaderId: raft.nodeId }, { baseOffset, epoch, timestampMs: world.clock.nowMs() });
    log.append([{ baseOffset, lastOffset: baseOffset, epoch, bytes }]);
  }

  #appendVoters({ baseOffset, epoch, set, isUpgrade }: Extract<RaftEffect, { kind: 'append-voters' }>): void {
    const bytes = encodeVoters(set, isUpgrade, { baseOffset, epoch, timestampMs: this.#options.world.clock.nowMs() });
    this.#options.log.append([{ baseOffset, lastOffset: isUpgrade ? baseOffset + 1 : baseOffset, epoch, bytes }]);
  }

  #answerVoters(requestId: number, outcome: VoterOutcome): void {
    this.#waitingForVoters.get(requestId)?.(outcome);
    this.#waitingForVoters.delete(requestId);
  }

  #reply(requestId: number, reply: RaftReply): void {
    const waiting = this.#waiting.get(requestId);
    if (waiting === undefined) return;
    this.#waiting.delete(requestId);
    waiting.resolve(this.#withBytes(reply, waiting.maxBytes));
  }

  #withBytes(reply: RaftReply, maxBytes: number): QuorumAnswer {
    const { log } = this.#options;
    if (reply.kind === 'fetch' && reply.content.kind === 'from') {
      // While the answer waited for an fsync a snapshot may have taken its records: asked again, the follower hears of it.
      if (reply.content.offset < log.startOffset) return { reply: { ...reply, content: { kind: 'nothing' } }, records: null };
      return { reply, records: log.readBytes(reply.content.offset, maxBytes) };
    }
    if (reply.kind !== 'fetch-snapshot' || reply.error !== 'none') return { reply, records: null };
    const piece = log.readSnapshotPiece(reply.id, reply.position, maxBytes);
    return { reply: piece === null ? { ...reply, error: 'snapshot-not-found' } : { ...reply, piece }, records: null };
  }

  #commit(highWatermark: number): void {
    const { log, listener } = this.#options;
    log.updateHighWatermark(highWatermark);
    const from = this.#appliedOffset;
    if (highWatermark <= from) return;
    this.#appliedOffset = highWatermark;
    listener.onCommitted(log.readBatches(from, highWatermark), highWatermark);
  }

  #installSnapshot(id: SnapshotId): void {
    const { log, listener } = this.#options;
    const snapshot = log.installSnapshot(id);
    this.#appliedOffset = id.offset;
    listener.onSnapshot(snapshot);
    this.give({ kind: 'snapshot-installed', id, voters: snapshot.voters });
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What was queued relied on what failed: none of it may happen any more, and nobody waits for it. */
  #fail(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#isClosed = true;
    this.#isRunning = false;
    this.#effects.length = 0;
    this.#alarm.clear();
    this.#room.cancel();
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
    this.#releaseAll();
    this.#options.onFatal(error);
  }

  /** Nothing more will be decided here. */
  #releaseAll(): void {
    for (const { resolve } of this.#waiting.values()) resolve(null);
    this.#waiting.clear();
    for (const requestId of this.#waitingForVoters.keys()) this.#answerVoters(requestId, 'not-leader');
    assert(this.#waiting.size + this.#waitingForVoters.size === 0, 'nobody waits for a quorum that has ended');
  }
}

/** Writes that may be done again: either nothing of them has happened, or what has is passed over. */
function isRepeatable({ kind }: RaftEffect): boolean {
  return (
    kind === 'save-vote' || kind === 'append' || kind === 'append-voters' || kind === 'append-leader-change' || kind === 'snapshot-piece'
  );
}
