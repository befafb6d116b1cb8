// Reads every partition from its start and holds it against what was acknowledged.

import type { Kafka } from 'kafkajs';
import type { Acknowledged } from './load.ts';

export interface Verdict {
  readonly acknowledged: number;
  readonly read: number;
  /** Acknowledged and not there, or there with another value. */
  readonly lost: number;
  /** The same value at two offsets. */
  readonly doubled: number;
  /** Offsets between the first and the last that hold no record. */
  readonly holes: number;
  /** Acknowledged and never seen by the group. */
  readonly unseen: number;
}

/** Everything in the topic by `partition@offset`. */
export async function readAll(kafka: Kafka, topic: string): Promise<Map<string, string>> {
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const found = new Map<string, string>();
  const missing = new Set(ends.filter(({ high, low }) => BigInt(high) > BigInt(low)).map(({ partition }) => partition));
  const lastOf = new Map(ends.map(({ partition, high }) => [partition, BigInt(high) - 1n]));
  const consumer = kafka.consumer({ groupId: `verdict-${Date.now()}`, maxWaitTimeInMs: 250 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((settle, refuse) => {
    if (missing.size === 0) settle();
    consumer.on(consumer.events.CRASH, ({ payload }) => refuse(payload.error));
    void consumer.run({
      autoCommit: false,
      eachMessage: ({ partition, message }) => {
        found.set(`${partition}@${message.offset}`, message.value?.toString() ?? '');
        if (BigInt(message.offset) >= (lastOf.get(partition) ?? 0n)) missing.delete(partition);
        if (missing.size === 0) settle();
        return Promise.resolve();
      },
    });
  });
  await consumer.disconnect();
  return found;
}

export function judge(
  acknowledged: readonly Acknowledged[],
  found: ReadonlyMap<string, string>,
  consumed: ReadonlyMap<string, number>,
): Verdict {
  const keyOf = (one: Acknowledged): string => `${one.partition}@${one.offset}`;
  const values = new Map<string, number>();
  for (const value of found.values()) values.set(value, (values.get(value) ?? 0) + 1);
  return {
    acknowledged: acknowledged.length,
    read: found.size,
    lost: acknowledged.filter((one) => found.get(keyOf(one)) !== one.value).length,
    doubled: [...values.values()].filter((count) => count > 1).length,
    holes: countHoles(found),
    unseen: acknowledged.filter((one) => !consumed.has(keyOf(one))).length,
  };
}

function countHoles(found: ReadonlyMap<string, string>): number {
  const ranges = new Map<string, { first: number; last: number; count: number }>();
  for (const key of found.keys()) {
    const [partition = '', offsetText = '0'] = key.split('@');
    const offset = Number(offsetText);
    const range = ranges.get(partition) ?? { first: offset, last: offset, count: 0 };
    ranges.set(partition, { first: Math.min(range.first, offset), last: Math.max(range.last, offset), count: range.count + 1 });
  }
  return [...ranges.values()].reduce((sum, { first, last, count }) => sum + (last - first + 1 - count), 0);
}
