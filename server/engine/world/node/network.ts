// TCP through node:net. Every stream has Nagle's algorithm off: requests and answers are whole frames, and waiting
// for more would only add latency. How much may be buffered is the caller's business; `bufferedBytes` tells how much is.

import { formatHostPort } from '#engine/base/host-port.ts';
import * as net from 'node:net';
import { NetworkError, type ByteStream, type ListenAddress, type Listener, type Network, type NetworkErrorCode } from '../ports.ts';

/** write() asks for a pause above this; a connection's own bound on unsent bytes is higher. */
const writeHighWaterMark = 1024 * 1024;

const codeByErrno: Readonly<Record<string, NetworkErrorCode>> = {
  EADDRINUSE: 'address-in-use',
  EADDRNOTAVAIL: 'address-not-available',
  EACCES: 'denied',
  EPERM: 'denied',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timed-out',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EMFILE: 'too-many-open',
  ENFILE: 'too-many-open',
};

export function toNetworkError(error: unknown): NetworkError {
  if (error instanceof NetworkError) return error;
  const errno = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new NetworkError(codeByErrno[errno] ?? 'io', error instanceof Error ? error.message : String(error));
}

/** What one read may bring on a stream that this process opened. */
const readBytes = 256 * 1024;

/**
 * Reads into the same memory again and again. Node gives every read 64 KiB of its own otherwise, and V8 counts them: a follower
 * that copies 50 MB a second and makes hardly any garbage would go through a full collection three times a second.
 */
class LentReads {
  readonly options: net.OnReadOpts;
  #take: ((chunk: Buffer) => void) | null = null;
  /** Came before anybody listened: the socket stands still behind it. */
  #early: Buffer | null = null;

  constructor() {
    const memory = Buffer.allocUnsafeSlow(readBytes);
    this.options = {
      buffer: memory,
      callback: (sizeBytes) => {
        const chunk = memory.subarray(0, sizeBytes);
        if (this.#take === null) this.#early = Buffer.from(chunk);
        else this.#take(chunk);
        return this.#take !== null;
      },
    };
  }

  giveTo(take: (chunk: Buffer) => void, resume: () => void): void {
    this.#take = take;
    const early = this.#early;
    this.#early = null;
    if (early === null) return;
    take(early);
    resume();
  }
}

/** A listener on `::` sees IPv4 clients as ::ffff:192.0.2.1. */
function withoutMapping(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

class NodeStream implements ByteStream {
  readonly #socket: net.Socket;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localPort: number;
  readonly #reads: LentReads | null;
  #reason: Error | undefined;

  constructor(socket: net.Socket, reads: LentReads | null = null) {
    this.#socket = socket;
    this.#reads = reads;
    // Read now: after the socket closed the kernel has forgotten them.
    this.remoteAddress = withoutMapping(socket.remoteAddress ?? 'unknown');
    this.remotePort = socket.remotePort ?? 0;
    this.localPort = socket.localPort ?? 0;
    // An error always precedes 'close'; without a listener it would end the process.
    socket.on('error', (error) => {
      this.#reason ??= toNetworkError(error);
    });
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  get lendsChunks(): boolean {
    return this.#reads !== null;
  }

  onData(take: (chunk: Buffer) => void): void {
    if (this.#reads === null) this.#socket.on('data', take);
    else this.#reads.giveTo(take, () => this.#socket.resume());
  }

  onClose(take: (reason: Error | undefined) => void): void {
    this.#socket.once('close', () => {
      take(this.#reason);
    });
  }

  onDrain(take: () => void): void {
    this.#socket.on('drain', take);
  }

  write(chunks: readonly Uint8Array[], onTaken?: () => void): boolean {
    if (!this.#socket.writable) return false;
    const last = chunks.length - 1;
    if (last < 0) return true;
    // Corked chunks leave in one writev.
    if (last > 0) this.#socket.cork();
    for (let index = 0; index < last; index++) this.#socket.write(chunks[index] as Uint8Array);
    const goOn = this.#socket.write(chunks[last] as Uint8Array, (error) => {
      if (error === null || error === undefined) onTaken?.();
    });
    if (last > 0) this.#socket.uncork();
    return goOn;
  }

  pause(): void {
    this.#socket.pause();
  }
  resume(): void {
    this.#socket.resume();
  }
  end(): void {
    this.#socket.end();
  }

  destroy(reason?: Error): void {
    this.#reason ??= reason;
    this.#socket.destroy();
  }
}

function listen(address: ListenAddress, accept: (stream: ByteStream) => void): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = net.createServer({ noDelay: true, keepAlive: true, highWaterMark: writeHighWaterMark }, (socket) => {
      accept(new NodeStream(socket));
    });
    server.once('error', (error) => {
      reject(toNetworkError(error));
    });
    server.listen({ host: address.host, port: address.port, backlog: address.backlog }, () => {
      // From here an error is a refused accept (no descriptors left): the listener goes on, the client tries again.
      server.removeAllListeners('error').on('error', () => {});
      const bound = server.address() as net.AddressInfo;
      resolve({ host: address.host, port: bound.port, close: () => closeServer(server) });
    });
  });
}

/** Stops accepting; streams that are open stay open until their owner ends them. */
function closeServer(server: net.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port <= 65_535;
}

function connect(address: { readonly host: string; readonly port: number; readonly timeoutMs: number }): Promise<ByteStream> {
  // A far end may tell nonsense of where it listens; Node takes that for a mistake of ours.
  if (!isPort(address.port)) return Promise.reject(new NetworkError('unreachable', `${address.port} is no port`));
  return new Promise((resolve, reject) => {
    const reads = new LentReads();
    const socket = net.connect({ host: address.host, port: address.port, noDelay: true, keepAlive: true, onread: reads.options });
    const timer = setTimeout(() => {
      socket.destroy(new NetworkError('timed-out', `no connection to ${formatHostPort(address)} within ${address.timeoutMs} ms`));
    }, address.timeoutMs);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(toNetworkError(error));
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      const stream = new NodeStream(socket, reads);
      socket.off('error', fail);
      resolve(stream);
    });
  });
}

export const nodeNetwork: Network = { listen, connect };
