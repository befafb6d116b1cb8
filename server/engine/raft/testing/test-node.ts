// One node of a test cluster with its disk: what a crash takes, what a restart finds. Carries out the effects that concern
// this node alone, exactly as the README's contract says a driver must.

import { assert } from '#engine/base/assert.ts';
import { EpochHistory } from '../epoch-history.ts';
import type { RaftBatch, RaftEffect, RaftRequest, SnapshotId } from '../messages.ts';
import { createQuorum } from '../step.ts';
import type { PersistedVote, Quorum, RaftConfig } from '../types.ts';
import { VoterHistory, type VoterSet } from '../voter-set.ts';

/** One record, which here is a batch of its own. */
export interface Entry {
  readonly epoch: number;
  readonly text: string;
  /** What the record says of the voters, if it does. */
  readonly voters?: VoterSet;
}

export interface Asker {
  readonly from: number;
  readonly ticket: number;
  readonly request: RaftRequest;
}

interface Snapshot {
  readonly id: SnapshotId;
  readonly entries: readonly Entry[];
}

/** What survives a crash: vote and snapshot at once, records only once flushed. */
interface Disk {
  vote: PersistedVote;
  snapshot: Snapshot | null;
  /** The records from `startOffset` on. */
  startOffset: number;
  entries: Entry[];
  durableEnd: number;
  part: string;
}

/** Known mistakes, planted around the state machine to see whether the invariants notice them. */
export type Sabotage =
  | 'forgets-vote'
  | 'cuts-to-high-watermark'
  | 'lies-about-flushes'
  | 'counts-foreign-votes'
  | 'counts-foreign-acks'
  | 'takes-late-answers'
  | 'overlooks-voters';

const encode = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const decode = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

export class TestNode {
  readonly id: number;
  readonly config: RaftConfig;
  readonly #configured: VoterSet;
  readonly #disk: Disk;
  readonly #sabotage: Sabotage | undefined;
  quorum: Quorum;
  isUp = false;
  /** The most this node ever knew to be committed, over all its lives. */
  committed = 0;
  /** Who waits for an answer, by request id. */
  readonly askers = new Map<number, Asker>();
  nextRequestId = 1;
  /** Every crash begins another life; answers to an earlier one find nobody. */
  life = 0;

  constructor(config: RaftConfig, configured: VoterSet, sabotage: Sabotage | undefined) {
    this.id = config.nodeId;
    this.config = config;
    this.#configured = configured;
    this.#sabotage = sabotage;
    const vote = { epoch: 0, leaderId: null, votedId: null };
    this.#disk = { vote, snapshot: null, startOffset: 0, entries: [], durableEnd: 0, part: '' };
    this.quorum = this.#recover();
  }

  get endOffset(): number {
    return this.#disk.startOffset + this.#disk.entries.length;
  }
  get startOffset(): number {
    return this.#disk.startOffset;
  }

  /** All records from the first one on, those that only a snapshot holds included. */
  get entries(): readonly Entry[] {
    const { snapshot, startOffset, entries } = this.#disk;
    return [...(snapshot?.entries.slice(0, startOffset) ?? []), ...entries];
  }

  boot(): void {
    const disk = this.#disk;
    this.isUp = true;
    this.life += 1;
    if (this.#sabotage === 'forgets-vote') disk.vote = { ...disk.vote, leaderId: null, votedId: null };
    if (this.#sabotage === 'cuts-to-high-watermark') this.#cut(Math.max(this.committed, disk.startOffset));
    disk.durableEnd = Math.min(disk.durableEnd, this.endOffset);
    this.quorum = this.#recover();
  }

  /** A crash loses everything that wasn't flushed. */
  crash(): void {
    this.isUp = false;
    this.#cut(this.#disk.durableEnd);
    this.#disk.part = '';
    this.askers.clear();
  }

  #cut(endOffset: number): void {
    this.#disk.entries.splice(Math.max(0, endOffset - this.#disk.startOffset));
  }

  #recover(): Quorum {
    const { vote, snapshot, startOffset, entries } = this.#disk;
    const starts = entries.flatMap(({ epoch }, index) =>
      entries[index - 1]?.epoch === epoch ? [] : [{ epoch, startOffset: startOffset + index }],
    );
    const base = snapshot?.entries[startOffset - 1];
    const history = base === undefined ? EpochHistory.of(starts) : EpochHistory.above({ offset: startOffset, epoch: base.epoch }, starts);
    const voters = this.#voters();
    return createQuorum(this.config, vote, { startOffset, endOffset: this.endOffset, history, voters, snapshot: snapshot?.id ?? null });
  }

  #voters(): VoterHistory {
    const { startOffset, entries } = this.#disk;
    const changes = entries.flatMap(({ voters }, index) => (voters === undefined ? [] : [{ offset: startOffset + index, set: voters }]));
    return new VoterHistory(this.snapshotVoters() ?? this.#configured, changes);
  }

  /** The last word of the snapshot on the voters. */
  snapshotVoters(): VoterSet | null {
    return this.#disk.snapshot?.entries.findLast(({ voters }) => voters !== undefined)?.voters ?? null;
  }

  /** Carries out what happens on this node; answers whether it did. */
  perform(effect: RaftEffect): boolean {
    const disk = this.#disk;
    switch (effect.kind) {
      case 'save-vote':
        disk.vote = effect.vote;
        return true;
      case 'append-leader-change':
        disk.entries.push({ epoch: effect.epoch, text: `leader ${this.id}` });
        return true;
      case 'append-voters': {
        const { epoch, set, isUpgrade } = effect;
        const ids = set.voters.map(({ nodeId }) => nodeId).join();
        if (isUpgrade) disk.entries.push({ epoch, text: 'kraft.version 1' });
        disk.entries.push({ epoch, text: `voters ${ids}`, voters: set });
        return true;
      }
      case 'append':
        disk.entries.push(
          ...effect.batches.map(({ epoch, bytes, voters }) => ({
            epoch,
            text: decode(bytes),
            ...(voters === undefined ? {} : { voters }),
          })),
        );
        return true;
      case 'truncate':
        this.#cut(effect.endOffset);
        disk.durableEnd = Math.min(disk.durableEnd, effect.endOffset);
        return true;
      case 'flush':
        if (this.#sabotage !== 'lies-about-flushes') disk.durableEnd = this.endOffset;
        return true;
      case 'commit':
        this.committed = Math.max(this.committed, effect.highWatermark);
        return true;
      case 'snapshot-piece':
        disk.part = disk.part.slice(0, effect.position) + decode(effect.bytes);
        return true;
      case 'install-snapshot':
        this.#install(effect.id);
        return true;
      case 'send':
      case 'reply':
      case 'leader-known':
      case 'append-refused':
      case 'answer-voters':
        return false;
    }
  }

  /** A snapshot of what is committed, with the log behind it gone: the id to tell the state machine. */
  takeSnapshot(): SnapshotId | null {
    const { highWatermark } = this.quorum;
    const entries = this.entries.slice(0, highWatermark);
    const last = entries.at(-1);
    if (last === undefined || highWatermark <= (this.#disk.snapshot?.id.offset ?? 0)) return null;
    const id = { offset: highWatermark, epoch: last.epoch };
    this.#disk.snapshot = { id, entries };
    this.#disk.entries.splice(0, highWatermark - this.#disk.startOffset);
    this.#disk.startOffset = highWatermark;
    this.#disk.durableEnd = Math.max(this.#disk.durableEnd, highWatermark);
    return id;
  }

  #install(id: SnapshotId): void {
    const entries = JSON.parse(this.#disk.part) as readonly Entry[];
    assert(entries.length === id.offset && entries.at(-1)?.epoch === id.epoch, 'the pieces make the snapshot that was asked for');
    Object.assign(this.#disk, { snapshot: { id, entries }, startOffset: id.offset, entries: [], durableEnd: id.offset, part: '' });
    this.committed = Math.max(this.committed, id.offset);
  }

  readBatches(offset: number, maxCount: number): readonly RaftBatch[] {
    const { startOffset, entries } = this.#disk;
    assert(offset >= startOffset, `node ${this.id} was asked for ${offset} and begins at ${startOffset}`);
    return entries.slice(offset - startOffset, offset - startOffset + maxCount).map(({ epoch, text, voters }, index) => ({
      ...(voters === undefined || this.#sabotage === 'overlooks-voters' ? {} : { voters }),
      baseOffset: offset + index,
      lastOffset: offset + index,
      epoch,
      bytes: encode(text),
    }));
  }

  readPiece(id: SnapshotId, position: number, maxBytes: number): { readonly bytes: Uint8Array; readonly totalBytes: number } | null {
    const { snapshot } = this.#disk;
    if (snapshot === null || snapshot.id.offset !== id.offset || snapshot.id.epoch !== id.epoch) return null;
    const text = JSON.stringify(snapshot.entries);
    return { bytes: encode(text.slice(position, position + maxBytes)), totalBytes: text.length };
  }
}
