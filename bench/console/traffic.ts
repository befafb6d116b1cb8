// A proxy between browser and console that counts what passes, as it passes: compressed, streams included. A browser sends a
// request on a connection only when the answer before has ended, so whatever comes back belongs to the last request.

import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Traffic {
  /** Where the browser finds the console. */
  readonly url: string;
  /** Bytes of answers of the console's API so far. */
  apiBytes(): number;
  /** Bytes of the pages' own documents so far. */
  documentBytes(): number;
  stop(): Promise<void>;
}

type Kind = 'api' | 'document' | 'other';

export async function countTraffic(consolePort: number): Promise<Traffic> {
  const bytes: Record<Kind, number> = { api: 0, document: 0, other: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((browser) => {
    const upstream = connect(consolePort, '127.0.0.1');
    let kind: Kind = 'other';
    browser.on('data', (chunk: Buffer) => {
      kind = kindOf(chunk) ?? kind;
    });
    upstream.on('data', (chunk: Buffer) => {
      bytes[kind] += chunk.length;
    });
    for (const [one, other] of [
      [browser, upstream],
      [upstream, browser],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.once('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    apiBytes: () => bytes.api,
    documentBytes: () => bytes.document,
    stop: () =>
      new Promise((settle) => {
        server.close(() => settle());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** null: the chunk goes on with the body of a request. */
function kindOf(chunk: Buffer): Kind | null {
  const text = chunk.toString('latin1');
  const path = /^[A-Z]+ (\S+) HTTP\/1\.1\r\n/.exec(text)?.[1];
  if (path === undefined) return null;
  if (path.includes('/api/trpc')) return 'api';
  return /\r\nsec-fetch-dest: document\r\n/i.test(text) ? 'document' : 'other';
}

function listen(server: Server): Promise<number> {
  return new Promise((settle, refuse) => {
    server.once('error', refuse);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      settle(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
