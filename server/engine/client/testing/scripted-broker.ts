// A broker in memory for tests: real frames through a real FrameSplitter, answers as the test says. It decodes what it
// is sent, so a request that a broker could not read fails the test here.

import { apiVersionsApi } from '#engine/protocol/apis/18-api-versions.ts';
import { allApis, apiByKey } from '#engine/protocol/apis/index.ts';
import { decodeRequest } from '#engine/protocol/codec.ts';
import { FrameSplitter } from '#engine/protocol/frame.ts';
import { decodeRequestHeader, encodeResponseFrame, peekRequest } from '#engine/protocol/headers.ts';
import type { Api, ResponseInput } from '#engine/protocol/schema.ts';
import {
  NetworkError,
  type ByteStream,
  type Clock,
  type Network,
  type Random,
  type TimerHandle,
  type Timers,
} from '#engine/world/ports.ts';

export interface SeenRequest {
  readonly api: Api;
  readonly version: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  readonly body: unknown;
  /** Sends an answer; in another version than the request's where a test wants that. */
  answer<A extends Api>(api: A, body: ResponseInput<A>, version?: number): void;
  /** Sends bytes as they are, instead of an answer. */
  sendRaw(bytes: Buffer): void;
  close(): void;
}

/** Answers true when it took the request; the next handler is asked otherwise. */
export type Handler = (request: SeenRequest) => boolean;

export class ScriptedBroker {
  readonly seen: SeenRequest[] = [];
  readonly streams: ScriptedStream[] = [];
  readonly #handlers: Handler[];
  /** While true, connecting fails. */
  isDown = false;
  /** How it fails. */
  failure: Error = new NetworkError('refused', 'connection refused');
  connects = 0;
  /** The port that connections seem to come from. */
  localPort = 50_000;
  /** Answers are cut into chunks of this size, when set. */
  chunkBytes = 0;

  constructor(...handlers: readonly Handler[]) {
    this.#handlers = [...handlers, answerApiVersions];
  }

  readonly network: Network = {
    listen: () => Promise.reject(new Error('not a listener')),
    connect: () => {
      this.connects += 1;
      if (this.isDown) return Promise.reject(this.failure);
      const stream = new ScriptedStream(this);
      stream.localPort = this.localPort;
      this.streams.push(stream);
      return Promise.resolve(stream);
    },
  };

  seenOf(name: string): readonly SeenRequest[] {
    return this.seen.filter((request) => request.api.name === name);
  }

  closeAll(): void {
    for (const stream of this.streams) stream.closeFromFar();
  }

  take(stream: ScriptedStream, frame: Buffer): void {
    const api = apiByKey(peekRequest(frame)?.apiKey ?? -1);
    if (api === undefined) throw new Error('a request with an unknown key');
    const header = decodeRequestHeader(api, frame);
    const request: SeenRequest = {
      api,
      version: header.apiVersion,
      correlationId: header.correlationId,
      clientId: header.clientId,
      body: decodeRequest(api, header.apiVersion, frame, header.bodyAt),
      answer: (answerApi, body, version = header.apiVersion) =>
        stream.deliver(
          Buffer.concat(encodeResponseFrame(answerApi, { version, correlationId: header.correlationId }, body)),
          this.chunkBytes,
        ),
      sendRaw: (bytes) => stream.deliver(bytes, 0),
      close: () => stream.closeFromFar(),
    };
    this.seen.push(request);
    for (const handle of this.#handlers) if (handle(request)) return;
  }
}

/** All that our schemas know, as a broker of today would say. */
export function answerApiVersions(request: SeenRequest): boolean {
  if (request.api.key !== apiVersionsApi.key) return false;
  request.answer(apiVersionsApi, {
    errorCode: 0,
    apiKeys: allApis.map((api) => ({ apiKey: api.key, minVersion: api.advertised.min, maxVersion: api.advertised.max })),
  });
  return true;
}

/** A handler for one API. */
export function on<A extends Api>(api: A, answer: (request: SeenRequest) => ResponseInput<A> | null): Handler {
  return (request) => {
    if (request.api.key !== api.key) return false;
    const body = answer(request);
    if (body !== null) request.answer(api, body);
    return true;
  };
}

export class ScriptedStream implements ByteStream {
  readonly remoteAddress = '127.0.0.1';
  readonly remotePort = 9092;
  localPort = 50_000;
  readonly bufferedBytes = 0;
  readonly lendsChunks = false;
  readonly #broker: ScriptedBroker;
  readonly #splitter: FrameSplitter;
  #take: (chunk: Buffer) => void = () => undefined;
  #onClose: (reason: Error | undefined) => void = () => undefined;
  isClosed = false;

  constructor(broker: ScriptedBroker) {
    this.#broker = broker;
    this.#splitter = new FrameSplitter((frame) => this.#broker.take(this, frame));
  }

  onData(take: (chunk: Buffer) => void): void {
    this.#take = take;
  }

  onClose(take: (reason: Error | undefined) => void): void {
    this.#onClose = take;
  }

  onDrain(): void {}
  pause(): void {}
  resume(): void {}

  write(chunks: readonly Uint8Array[]): boolean {
    for (const chunk of chunks) this.#splitter.push(Buffer.from(chunk));
    return true;
  }

  end(): void {
    this.destroy();
  }

  destroy(): void {
    this.isClosed = true;
  }

  closeFromFar(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#onClose(undefined);
  }

  /** Arrives after the caller's turn, as from a socket. */
  deliver(bytes: Buffer, chunkBytes: number): void {
    const size = chunkBytes > 0 ? chunkBytes : bytes.length;
    for (let at = 0; at < bytes.length; at += size) queueMicrotask(() => this.isClosed || this.#take(bytes.subarray(at, at + size)));
  }
}

/** Time that passes only when a test says so. Clock, timers and a random that always gives the most. */
export class ManualTime implements Clock, Timers, Random {
  #nowMs = 1_000_000;
  #timers: { readonly atMs: number; readonly fire: () => void; readonly handle: TimerHandle }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicUs(): number {
    return this.#nowMs * 1_000;
  }

  setTimer(delayMs: number, fire: () => void): TimerHandle {
    const handle = {} as unknown as TimerHandle;
    this.#timers.push({ atMs: this.#nowMs + delayMs, fire, handle });
    return handle;
  }

  clearTimer(handle: TimerHandle): void {
    this.#timers = this.#timers.filter((timer) => timer.handle !== handle);
  }

  soon(fire: () => void): void {
    queueMicrotask(fire);
  }

  nextInt(bound: number): number {
    return bound - 1;
  }

  nextBytes(length: number): Uint8Array {
    return new Uint8Array(length);
  }

  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** Fires what falls due, in order, letting promises settle in between. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      await settle();
      const next = this.#timers.filter((timer) => timer.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      this.#timers = this.#timers.filter((timer) => timer !== next);
      next.fire();
    }
    this.#nowMs = untilMs;
    await settle();
  }
}

/** Lets every promise that can settle now do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
}
