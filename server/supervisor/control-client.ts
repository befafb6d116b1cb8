// The console's end of the control socket. Reconnects by itself: the supervisor outlives the console and the other
// way round. Requests made while there is no connection fail at once with a clear reason.

import { connect, type Socket } from 'node:net';
import { maxControlLineBytes, type ControlAnswer, type ControlFailure, type ControlPush, type ControlRequest } from './ipc.ts';
import { labRefusal, type LabRefusal } from './lab-refusal.ts';
import { readLines } from './lines.ts';

export class ControlError extends Error {
  override readonly name = 'ControlError';
  /** The supervisor answered, and said no. */
  readonly isRefusal: boolean;
  /** Why, where the lab said no. */
  readonly refusal: LabRefusal | null;
  constructor(message: string, { isRefusal = false, refusal = null }: Partial<Pick<ControlError, 'isRefusal' | 'refusal'>> = {}) {
    super(message);
    this.isRefusal = isRefusal;
    this.refusal = refusal;
  }
}

/** What the lab told is read like everything that comes in; an older supervisor tells its words alone. */
function toControlError({ code, message, refusal }: ControlFailure): ControlError {
  return new ControlError(message, { isRefusal: code.endsWith('Refused'), refusal: labRefusal.safeParse(refusal).data ?? null });
}

/** A request as its sender writes it: the id is ours to choose. */
export type ControlCall = ControlRequest extends infer Request
  ? Request extends { readonly id: number }
    ? Omit<Request, 'id'>
    : never
  : never;

interface Waiting {
  settle(result: unknown): void;
  refuse(error: Error): void;
}

const reconnectMs = 500;
const maxWaiting = 256;

export class ControlClient {
  readonly #path: string;
  readonly #listeners = new Set<(push: ControlPush) => void>();
  readonly #waiting = new Map<number, Waiting>();
  #socket: Socket | null = null;
  /** How many parts of this console want single records. */
  #recordWishes = 0;
  #nextId = 1;
  #isClosed = false;

  constructor(path: string) {
    this.#path = path;
    this.#connect();
  }

  /** Every push from now on; answers the function that ends it. */
  listen(take: (push: ControlPush) => void): () => void {
    this.#listeners.add(take);
    return () => this.#listeners.delete(take);
  }

  /** @throws ControlError when the supervisor is gone or refuses */
  call(call: ControlCall): Promise<unknown> {
    const socket = this.#socket;
    if (socket === null) return Promise.reject(new ControlError('The supervisor of the embedded cluster does not answer.'));
    if (this.#waiting.size >= maxWaiting) return Promise.reject(new ControlError('Too many requests to the supervisor are under way.'));
    const id = this.#nextId++;
    return new Promise((settle, refuse) => {
      this.#waiting.set(id, { settle, refuse });
      socket.write(`${JSON.stringify({ id, ...call })}\n`);
    });
  }

  /** Says that somebody wants single records, or does no longer; wishes are counted, and kept over reconnects. */
  wantRecords(wanted: boolean): void {
    const before = this.#recordWishes > 0;
    this.#recordWishes = Math.max(0, this.#recordWishes + (wanted ? 1 : -1));
    if (before !== this.#recordWishes > 0) this.#tellWish();
  }

  #tellWish(): void {
    const records = this.#recordWishes > 0;
    if (this.#socket !== null) void this.call({ method: 'trace', params: { records } }).catch(() => this.#socket?.destroy());
  }

  close(): void {
    this.#isClosed = true;
    this.#socket?.destroy();
  }

  #connect(): void {
    const socket = connect(this.#path);
    socket.once('connect', () => {
      this.#socket = socket;
      void this.call({ method: 'subscribe' }).catch(() => socket.destroy());
      if (this.#recordWishes > 0) this.#tellWish();
    });
    readLines(socket, maxControlLineBytes * 8, (line) => this.#onLine(line));
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#onClose());
  }

  #onLine(line: string): void {
    const message = JSON.parse(line) as ControlAnswer | ControlPush;
    if ('push' in message) {
      for (const take of this.#listeners) take(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('error' in message) waiting?.refuse(toControlError(message.error));
    else waiting?.settle(message.result);
  }

  #onClose(): void {
    this.#socket = null;
    for (const waiting of this.#waiting.values()) waiting.refuse(new ControlError('The supervisor closed the connection.'));
    this.#waiting.clear();
    if (!this.#isClosed) setTimeout(() => this.#connect(), reconnectMs).unref();
  }
}
