// TCP through node:net. Every stream has Nagle's algorithm off: requests and answers are whole frames, and waiting
// for more would only add latency. How much may be buffered is the caller's business; `bufferedBytes` tells how much is.

import * as net from 'node:net';
import { NetworkError, type ByteStream, type Listener, type Network, type NetworkErrorCode } from '../ports.ts';

/** write() asks for a pause above this; a connection's own bound on unsent bytes is higher. */
const writeHighWaterMark = 1024 * 1024;
/** Connections the kernel keeps for us between two turns of the loop. */
const backlog = 1024;

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

class NodeStream implements ByteStream {
  readonly #socket: net.Socket;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localPort: number;
  #reason: Error | undefined;

  constructor(socket: net.Socket) {
    this.#socket = socket;
    // Read now: after the socket closed the kernel has forgotten them.
    this.remoteAddress = socket.remoteAddress ?? 'unknown';
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

  onData(take: (chunk: Buffer) => void): void {
    this.#socket.on('data', take);
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

function listen(address: { readonly host: string; readonly port: number }, accept: (stream: ByteStream) => void): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = net.createServer({ noDelay: true, keepAlive: true, highWaterMark: writeHighWaterMark }, (socket) => {
      accept(new NodeStream(socket));
    });
    server.once('error', (error) => {
      reject(toNetworkError(error));
    });
    server.listen({ host: address.host, port: address.port, backlog }, () => {
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

function connect(address: { readonly host: string; readonly port: number; readonly timeoutMs: number }): Promise<ByteStream> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: address.host, port: address.port, noDelay: true, keepAlive: true });
    const timer = setTimeout(() => {
      socket.destroy(new NetworkError('timed-out', `no connection to ${address.host}:${address.port} within ${address.timeoutMs} ms`));
    }, address.timeoutMs);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(toNetworkError(error));
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      const stream = new NodeStream(socket);
      socket.off('error', fail);
      resolve(stream);
    });
  });
}

export const nodeNetwork: Network = { listen, connect };
