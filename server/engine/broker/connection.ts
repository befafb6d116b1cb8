// One client's connection: bytes in, frames to the dispatcher, answers out in the order of the requests. It knows
// nothing of what a request means. Requests are started in arrival order and may finish in any; when too many are in
// flight, too much is unsent or requests hold too much memory, reading stops until that is better, and TCP tells the client.
// Invariant: requests in flight, bytes unsent and bytes of requests are all bounded.

import { formatHostPort } from '#engine/base/host-port.ts';
import { DecodeError } from '#engine/bytes/errors.ts';
import { frameLengthBytes, FrameSplitter } from '#engine/protocol/frame.ts';
import type { ByteStream } from '#engine/world/ports.ts';
import { describeForeignProtocol, openingBytes } from './foreign-protocol.ts';
import type { RequestMemory } from './request-memory.ts';

/** What becomes of a frame. `chunks` hold the answer as a whole frame, length prefix included. */
export type Outcome =
  | {
      readonly kind: 'respond';
      readonly chunks: readonly Uint8Array[];
      /** Called when the chunks' memory is free again; never when the client is gone before. */
      readonly onSent?: (() => void) | undefined;
    }
  | { readonly kind: 'silent' }
  | {
      readonly kind: 'close';
      readonly reason: string;
      /** Nothing that the client sent was wrong: only its end says that a request without an answer failed. */
      readonly isOrdinary?: true;
    };

/** Lets go of a request's bytes before its answer is there; more than once does no harm. */
export type ReleaseRequest = () => void;

export interface ConnectionLimits {
  readonly maxFrameBytes: number;
  readonly maxInFlight: number;
  readonly maxUnsentBytes: number;
  /** Of its requests; one alone may be larger. */
  readonly maxRequestBytes: number;
}

export interface ConnectionOptions {
  readonly connectionId: number;
  readonly stream: ByteStream;
  readonly limits: ConnectionLimits;
  /** What the requests of all connections of a broker hold. */
  readonly requestMemory: RequestMemory;
  /** Memory for frames that don't arrive in one piece. */
  readonly allocate: (sizeBytes: number) => Buffer;
  readonly serve: (frame: Buffer, connection: Connection, release: ReleaseRequest) => Outcome | Promise<Outcome>;
  /** Once, whoever closed. */
  readonly onClosed: (connection: Connection, reason: string) => void;
  readonly onBytesIn: (count: number) => void;
  readonly onBytesOut: (count: number) => void;
  readonly nowUs: () => number;
  /** Runs `flush` when the code that runs now is done, so that answers of one turn leave in one write. */
  readonly afterTurn: (flush: () => void) => void;
}

/** One request's place in the order of answers. */
interface Slot {
  outcome: Outcome | undefined;
  /** Of its bytes, until they are released: by the handler, or with the answer. */
  heldBytes: number;
}

/** A connection that holds no more is read on even while memory is short: what lets it come free (a follower's fetch) is small. */
const alwaysReadBytes = 64 * 1024;
/** Answers smaller than this are copied together: one write of many beats many small ones. */
const mergeBelowBytes = 4096;
/** So much that is answered leaves at once, while its bytes are still in the processor's cache and the reader has work. */
const flushAtBytes = 256 * 1024;

export class Connection {
  readonly id: number;
  readonly remoteAddress: string;
  readonly #options: ConnectionOptions;
  readonly #stream: ByteStream;
  readonly #splitter: FrameSplitter;
  /** Whole frames not started yet: at most what one chunk of the socket holds, since reading pauses meanwhile. */
  readonly #frames: Buffer[] = [];
  readonly #slots: Slot[] = [];
  /** Received and not released: of the frame that isn't whole yet, of whole ones not started, of those being worked on. */
  #requestBytes = 0;
  /** Of those, what the requests being worked on hold. */
  #heldBytes = 0;
  readonly #cancels = new Set<() => void>();
  #isOpen = true;
  #isPumping = false;
  #isPaused = false;
  #isFlushPlanned = false;
  /** Bytes of answers that came at once since the last flush. */
  #answeredBytes = 0;
  #lastActivityUs: number;
  /** What the client said of itself; see ApiVersions. */
  software = '';
  clientId = '';
  /** Whether viewers have been told of this client: from its first request on. */
  wasIntroduced = false;
  /** Whether it ended because of what the client sent, rather than because somebody left. */
  wasRefused = false;
  /** The first bytes, until they have shown that this is Kafka's protocol. */
  #opening: Buffer | undefined = Buffer.alloc(0);

  constructor(options: ConnectionOptions) {
    this.id = options.connectionId;
    this.#options = options;
    this.#stream = options.stream;
    this.#splitter = new FrameSplitter(
      (frame) => {
        this.#frames.push(frame);
      },
      { maxBytes: options.limits.maxFrameBytes, allocate: options.allocate, lendsChunks: options.stream.lendsChunks },
    );
    this.#lastActivityUs = options.nowUs();
    this.remoteAddress = formatHostPort({ host: options.stream.remoteAddress, port: options.stream.remotePort });
    this.#stream.onData((chunk) => {
      this.#onData(chunk);
    });
    this.#stream.onDrain(() => {
      this.#onDrain();
    });
    this.#stream.onClose((reason) => {
      this.#onStreamClosed(reason);
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }
  get inFlight(): number {
    return this.#slots.length;
  }
  get lastActivityUs(): number {
    return this.#lastActivityUs;
  }

  /** Runs `cancel` when this connection ends, unless the returned function is called before. */
  onClose(cancel: () => void): () => void {
    this.#cancels.add(cancel);
    return () => {
      this.#cancels.delete(cancel);
    };
  }

  /** Drops the connection: whatever is unsent is lost. */
  close(reason: string): void {
    if (!this.#isOpen) return;
    this.#markClosed(reason);
    this.#stream.destroy();
  }

  /** Sends what is answered already, then closes. */
  end(reason: string): void {
    if (!this.#isOpen) return;
    this.#flush();
    if (!this.#isOpen) return;
    this.#markClosed(reason);
    this.#stream.end();
  }

  #onData(chunk: Buffer): void {
    if (!this.#isOpen) return;
    this.#lastActivityUs = this.#options.nowUs();
    this.#options.onBytesIn(chunk.length);
    this.#requestBytes += chunk.length;
    this.#options.requestMemory.add(chunk.length);
    const problem = this.#foreignProtocol(chunk) ?? this.#split(chunk);
    // What came whole before the broken part is still served, its answers are owed.
    this.#pump();
    if (problem === undefined) return;
    this.wasRefused = true;
    this.end(problem);
  }

  #foreignProtocol(chunk: Buffer): string | undefined {
    if (this.#opening === undefined) return undefined;
    const opening = Buffer.concat([this.#opening, chunk.subarray(0, openingBytes)]).subarray(0, openingBytes);
    this.#opening = opening.length < openingBytes ? opening : undefined;
    return describeForeignProtocol(opening) ?? undefined;
  }

  /** Cuts the chunk into frames; returns why the connection must end, if it must. */
  #split(chunk: Buffer): string | undefined {
    try {
      this.#splitter.push(chunk);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return error.message;
    }
    return undefined;
  }

  #onDrain(): void {
    this.#lastActivityUs = this.#options.nowUs();
    this.#pump();
  }

  #onStreamClosed(reason: Error | undefined): void {
    if (this.#isOpen) this.#markClosed(reason === undefined ? 'closed by the client' : reason.message);
  }

  /** Starts as many requests as the bounds allow; a call from within (an answer that came at once) only sets it going again. */
  #pump(): void {
    if (this.#isPumping || !this.#isOpen) return;
    this.#isPumping = true;
    while (this.#isOpen && this.#frames.length > 0 && this.#hasRoom()) {
      this.#start(this.#frames.shift() as Buffer);
      // A long run of requests that are answered at once mustn't pile up their answers.
      if (this.#slots.length >= this.#options.limits.maxInFlight || this.#answeredBytes >= flushAtBytes) this.#flush();
    }
    this.#isPumping = false;
    this.#flush();
    this.#applyBackPressure();
  }

  #start(frame: Buffer): void {
    const slot: Slot = { outcome: undefined, heldBytes: frameLengthBytes + frame.length };
    this.#slots.push(slot);
    this.#heldBytes += slot.heldBytes;
    const outcome = this.#options.serve(frame, this, () => {
      this.#release(slot);
    });
    if (outcome instanceof Promise)
      void outcome.then((settled) => {
        this.#settle(slot, settled);
      });
    else {
      this.#release(slot);
      slot.outcome = outcome;
      this.#answeredBytes += sizeOf(outcome);
    }
  }

  #release(slot: Slot): void {
    const { heldBytes } = slot;
    slot.heldBytes = 0;
    this.#heldBytes -= heldBytes;
    this.#requestBytes -= heldBytes;
    this.#options.requestMemory.free(heldBytes);
    if (this.#isPaused) this.#planFlush();
  }

  #settle(slot: Slot, outcome: Outcome): void {
    this.#release(slot);
    slot.outcome = outcome;
    this.#planFlush();
  }

  #planFlush(): void {
    if (!this.#isOpen || this.#isFlushPlanned) return;
    this.#isFlushPlanned = true;
    this.#options.afterTurn(() => {
      this.#isFlushPlanned = false;
      this.#flush();
      this.#pump();
    });
  }

  #hasRoom(): boolean {
    const { maxInFlight, maxUnsentBytes } = this.#options.limits;
    return this.#slots.length < maxInFlight && this.#stream.bufferedBytes < maxUnsentBytes;
  }

  /** Whether more may be read. Whole requests are started in any case: that is what frees memory. */
  #hasMemory(): boolean {
    const { limits, requestMemory } = this.#options;
    const isSmall = this.#requestBytes <= alwaysReadBytes;
    const waitsForItself = this.#heldBytes > 0 && this.#requestBytes >= limits.maxRequestBytes;
    if (!isSmall && !waitsForItself) return requestMemory.admits(this, { goOn: this.#goOn, isMidRequest: this.#splitter.isMidFrame });
    requestMemory.leave(this);
    return isSmall;
  }

  readonly #goOn = (): void => {
    this.#pump();
  };

  #applyBackPressure(): void {
    if (!this.#isOpen) return;
    const isFull = this.#frames.length > 0 || !this.#hasRoom();
    // Memory alone would not let it go on: in the line it would keep the others from theirs.
    if (isFull) this.#options.requestMemory.leave(this);
    const shouldPause = isFull || !this.#hasMemory();
    if (shouldPause === this.#isPaused) return;
    this.#isPaused = shouldPause;
    if (shouldPause) this.#stream.pause();
    else this.#stream.resume();
  }

  /** Writes the answers that are ready, up to the first request that is still being worked on. */
  #flush(): void {
    const ready: Ready = { chunks: [], sizeBytes: 0, onSent: [] };
    this.#answeredBytes = 0;
    while (this.#isOpen && this.#slots[0]?.outcome !== undefined) {
      const outcome = (this.#slots.shift() as Slot).outcome as Outcome;
      if (outcome.kind === 'respond') collect(ready, outcome);
      else if (outcome.kind === 'close') return this.#closeAfter(ready, outcome);
    }
    if (ready.sizeBytes > 0) this.#write(ready);
  }

  /** A request that can't be answered ends the connection, but the answers before it are owed. */
  #closeAfter(ready: Ready, { reason, isOrdinary }: Extract<Outcome, { readonly kind: 'close' }>): void {
    if (ready.sizeBytes > 0) this.#write(ready);
    this.wasRefused = isOrdinary !== true;
    this.#markClosed(reason);
    this.#stream.end();
  }

  #write({ chunks, sizeBytes, onSent }: Ready): void {
    this.#lastActivityUs = this.#options.nowUs();
    this.#options.onBytesOut(sizeBytes);
    if (onSent.length === 0) this.#stream.write(mergeSmall(chunks));
    else this.#stream.write(mergeSmall(chunks), () => onSent.forEach((told) => told()));
  }

  #markClosed(reason: string): void {
    this.#isOpen = false;
    // What is still worked on is freed when its handler lets go of it.
    this.#options.requestMemory.free(this.#requestBytes - this.#heldBytes);
    this.#requestBytes = this.#heldBytes;
    this.#options.requestMemory.leave(this);
    this.#frames.length = 0;
    this.#slots.length = 0;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#options.onClosed(this, reason);
  }
}

function sizeOf(outcome: Outcome): number {
  return outcome.kind === 'respond' ? outcome.chunks.reduce((size, chunk) => size + chunk.length, 0) : 0;
}

/** Answers that leave in one write. */
interface Ready {
  readonly chunks: Uint8Array[];
  sizeBytes: number;
  readonly onSent: (() => void)[];
}

function collect(ready: Ready, { chunks, onSent }: Extract<Outcome, { readonly kind: 'respond' }>): void {
  for (const chunk of chunks) {
    ready.chunks.push(chunk);
    ready.sizeBytes += chunk.length;
  }
  if (onSent !== undefined) ready.onSent.push(onSent);
}

/** Joins runs of small chunks; large ones (fetched batches) stay as they are. */
function mergeSmall(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  if (chunks.length < 2) return chunks;
  const merged: Uint8Array[] = [];
  let run: Uint8Array[] = [];
  for (const chunk of chunks) {
    if (chunk.length < mergeBelowBytes) {
      run.push(chunk);
      continue;
    }
    if (run.length > 0) merged.push(Buffer.concat(run));
    run = [];
    merged.push(chunk);
  }
  if (run.length > 0) merged.push(Buffer.concat(run));
  return merged;
}
