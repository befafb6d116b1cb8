// A reverse proxy before the console, as people put one there: it may rewrite the Host header, answer in the console's place,
// and go away and come back.

import { createServer, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ProxyPlan {
  readonly rewritesHost?: boolean;
}

export class Proxy {
  readonly #target: URL;
  readonly #plan: ProxyPlan;
  #server: Server | null = null;
  #port = 0;
  /** Answered instead of asking the console; null asks it. */
  status: number | null = null;

  constructor(target: string, plan: ProxyPlan = {}) {
    this.#target = new URL(target);
    this.#plan = plan;
  }

  /** On the same port as before, when it was open before. */
  async open(): Promise<string> {
    const server = createServer((request, response) => {
      if (this.status !== null) {
        response.writeHead(this.status, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
        return;
      }
      const headers = { ...request.headers, ...(this.#plan.rewritesHost === true ? { host: this.#target.host } : {}) };
      const forwarded = ask(
        { host: this.#target.hostname, port: this.#target.port, path: request.url, method: request.method, headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      forwarded.on('error', () => response.destroy());
      response.on('close', () => forwarded.destroy());
      request.pipe(forwarded);
    });
    this.#server = server;
    await new Promise<void>((settle) => server.listen(this.#port, '127.0.0.1', () => settle()));
    this.#port = (server.address() as AddressInfo).port;
    return `http://127.0.0.1:${this.#port}`;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const closed = new Promise<void>((settle) => server.close(() => settle()));
    server.closeAllConnections();
    await closed;
  }
}
