// Whether this machine can dial what its brokers advertise to each other: behind some NATs it can't reach its own public address,
// and then nothing is replicated and the console stays empty, without anything being broken.

import { createConnection } from 'node:net';
import type { HostPort, NodeListeners } from '#engine/broker/listeners.ts';
import { isLoopback } from './broker-listeners.ts';

const connectTimeoutMs = 2_000;

/** The addresses among brokers that don't answer; those on loopback aren't asked. Call when the brokers are ready. */
export async function unreachableAddresses(brokers: readonly NodeListeners[]): Promise<readonly HostPort[]> {
  const advertised = brokers.flatMap(({ clients, interBroker }) =>
    clients.flatMap((one) => (one.name === interBroker ? one.advertised : [])),
  );
  const asked = advertised.filter(({ host }) => !isLoopback(host));
  const answers = await Promise.all(asked.map(canDial));
  return asked.filter((_, index) => answers[index] === false);
}

function canDial({ host, port }: HostPort): Promise<boolean> {
  return new Promise((settle) => {
    const socket = createConnection({ host, port, timeout: connectTimeoutMs });
    const end = (isOpen: boolean): void => {
      socket.destroy();
      settle(isOpen);
    };
    socket
      .on('connect', () => end(true))
      .on('timeout', () => end(false))
      .on('error', () => end(false));
  });
}
