// A small harbour of real clients, so that the photographs show a cluster at work: the topics, writers and groups of the
// design's pictures, at their rates. Nothing here is drawn: every figure on a photograph comes off the brokers.

import { Kafka, logLevel, type Consumer, type Producer } from 'kafkajs';

interface Writer {
  readonly clientId: string;
  readonly topic: string;
  readonly perSecond: number;
  readonly keys: number;
}
interface Readers {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly members: number;
  /** How long one member takes over a record; it is the one that falls behind. */ readonly slowMs: number;
}

export const harbourTopics: ReadonlyMap<string, number> = new Map([
  ['orders', 6],
  ['payments', 3],
  ['inventory', 3],
  ['clicks', 6],
]);
const writers: readonly Writer[] = [
  { clientId: 'checkout-api', topic: 'orders', perSecond: 36, keys: 90 },
  { clientId: 'pay-gateway', topic: 'payments', perSecond: 12, keys: 40 },
  { clientId: 'stock-sync', topic: 'inventory', perSecond: 18, keys: 30 },
  { clientId: 'web-tracker', topic: 'clicks', perSecond: 60, keys: 400 },
];
const readers: readonly Readers[] = [
  { groupId: 'fulfilment', topics: ['orders', 'inventory'], members: 3, slowMs: 0 },
  { groupId: 'billing', topics: ['orders', 'payments'], members: 2, slowMs: 0 },
  { groupId: 'clickstream', topics: ['clicks'], members: 3, slowMs: 120 },
];
const tickMs = 250;

export interface Harbour {
  readonly stop: () => Promise<void>;
}

function kafka(bootstrap: string, clientId: string): Kafka {
  return new Kafka({ clientId, brokers: bootstrap.split(','), logLevel: logLevel.NOTHING });
}

async function createTopics(bootstrap: string): Promise<void> {
  const admin = kafka(bootstrap, 'harbour').admin();
  await admin.connect();
  const present = new Set(await admin.listTopics());
  const topics = [...harbourTopics].filter(([topic]) => !present.has(topic)).map(([topic, numPartitions]) => ({ topic, numPartitions }));
  if (topics.length > 0) await admin.createTopics({ topics, waitForLeaders: true });
  await admin.disconnect();
}

function record(writer: Writer, index: number): { readonly key: string; readonly value: string } {
  const value = { id: index, at: new Date().toISOString(), from: writer.clientId, amount: (index * 37) % 1_000, items: ['tea', '茶'] };
  return { key: `${writer.topic}-${(index * 7919) % writer.keys}`, value: JSON.stringify(value) };
}

/** Writes a quarter of a second's records at a time; a slow broker makes it late, never makes it pile up. */
async function write(bootstrap: string, writer: Writer): Promise<() => Promise<void>> {
  const producer: Producer = kafka(bootstrap, writer.clientId).producer({ idempotent: writer.topic !== 'clicks' });
  await producer.connect();
  let [index, owed, isBusy] = [0, 0, false];
  const timer = setInterval(() => {
    owed = Math.min(owed + (writer.perSecond * tickMs) / 1_000, writer.perSecond);
    if (isBusy || owed < 1) return;
    isBusy = true;
    const messages = Array.from({ length: Math.floor(owed) }, () => record(writer, index++));
    owed -= messages.length;
    void producer.send({ topic: writer.topic, messages }).finally(() => (isBusy = false));
  }, tickMs);
  return async () => {
    clearInterval(timer);
    await producer.disconnect();
  };
}

async function read(bootstrap: string, plan: Readers, member: number): Promise<() => Promise<void>> {
  const consumer: Consumer = kafka(bootstrap, `${plan.groupId}-${member}`).consumer({ groupId: plan.groupId });
  await consumer.connect();
  await consumer.subscribe({ topics: [...plan.topics], fromBeginning: true });
  const isSlow = plan.slowMs > 0 && member === plan.members;
  await consumer.run({
    autoCommitInterval: 1_000,
    eachMessage: async () => (isSlow ? new Promise((settle) => setTimeout(settle, plan.slowMs)) : undefined),
  });
  return () => consumer.disconnect();
}

export async function openHarbour(bootstrap: string): Promise<Harbour> {
  await createTopics(bootstrap);
  const stops: (() => Promise<void>)[] = [];
  for (const writer of writers) stops.push(await write(bootstrap, writer));
  for (const plan of readers) for (let member = 1; member <= plan.members; member += 1) stops.push(await read(bootstrap, plan, member));
  return {
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}
