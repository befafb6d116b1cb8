// What one log remembers of its idempotent and transactional producers: the last five batches of each
// (so that a retry after a restart or a change of leader is still recognised), the open transactions
// (so that the last stable offset is known) and the epoch of the coordinator that last ended one.
// It is a pure function of the batches in the log: rebuilding it from them gives the same state.

import {
  baseOffset,
  baseSequence,
  batchHeaderBytes,
  batchSize,
  isControl,
  isTransactional,
  lastOffset,
  lastOffsetDelta,
  lastSequence,
  maxTimestamp,
  producerEpoch,
  producerId,
} from '#engine/protocol/records/batch.ts';
import { rememberBatch, type ProducerHistory } from '#engine/protocol/records/producer-history.ts';
import { readFirstMarker } from '#engine/protocol/records/control-record.ts';

export interface ProducerState extends ProducerHistory {
  readonly producerId: number;
  readonly lastTimestampMs: number;
  /** Of the last transaction marker; -1 when there was none. */
  readonly coordinatorEpoch: number;
  /** Where the open transaction begins; -1 when none is open. */
  readonly currentTransactionFirstOffset: number;
}

/** A transaction that a marker just ended. */
export interface EndedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of the marker. */
  readonly lastOffset: number;
  readonly isAborted: boolean;
}

type MutableState = { -readonly [Key in keyof ProducerState]: ProducerState[Key] };

export class ProducerTable {
  /** Null before the first: most logs of a large cluster never meet a producer with an id, and an empty map is not small. */
  #states: Map<number, MutableState> | null = null;
  /** Ended, but the marker isn't below the high watermark yet: readers must not pass them. */
  #undecided: EndedTransaction[] = [];
  /** Producers with an open transaction and where it begins. */
  #open: Map<number, number> | null = null;

  get size(): number {
    return this.#states?.size ?? 0;
  }
  get(id: number): ProducerState | undefined {
    return this.#states?.get(id);
  }
  all(): Iterable<ProducerState> {
    return this.#states?.values() ?? [];
  }

  /**
   * Takes note of a batch that was appended (or is replayed). Returns the transaction it ended, if it
   * is a marker that ended one.
   */
  replay(bytes: Uint8Array, batch: number): EndedTransaction | null {
    const id = producerId(bytes, batch);
    if (id < 0) return null;
    const state = this.#stateOf(id, producerEpoch(bytes, batch));
    state.lastTimestampMs = maxTimestamp(bytes, batch);
    if (isControl(bytes, batch)) return this.#replayMarker(state, bytes, batch);
    this.#remember(state, bytes, batch);
    if (isTransactional(bytes, batch) && state.currentTransactionFirstOffset < 0) {
      state.currentTransactionFirstOffset = baseOffset(bytes, batch);
      this.#noteOpen(state);
    }
    return null;
  }

  #stateOf(id: number, epoch: number): MutableState {
    let state = this.#states?.get(id);
    if (state === undefined) {
      state = {
        producerId: id,
        producerEpoch: epoch,
        batches: [],
        lastTimestampMs: -1,
        coordinatorEpoch: -1,
        currentTransactionFirstOffset: -1,
      };
      this.#put(state);
    } else if (epoch > state.producerEpoch) {
      state.producerEpoch = epoch;
      state.batches = [];
    }
    return state;
  }

  #remember(state: MutableState, bytes: Uint8Array, batch: number): void {
    const written = {
      firstSequence: baseSequence(bytes, batch),
      lastSequence: lastSequence(bytes, batch),
      firstOffset: lastOffset(bytes, batch) - lastOffsetDelta(bytes, batch),
      lastOffset: lastOffset(bytes, batch),
      timestampMs: maxTimestamp(bytes, batch),
    };
    state.batches = rememberBatch(state, state.producerEpoch, written).batches;
  }

  #replayMarker(state: MutableState, bytes: Uint8Array, batch: number): EndedTransaction | null {
    const marker = readFirstMarker(bytes.subarray(batch + batchHeaderBytes, batch + batchSize(bytes, batch)));
    if (marker === null) return null;
    state.coordinatorEpoch = marker.coordinatorEpoch;
    const firstOffset = state.currentTransactionFirstOffset;
    if (firstOffset < 0) return null;
    state.currentTransactionFirstOffset = -1;
    this.#open?.delete(state.producerId);
    const ended = { producerId: state.producerId, firstOffset, lastOffset: baseOffset(bytes, batch), isAborted: !marker.isCommit };
    this.#undecided.push(ended);
    return ended;
  }

  /** The first offset that isn't decided for readers of committed data, or null when all is. */
  firstUnstableOffset(): number | null {
    const first = Math.min(
      this.#firstOpen(),
      this.#undecided.reduce((least, ended) => Math.min(least, ended.firstOffset), Infinity),
    );
    return first === Infinity ? null : first;
  }

  /** The last stable offset as it will be once `ended` is decided: what the transaction index notes. */
  stableOffsetAfter(ended: EndedTransaction): number {
    return Math.min(this.#firstOpen(), ended.lastOffset + 1);
  }

  #firstOpen(): number {
    let least = Infinity;
    for (const first of this.#open?.values() ?? []) if (first < least) least = first;
    return least;
  }

  onHighWatermark(highWatermark: number): void {
    if (this.#undecided.length === 0) return;
    this.#undecided = this.#undecided.filter((ended) => ended.lastOffset >= highWatermark);
  }

  /** Producers not heard of for `expirationMs` go, unless a transaction of theirs is still open. */
  removeExpired(nowMs: number, expirationMs: number): number {
    let removed = 0;
    for (const state of this.#states?.values() ?? []) {
      if (state.currentTransactionFirstOffset >= 0 || nowMs - state.lastTimestampMs < expirationMs) continue;
      this.#states?.delete(state.producerId);
      removed++;
    }
    return removed;
  }

  /** Puts back one producer as a snapshot kept it. */
  restore(state: ProducerState): void {
    this.#put({ ...state });
    if (state.currentTransactionFirstOffset >= 0) this.#noteOpen(state);
  }

  #put(state: MutableState): void {
    this.#states ??= new Map();
    this.#states.set(state.producerId, state);
  }

  #noteOpen({ producerId: id, currentTransactionFirstOffset }: ProducerState): void {
    this.#open ??= new Map();
    this.#open.set(id, currentTransactionFirstOffset);
  }

  clear(): void {
    this.#states = null;
    this.#open = null;
    this.#undecided = [];
  }
}
