// Frames on a connection: four bytes of length, then that many bytes. The splitter turns whatever chunks
// the socket delivers into whole frames. A frame that lies in one chunk is handed over as a view of it, unless the chunk
// is only lent; one that spans chunks is gathered once. Invariant: memory held for an unfinished frame stays within
// twice what has really arrived (or `firstGatherBytes`), whatever length was announced.

import { DecodeError } from '#engine/bytes/errors.ts';
import type { Writer } from '#engine/bytes/writer.ts';

export const frameLengthBytes = 4;

/** Kafka's socket.request.max.bytes by default. */
export const maxFrameBytes = 100 * 1024 * 1024;

/** A frame up to this size is gathered in a buffer of its final size from the start. */
const firstGatherBytes = 1024 * 1024;

/** Below, a copy is cheaper in Node's own pool than in memory that is lent. */
const largeBytes = 64 * 1024;

/** Writes the length into the four bytes that the writer's message begins with. */
export function finishFrame(writer: Writer): Uint8Array[] {
  const chunks = writer.finish();
  const length = writer.size - frameLengthBytes;
  const first = chunks[0]!;
  first[0] = length >>> 24;
  first[1] = length >>> 16;
  first[2] = length >>> 8;
  first[3] = length;
  return chunks;
}

export interface SplitterOptions {
  /** A longer frame is refused. */
  readonly maxBytes?: number;
  /** Memory for frames that are gathered; whoever lends it says when it takes it back. */
  readonly allocate?: ((sizeBytes: number) => Buffer) | undefined;
  /** A chunk's memory is gone once push() has returned. */
  readonly lendsChunks?: boolean;
}

export class FrameSplitter {
  readonly #maxBytes: number;
  readonly #take: (frame: Buffer) => void;
  /** Length bytes seen while a prefix is split over chunks. */
  #prefix = 0;
  #prefixSeen = 0;
  /** Size of the frame being gathered, or -1 between frames. */
  #frameBytes = -1;
  #gathered: Buffer = Buffer.alloc(0);
  readonly #allocate: (sizeBytes: number) => Buffer;
  readonly #lendsChunks: boolean;
  #gatheredBytes = 0;

  /** `take` gets each frame without its length prefix; the bytes stay valid as long as they are referenced, or until they are
   *  given back to whoever `allocate` had them from. */
  constructor(take: (frame: Buffer) => void, options: SplitterOptions = {}) {
    this.#take = take;
    this.#maxBytes = options.maxBytes ?? maxFrameBytes;
    this.#allocate = options.allocate ?? Buffer.allocUnsafeSlow;
    this.#lendsChunks = options.lendsChunks ?? false;
  }

  /** True when the bytes so far end in the middle of a frame. */
  get isMidFrame(): boolean {
    return this.#frameBytes >= 0 || this.#prefixSeen > 0;
  }

  /** Takes the next bytes of the connection. Throws DecodeError for a length out of bounds: close then. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      at = this.#frameBytes < 0 ? this.#readPrefix(chunk, at) : this.#gather(chunk, at);
    }
  }

  #readPrefix(chunk: Buffer, from: number): number {
    let at = from;
    while (this.#prefixSeen < frameLengthBytes && at < chunk.length) {
      this.#prefix = (this.#prefix << 8) | chunk[at++]!;
      this.#prefixSeen++;
    }
    if (this.#prefixSeen < frameLengthBytes) return at;
    const size = this.#prefix;
    this.#prefix = 0;
    this.#prefixSeen = 0;
    if (size < 0 || size > this.#maxBytes) {
      throw new DecodeError('bad-length', at, `a frame of ${size} bytes, where 0 to ${this.#maxBytes} are allowed`);
    }
    if (at + size <= chunk.length) {
      const frame = chunk.subarray(at, at + size);
      this.#take(this.#lendsChunks ? this.#copyOf(frame) : frame);
      return at + size;
    }
    this.#frameBytes = size;
    this.#gathered = this.#allocate(Math.min(size, firstGatherBytes));
    return at;
  }

  #copyOf(frame: Buffer): Buffer {
    const copy = frame.length < largeBytes ? Buffer.allocUnsafe(frame.length) : this.#allocate(frame.length);
    frame.copy(copy);
    return copy;
  }

  #gather(chunk: Buffer, from: number): number {
    const end = Math.min(chunk.length, from + this.#frameBytes - this.#gatheredBytes);
    this.#reserve(this.#gatheredBytes + end - from);
    chunk.copy(this.#gathered, this.#gatheredBytes, from, end);
    this.#gatheredBytes += end - from;
    if (this.#gatheredBytes === this.#frameBytes) this.#finishGathered();
    return end;
  }

  #reserve(neededBytes: number): void {
    if (neededBytes <= this.#gathered.length) return;
    const grown = this.#allocate(Math.min(this.#frameBytes, neededBytes * 2));
    this.#gathered.copy(grown, 0, 0, this.#gatheredBytes);
    this.#gathered = grown;
  }

  #finishGathered(): void {
    const frame = this.#gathered;
    this.#gathered = Buffer.alloc(0);
    this.#gatheredBytes = 0;
    this.#frameBytes = -1;
    this.#take(frame);
  }
}
