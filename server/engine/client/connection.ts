// One TCP connection to one broker: requests out, answers back in the order they were sent. Requests are pipelined
// up to maxInFlight; up to maxWaiting more wait their turn, and beyond that a caller is told at once.
// Invariant: every request ends exactly once - with its answer, its time-out, or the connection's end.

import { assert } from '#engine/base/assert.ts';
import { DecodeError } from '#engine/bytes/errors.ts';
import { FrameSplitter } from '#engine/protocol/frame.ts';
import { decodeResponseFrame, encodeRequestFrame, responseCorrelationId } from '#engine/protocol/headers.ts';
import type { Api, RequestInput, ResponseOf } from '#engine/protocol/schema.ts';
import type { ByteStream, TimerHandle, Timers } from '#engine/world/ports.ts';
import { ClientError } from './errors.ts';
import { chooseVersion, type BrokerAbilities } from './negotiation.ts';
import { answerVersion } from './answer-version.ts';

export interface ConnectionLimits {
  readonly requestTimeoutMs: number;
  readonly maxInFlight: number;
  readonly maxWaiting: number;
  readonly maxAnswerBytes: number;
}

export const defaultConnectionLimits: ConnectionLimits = {
  requestTimeoutMs: 30_000,
  maxInFlight: 64,
  maxWaiting: 1_024,
  maxAnswerBytes: 128 * 1024 * 1024,
};

export interface SendOptions {
  /** Instead of the connection's own. Counts from the moment the request is handed over, waiting included. */
  readonly timeoutMs?: number;
  /** Stay at or below this version. */
  readonly maxVersion?: number;
  /** Use exactly this version, negotiated or not: the handshake's own requests. */
  readonly exactVersion?: number;
}

export interface ConnectionOptions {
  readonly address: string;
  readonly clientId: string | null;
  readonly limits: ConnectionLimits;
  /** Memory for answers that can't stay where they arrived; whoever lends it says when it takes it back. */
  readonly allocate?: Allocate | undefined;
}

export type Allocate = (sizeBytes: number) => Buffer;

interface Pending {
  readonly api: Api;
  readonly version: number;
  readonly correlationId: number;
  readonly frame: readonly Uint8Array[];
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  readonly timer: TimerHandle;
}

const maxCorrelationId = 0x7fff_ffff;
const noAbilities: BrokerAbilities = { ranges: new Map(), features: new Map() };

export class Connection {
  readonly address: string;
  readonly #stream: ByteStream;
  readonly #timers: Timers;
  readonly #options: ConnectionOptions;
  readonly #frames: FrameSplitter;
  readonly #inFlight: Pending[] = [];
  readonly #waiting: Pending[] = [];
  readonly #closeListeners: ((reason: ClientError) => void)[] = [];
  #nextCorrelationId = 0;
  #abilities = noAbilities;
  #closed: ClientError | null = null;

  constructor(stream: ByteStream, timers: Timers, options: ConnectionOptions) {
    this.address = options.address;
    this.#stream = stream;
    this.#timers = timers;
    this.#options = options;
    const { limits, allocate } = options;
    this.#frames = new FrameSplitter((frame) => this.#onAnswer(frame), {
      maxBytes: limits.maxAnswerBytes,
      allocate,
      lendsChunks: stream.lendsChunks,
    });
    stream.onData((chunk) => this.#onData(chunk));
    stream.onClose((reason) => this.#finish(new ClientError('disconnected', `${this.address} closed the connection`, reason)));
  }

  /** What the broker said in the handshake. */
  get abilities(): BrokerAbilities {
    return this.#abilities;
  }

  get isOpen(): boolean {
    return this.#closed === null;
  }

  /** Requests sent and not answered, and those that wait to be sent. */
  get load(): number {
    return this.#inFlight.length + this.#waiting.length;
  }

  /** Called once by the handshake. */
  adoptAbilities(abilities: BrokerAbilities): void {
    this.#abilities = abilities;
  }

  /** Calls `listener` when the connection has ended, at once when it already has. */
  onClose(listener: (reason: ClientError) => void): void {
    if (this.#closed === null) this.#closeListeners.push(listener);
    else listener(this.#closed);
  }

  /** The answer of the broker, decoded. Rejects with ClientError; an error code in the answer is the caller's to read. */
  send<A extends Api>(api: A, body: RequestInput<A>, options: SendOptions = {}): Promise<ResponseOf<A>> {
    if (this.#closed !== null) return Promise.reject(this.#closed);
    if (this.#waiting.length >= this.#options.limits.maxWaiting)
      return Promise.reject(new ClientError('overloaded', `${this.address}: ${this.load} requests wait already`));
    return new Promise((resolve, reject) => {
      const version = options.exactVersion ?? chooseVersion(api, this.#abilities, options.maxVersion);
      const correlationId = this.#takeCorrelationId();
      const frame = encodeRequestFrame(api, { version, correlationId, clientId: this.#options.clientId }, body);
      const timer = this.#startTimer(api.name, options.timeoutMs ?? this.#options.limits.requestTimeoutMs);
      this.#waiting.push({ api, version, correlationId, frame, resolve, reject, timer });
      this.#pump();
    });
  }

  /** Sends a request that the broker will not answer: a produce with acks=0. */
  sendUnanswered<A extends Api>(api: A, body: RequestInput<A>, options: SendOptions = {}): void {
    if (this.#closed !== null) throw this.#closed;
    const version = chooseVersion(api, this.#abilities, options.maxVersion);
    this.#stream.write(
      encodeRequestFrame(api, { version, correlationId: this.#takeCorrelationId(), clientId: this.#options.clientId }, body),
    );
  }

  close(reason = new ClientError('closed', `the connection to ${this.address} was closed on this side`)): void {
    if (this.#closed !== null) return;
    this.#finish(reason);
    this.#stream.destroy();
  }

  #takeCorrelationId(): number {
    const id = this.#nextCorrelationId;
    this.#nextCorrelationId = id === maxCorrelationId ? 0 : id + 1;
    return id;
  }

  /** A request out of time ends the connection: its answer may still come, and nothing could be trusted behind it. */
  #startTimer(name: string, timeoutMs: number): TimerHandle {
    return this.#timers.setTimer(timeoutMs, () =>
      this.close(new ClientError('timed-out', `${this.address} did not answer ${name} within ${timeoutMs} ms`)),
    );
  }

  #pump(): void {
    while (this.#inFlight.length < this.#options.limits.maxInFlight) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#inFlight.push(next);
      this.#stream.write(next.frame);
    }
  }

  #onData(chunk: Buffer): void {
    if (this.#closed !== null) return;
    try {
      this.#frames.push(chunk);
    } catch (error) {
      this.close(
        error instanceof ClientError
          ? error
          : new ClientError('malformed-response', `${this.address} sent what can't be read: ${String(error)}`, error),
      );
      // A mistake of ours ends the requests under way like any other, and is heard of as what it is.
      if (!(error instanceof ClientError || error instanceof DecodeError)) throw error;
    }
    this.#pump();
  }

  #onAnswer(frame: Uint8Array): void {
    const pending = this.#inFlight[0];
    if (pending === undefined) throw new ClientError('malformed-response', `${this.address} answered a request that was not sent`);
    const correlationId = responseCorrelationId(frame);
    if (correlationId !== pending.correlationId)
      throw new ClientError('malformed-response', `${this.address} answered ${correlationId} where ${pending.correlationId} was due`);
    const answer = decodeResponseFrame(pending.api, answerVersion(pending.api, pending.version, frame), frame);
    this.#inFlight.shift();
    this.#timers.clearTimer(pending.timer);
    pending.resolve(answer as never);
  }

  #finish(reason: ClientError): void {
    if (this.#closed !== null) return;
    this.#closed = reason;
    const unanswered = [...this.#inFlight.splice(0), ...this.#waiting.splice(0)];
    for (const pending of unanswered) {
      this.#timers.clearTimer(pending.timer);
      pending.reject(reason);
    }
    assert(this.load === 0, 'a closed connection has no requests left');
    for (const listener of this.#closeListeners.splice(0)) listener(reason);
  }
}
