// The supervisor's end of the control socket: one JSON object a line, over a socket file that only its owner may open.
// Listening on it is also the lock on the data directory: the kernel gives it up with the process, however that ends.

import { chmodSync, renameSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import {
  controlRequest,
  maxControlLineBytes,
  type ControlAnswer,
  type ControlFailure,
  type ControlPush,
  type ControlRequest,
} from './ipc.ts';
import { LabRefused } from './lab-refusal.ts';
import { readLines } from './lines.ts';
import { StartRefused } from './refusal.ts';

/** A subscriber that reads too slowly misses what the next second says anew: trace events, of which it is told how many, and metrics. */
export const maxUnsentBytes = 16 * 1024 * 1024;
/** With more than this unsent a connection is ended, whatever it waits for. A console connects again and is greeted with how things stand. */
export const maxHeldBytes = 2 * maxUnsentBytes;
const maxConnections = 32;

export interface ControlHandler {
  /** Answers one request; a rejection becomes an error answer. */
  answer(request: ControlRequest): Promise<unknown>;
  /** What a new subscriber gets at once. */
  greeting(): readonly ControlPush[];
  /** Whether any console looks at single records now. */
  onRecordsWanted(wanted: boolean): void;
}

interface Subscriber {
  readonly socket: Socket;
  missed: number;
  wantsRecords: boolean;
}

export class ControlSocket {
  readonly #handler: ControlHandler;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #subscribers = new Map<Socket, Subscriber>();
  #file: { readonly path: string; readonly inode: number } | null = null;

  private constructor(handler: ControlHandler) {
    this.#handler = handler;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = maxConnections;
  }

  /** @throws StartRefused when another supervisor runs on the same directory */
  static async open(path: string, handler: ControlHandler): Promise<ControlSocket> {
    await requireNoSupervisor(path);
    const control = new ControlSocket(handler);
    await control.#listen(path);
    return control;
  }

  /** Under a name of our own first: Node removes the name it listened on, whoever's socket bears it by then. */
  async #listen(path: string): Promise<void> {
    const ownName = join(dirname(path), `${process.pid}.sock`);
    rmSync(ownName, { force: true });
    await new Promise<void>((settle, refuse) => {
      this.#server.once('error', refuse);
      this.#server.listen(ownName, settle);
    });
    chmodSync(ownName, 0o600);
    this.#file = { path, inode: statSync(ownName).ino };
    renameSync(ownName, path);
  }

  push(message: ControlPush): void {
    if (this.#subscribers.size === 0) return;
    const line = `${JSON.stringify(message)}\n`;
    for (const subscriber of this.#subscribers.values()) this.#pushTo(subscriber, message, line);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    // Before the server closes: until then no other file can have our inode's number.
    if (this.#file !== null && inodeOf(this.#file.path) === this.#file.inode) rmSync(this.#file.path);
    this.#file = null;
    await new Promise<void>((settle) => this.#server.close(() => settle()));
  }

  #pushTo(subscriber: Subscriber, message: ControlPush, line: string): void {
    const isBehind = subscriber.socket.writableLength > maxUnsentBytes;
    if (message.push === 'metrics' && isBehind) return;
    if (message.push !== 'trace') return write(subscriber.socket, line);
    if (isBehind) {
      subscriber.missed += message.events.length + message.dropped;
      return;
    }
    const { missed } = subscriber;
    subscriber.missed = 0;
    write(subscriber.socket, missed === 0 ? line : `${JSON.stringify({ ...message, dropped: message.dropped + missed })}\n`);
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    readLines(socket, maxControlLineBytes, (line) => void this.#onLine(socket, line));
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.#sockets.delete(socket);
      if (this.#subscribers.delete(socket)) this.#tellWanted();
    });
  }

  async #onLine(socket: Socket, line: string): Promise<void> {
    const request = parseRequest(line);
    if (request === null) {
      socket.destroy(); // only our own console speaks here; anything else is broken or hostile
      return;
    }
    const answer = await this.#answer(request);
    write(socket, `${JSON.stringify(answer)}\n`);
    if (request.method === 'subscribe') this.#subscribe(socket);
    if (request.method === 'trace') this.#wantRecords(socket, request.params.records);
  }

  async #answer(request: ControlRequest): Promise<ControlAnswer> {
    try {
      return { id: request.id, result: (await this.#handler.answer(request)) ?? null };
    } catch (error) {
      return { id: request.id, error: toFailure(error) };
    }
  }

  #subscribe(socket: Socket): void {
    this.#subscribers.set(socket, { socket, missed: 0, wantsRecords: false });
    for (const message of this.#handler.greeting()) write(socket, `${JSON.stringify(message)}\n`);
  }

  #wantRecords(socket: Socket, wanted: boolean): void {
    const subscriber = this.#subscribers.get(socket);
    if (subscriber !== undefined) subscriber.wantsRecords = wanted;
    this.#tellWanted();
  }

  #tellWanted(): void {
    this.#handler.onRecordsWanted([...this.#subscribers.values()].some((subscriber) => subscriber.wantsRecords));
  }
}

function write(socket: Socket, line: string): void {
  socket.write(line);
  if (socket.writableLength > maxHeldBytes)
    socket.destroy(new Error(`more than ${maxHeldBytes} bytes wait for a console that doesn't read`));
}

/** null when nothing is there. */
function inodeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}

function toFailure(error: unknown): ControlFailure {
  if (!(error instanceof Error)) return { code: 'Error', message: String(error) };
  const failure = { code: error.name, message: error.message };
  return error instanceof LabRefused ? { ...failure, refusal: error.refusal } : failure;
}

function parseRequest(line: string): ControlRequest | null {
  try {
    const parsed = controlRequest.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // not JSON: the caller closes the connection
  }
}

/** @throws StartRefused when a supervisor answers at `path` */
export async function requireNoSupervisor(path: string): Promise<void> {
  if (await somebodyListens(path))
    throw new StartRefused(`Logarium already runs on this data directory (${path} answers); stop it first or name another with --data.`);
}

function somebodyListens(path: string): Promise<boolean> {
  return new Promise((settle) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      settle(true);
    });
    probe.once('error', () => settle(false));
  });
}
