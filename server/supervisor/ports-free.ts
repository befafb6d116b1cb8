// The ports that a start needs: that none is wanted twice, and that nobody else has one. Found out before anything is started,
// so that the person reads one sentence instead of a crash loop.

import { createServer, isIP } from 'node:net';
import type { NodeListeners } from '#engine/broker/listeners.ts';
import { allListeners } from './broker-listeners.ts';
import type { ClusterOptions } from './options.ts';
import { StartRefused } from './refusal.ts';

export interface WantedPort {
  readonly host: string;
  readonly port: number;
  /** Who will listen there, e.g. "PLAINTEXT of broker 2". */
  readonly owner: string;
  /** The option that moves it. */
  readonly flag: string;
}

/** Every port that these brokers and the console listen on. The first broker's listeners come first. */
export function portsOf(
  brokers: readonly NodeListeners[],
  { withConsole, consoleHost, consolePort }: Pick<ClusterOptions, 'withConsole' | 'consoleHost' | 'consolePort'>,
): WantedPort[] {
  const ofBrokers = brokers.flatMap((listeners, index) =>
    allListeners(listeners).map(({ name, host, port }) => ({
      host,
      port,
      owner: `${name} of broker ${index + 1}`,
      flag: '--port or --listeners: ports count up from broker to broker',
    })),
  );
  const ofConsole = { host: consoleHost, port: consolePort, owner: 'the console', flag: '--console-port' };
  return withConsole ? [...ofBrokers, ofConsole] : ofBrokers;
}

/** @throws StartRefused naming the first two of `ports` that can't both be listened on */
export function requireDistinctPorts(ports: readonly WantedPort[]): void {
  for (const [index, later] of ports.entries()) {
    const earlier = ports.slice(0, index).find((one) => one.port === later.port && mayBeOneAddress(one.host, later.host));
    if (earlier === undefined) continue;
    throw new StartRefused(
      `Port ${later.port} is wanted twice, by ${earlier.owner} and by ${later.owner}; choose another with ${later.flag}.`,
    );
  }
}

/** Two addresses that are written differently are told apart only where both are plain IP addresses of one interface each. */
function mayBeOneAddress(one: string, other: string): boolean {
  const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';
  const isPlain = (host: string): boolean => isIP(host) !== 0 && !isWildcard(host);
  return one === other || !isPlain(one) || !isPlain(other);
}

/** @throws StartRefused naming the first of `ports` that can't be listened on */
export async function requireFreePorts(ports: readonly WantedPort[]): Promise<void> {
  for (const { host, port, flag } of ports) {
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
