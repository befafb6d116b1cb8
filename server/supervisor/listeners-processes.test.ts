// Advertised addresses on real processes: brokers behind a proxy that gives them other ports, as a NAT, a container's port mapping
// or a load balancer does, and brokers on an IPv6 address. A real client sees nothing but what is advertised.

import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, expect, test } from 'vitest';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { KafkaCluster } from '../cluster/kafka/kafka-cluster.ts';
import type { ListenerOptions } from './broker-listeners.ts';
import { Supervisor } from './supervisor.ts';

const insidePort = 23_300 + 20 * (process.pid % 20);
const outsidePort = insidePort + 400;
const proxyPort = insidePort + 800;
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function start(listeners: Partial<ListenerOptions>): Promise<Supervisor> {
  const directory = mkdtempSync(join(tmpdir(), 'logarium-listeners-'));
  cleanUps.push(() => rmSync(directory, { recursive: true, force: true }));
  const supervisor = await Supervisor.start({
    brokers: 3,
    port: insidePort,
    host: '127.0.0.1',
    listeners: null,
    advertisedHost: null,
    advertisedListeners: null,
    consolePort: 1,
    consoleHost: '127.0.0.1',
    dataDirectory: directory,
    withConsole: false,
    logLevel: 'info',
    settings: [],
    ...listeners,
  });
  cleanUps.push(() => supervisor.stop());
  return supervisor;
}

/** Forwards connections and counts them. */
async function proxy(from: number, to: number): Promise<{ readonly connections: number }> {
  const sockets = new Set<Socket>();
  const seen = { connections: 0 };
  const server: Server = createServer((socket) => {
    seen.connections += 1;
    const onward = connect(to, '127.0.0.1');
    for (const one of [socket, onward]) sockets.add(one.on('error', () => {}).on('close', () => socket.destroy() && onward.destroy()));
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((settle) => server.listen(from, '127.0.0.1', settle));
  cleanUps.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return seen;
}

/** Writes to every broker and reads it back, by whatever addresses the cluster tells. Afterwards its clients are gone. */
async function roundTrip(bootstrap: readonly string[]): Promise<readonly string[]> {
  const kafka = new Kafka({ brokers: [...bootstrap], logLevel: logLevel.NOTHING });
  const [admin, producer, consumer] = [kafka.admin(), kafka.producer(), kafka.consumer({ groupId: 'outside' })];
  const disconnect = (): Promise<unknown> => Promise.allSettled([admin.disconnect(), producer.disconnect(), consumer.disconnect()]);
  cleanUps.push(disconnect);
  await Promise.all([admin.connect(), producer.connect(), consumer.connect()]);
  const replicaAssignment = [1, 2, 3].map((id, partition) => ({ partition, replicas: [id, (id % 3) + 1] }));
  await admin.createTopics({ topics: [{ topic: 'trip', replicaAssignment }], waitForLeaders: true });
  await producer.send({ topic: 'trip', acks: -1, messages: [0, 1, 2].map((partition) => ({ partition, value: `to ${partition}` })) });
  await consumer.subscribe({ topic: 'trip', fromBeginning: true });
  const read: string[] = [];
  await new Promise<void>((settle) => {
    void consumer.run({
      eachMessage: ({ message }) => {
        read.push(String(message.value));
        if (read.length === 3) settle();
        return Promise.resolve();
      },
    });
  });
  await disconnect();
  return read.toSorted();
}

test('clients behind a proxy are given its addresses, brokers and console keep their own', { timeout: 120_000 }, async () => {
  const supervisor = await start({
    listeners: `INTERNAL://127.0.0.1:${insidePort},EXTERNAL://0.0.0.0:${outsidePort}`,
    advertisedListeners: `EXTERNAL://127.0.0.1:${proxyPort}`,
    settings: ['inter.broker.listener.name=INTERNAL'],
  });
  const proxies = await Promise.all([0, 1, 2].map((index) => proxy(proxyPort + index, outsidePort + index)));
  expect(await roundTrip([`127.0.0.1:${proxyPort}`])).toEqual(['to 0', 'to 1', 'to 2']);
  expect(proxies.map(({ connections }) => connections > 0)).toEqual([true, true, true]);
  const before = proxies.map(({ connections }) => connections);

  const console = new KafkaCluster({ world: nodeWorld(), bootstrap: supervisor.bootstrap });
  cleanUps.push(() => console.close());
  const { brokers } = await console.overview();
  expect(brokers.map(({ host, port }) => `${host}:${port}`)).toEqual(supervisor.bootstrap.split(','));
  expect(proxies.map(({ connections }) => connections)).toEqual(before);
});

const ipv6 = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, address }) => family === 'IPv6' && !address.startsWith('fe80'))?.address;

test.skipIf(ipv6 === undefined)(
  `an IPv6 address works for brokers, clients and the console${ipv6 === undefined ? ' (skipped: this machine has none)' : ''}`,
  { timeout: 120_000 },
  async () => {
    const supervisor = await start({ host: ipv6 ?? '' });
    expect(supervisor.bootstrap.split(',')[0]).toBe(`[${ipv6}]:${insidePort}`);
    const console = new KafkaCluster({ world: nodeWorld(), bootstrap: supervisor.bootstrap });
    cleanUps.push(() => console.close());
    const { brokers } = await console.overview();
    expect(brokers.map(({ host, port }) => [host, port])).toEqual([0, 1, 2].map((index) => [ipv6, insidePort + index]));
  },
);

test('a start says of advertised addresses that this machine itself cannot reach', { timeout: 120_000 }, async () => {
  // TEST-NET-1: nobody is there, on no network.
  const supervisor = await start({ advertisedHost: '192.0.2.1' });
  expect(supervisor.remarks).toEqual([
    expect.stringContaining(`This machine can't reach 192.0.2.1:${insidePort}, 192.0.2.1:${insidePort + 1}`),
  ]);
});
