// Finds a taken port before anything is started, so that the person reads one sentence instead of a crash loop.

import { createServer } from 'node:net';
import type { NodeListeners } from '#engine/broker/listeners.ts';
import { allListeners } from './broker-listeners.ts';
import { StartRefused } from './refusal.ts';

/** @throws StartRefused naming the first listener whose address is taken */
export async function requireFreeListeners(brokers: readonly NodeListeners[]): Promise<void> {
  for (const { host, port } of brokers.flatMap(allListeners)) await requireFreePorts(host, [{ port, flag: '--port or --listeners' }]);
}

/** @throws StartRefused naming the first of `ports` on `host` that can't be listened on */
export async function requireFreePorts(host: string, ports: readonly { readonly port: number; readonly flag: string }[]): Promise<void> {
  for (const { port, flag } of ports) {
    const failure = await tryListen(host, port);
    if (failure === 'EADDRINUSE')
      throw new StartRefused(`Port ${port} on ${host} is taken by another program; choose another with ${flag}.`);
    if (failure === 'EACCES')
      throw new StartRefused(`Port ${port} on ${host} may not be used without more rights; choose one above 1023 with ${flag}.`);
    if (failure !== null) throw new StartRefused(`${host} can't be listened on (${failure}).`);
  }
}

function tryListen(host: string, port: number): Promise<string | null> {
  return new Promise((settle) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => settle(null)));
  });
}
