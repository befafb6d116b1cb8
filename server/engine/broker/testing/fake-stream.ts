// A stream whose other end is the test: what the broker wrote is kept, what the client sends is said by the test.

import type { ByteStream } from '#engine/world/ports.ts';

export class FakeStream implements ByteStream {
  readonly remoteAddress = '127.0.0.1';
  readonly remotePort = 50_000;
  readonly localPort = 9092;
  bufferedBytes = 0;
  readonly lendsChunks = false;
  isPaused = false;
  isEnded = false;
  isDestroyed = false;
  /** One entry a write. */
  readonly writes: Buffer[] = [];
  /** The chunks of those writes, by reference. */
  readonly chunks: Uint8Array[] = [];
  /** The network hasn't said yet that these writes are through. */
  readonly untold: (() => void)[] = [];
  /** The memory of what was received last, as long as anyone holds it. */
  lastChunk: WeakRef<ArrayBufferLike> | undefined;
  #take: (chunk: Buffer) => void = () => {};
  #close: (reason: Error | undefined) => void = () => {};
  #drain: () => void = () => {};

  get written(): Buffer {
    return Buffer.concat(this.writes);
  }

  onData(take: (chunk: Buffer) => void): void {
    this.#take = take;
  }
  onClose(take: (reason: Error | undefined) => void): void {
    this.#close = take;
  }
  onDrain(take: () => void): void {
    this.#drain = take;
  }

  write(chunks: readonly Uint8Array[], onTaken?: () => void): boolean {
    this.writes.push(Buffer.concat(chunks));
    this.chunks.push(...chunks);
    if (onTaken !== undefined) this.untold.push(onTaken);
    return true;
  }

  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  end(): void {
    this.isEnded = true;
  }
  destroy(): void {
    this.isDestroyed = true;
  }

  // -- the test's side -------------------------------------------------------------------------------

  receive(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes);
    this.lastChunk = new WeakRef(chunk.buffer);
    this.#take(chunk);
  }
  drained(): void {
    this.bufferedBytes = 0;
    this.#drain();
  }
  peerCloses(reason?: Error): void {
    this.#close(reason);
  }
}

/** A frame with its length in front. */
export function frameOf(payload: Uint8Array | string): Buffer {
  const body = Buffer.from(payload as string);
  const frame = Buffer.alloc(4 + body.length);
  frame.writeInt32BE(body.length, 0);
  body.copy(frame, 4);
  return frame;
}
