// Replays a coordinator's partition into a fresh shard, slice by slice so that other work goes on, and waits until
// all it has read is committed: a shard must not answer from what another leader might not have.

import { Retries, type BackOff } from '#engine/client/back-off.ts';
import { DecodeError } from '#engine/bytes/errors.ts';
import { load } from '#engine/coordinator/shard.ts';
import type { Shard, Turn } from '#engine/coordinator/shard.ts';
import { batchSize, isControl, nextOffset } from '#engine/protocol/records/batch.ts';
import { checkBatch } from '#engine/protocol/records/batch-check.ts';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import { DecompressionError } from '#engine/world/ports.ts';
import type { CoordinatorKind, RuntimeSurroundings } from './coordinator-runtime.ts';
import { drawUuid } from './draw-uuid.ts';

export interface LoaderOptions<Input, DurableRecord, Response> {
  readonly kind: CoordinatorKind<Input, DurableRecord, Response>;
  readonly surroundings: RuntimeSurroundings;
  readonly partition: number;
}

export interface LoadListener<Input, DurableRecord, Response> {
  /** False once the partition was resigned: loading ends without a word. */
  readonly isWanted: () => boolean;
  readonly onLoaded: (turn: Turn<Input, DurableRecord, Response>) => void;
  readonly onFailed: (reason: string) => void;
}

/** A coordinator's own batches are small; anything beyond this is no batch of ours. */
const maxDecompressedBytes = 64 * 1024 * 1024;
/** How often to look whether the rest is committed. Mostly that takes a moment; with too few in sync it takes as long as they do. */
const commitPoll: BackOff = { initialMs: 20, maxMs: 500 };

export class CoordinatorLoader<Input, DurableRecord, Response> {
  readonly #options: LoaderOptions<Input, DurableRecord, Response>;
  readonly #startedUs: number;
  readonly #commitPolls: Retries;
  #replayed = 0;

  constructor(options: LoaderOptions<Input, DurableRecord, Response>) {
    this.#options = options;
    this.#commitPolls = new Retries(commitPoll, options.surroundings.world.random);
    this.#startedUs = options.surroundings.world.clock.monotonicUs();
  }

  run(shard: Shard<Input, DurableRecord, Response>, listener: LoadListener<Input, DurableRecord, Response>): void {
    this.#readFrom(0, shard, listener);
  }

  #readFrom(offset: number, shard: Shard<Input, DurableRecord, Response>, listener: LoadListener<Input, DurableRecord, Response>): void {
    if (!listener.isWanted()) return;
    const { surroundings, kind, partition } = this.#options;
    const read = (from: number) => surroundings.partitions.readLocal({ topic: kind.topic, partition }, from, surroundings.loadBufferBytes);
    let slice = read(offset);
    if (slice !== undefined && offset < slice.logStartOffset) slice = read(slice.logStartOffset);
    if (slice === undefined) return listener.onFailed('the log is not there');
    if (slice.records.byteLength > 0) {
      const next = this.#replaySlice(slice.records, offset, shard);
      if (typeof next === 'string') return listener.onFailed(next);
      surroundings.world.timers.soon(() => {
        this.#readFrom(next, shard, listener);
      });
    } else if (slice.highWatermark < slice.logEndOffset) {
      surroundings.world.timers.setTimer(this.#commitPolls.nextDelayMs(), () => {
        this.#readFrom(offset, shard, listener);
      });
    } else this.#finish(shard, listener);
  }

  /** The offset to read on from, or what is wrong with the slice. */
  #replaySlice(records: Uint8Array, from: number, shard: Shard<Input, DurableRecord, Response>): number | string {
    let next = from;
    try {
      for (let at = 0; at < records.byteLength; at += batchSize(records, at)) {
        const fault = checkBatch(records, at, records.byteLength);
        if (fault !== null) return `the batch at offset ${next} is damaged: ${fault}`;
        next = nextOffset(records, at);
        if (!isControl(records, at)) this.#replayBatch(records, at, shard);
      }
    } catch (error) {
      if (error instanceof DecodeError || error instanceof DecompressionError)
        return `a record before offset ${next} can't be read: ${error.message}`;
      throw error;
    }
    return next;
  }

  #replayBatch(records: Uint8Array, at: number, shard: Shard<Input, DurableRecord, Response>): void {
    const { compression } = this.#options.surroundings.world;
    for (const { key, value } of recordsOf(records, at, { compression, maxDecompressedBytes })) {
      const record = key === null ? null : this.#options.kind.fromBytes({ key, value });
      if (record === null) continue;
      shard.replay(record);
      this.#replayed += 1;
    }
  }

  #finish(shard: Shard<Input, DurableRecord, Response>, listener: LoadListener<Input, DurableRecord, Response>): void {
    const { surroundings, kind, partition } = this.#options;
    const { clock, random } = surroundings.world;
    const turn = load(shard, [], { nowMs: clock.nowMs(), drawUuid: () => drawUuid(random) });
    const tookMs = Math.round((clock.monotonicUs() - this.#startedUs) / 1_000);
    surroundings.log.debug('coordinator-loaded', { topic: kind.topic, partition, records: this.#replayed, tookMs });
    listener.onLoaded(turn);
  }
}
