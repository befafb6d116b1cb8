// A demo producer: a real kafkajs client in a process of its own, through the TCP port like anybody's. It sends
// small JSON orders at the asked rate, keyed, acks=all, and so lets the screen show real produces.

import { randomInt } from 'node:crypto';
import { Partitioners } from 'kafkajs';
import { startDemoProcess } from './demo-client.ts';

const { plan, kafka, count, tell, onStop, ensureTopic } = startDemoProcess();
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
const countries = ['NL', 'DE', 'FR', 'PL', 'ES', 'SE', 'JP', 'CN', 'US', 'BR'];
const statuses = ['placed', 'paid', 'picked', 'shipped', 'refunded'];
let sequence = 0;

function order(): { key: string; value: string } {
  const key = `c-${randomInt(plan.keyCount)}`;
  const body = {
    order: `${plan.clientId}-${sequence++}`,
    customer: key,
    country: pick(countries),
    total: randomInt(100, 100_000) / 100,
    status: pick(statuses),
  };
  const text = JSON.stringify(body);
  const missing = plan.valueBytes - text.length - ',"note":""'.length;
  return { key, value: missing > 0 ? JSON.stringify({ ...body, note: '.'.repeat(missing) }) : text };
}

function pick(words: readonly string[]): string {
  return words[randomInt(words.length)] ?? '';
}

/** Sends what is due each tick; a tick waits for the one before, so a slow cluster slows the demo instead of queueing. */
async function produceFor(): Promise<void> {
  const startedMs = Date.now();
  let sent = 0;
  for (;;) {
    const due = Math.floor(((Date.now() - startedMs) / 1_000) * plan.ratePerSecond) - sent;
    const messages = Array.from({ length: Math.min(due, Math.max(1, plan.ratePerSecond)) }, order);
    if (messages.length > 0) await producer.send({ topic: plan.topic, acks: -1, messages });
    sent += due;
    count(messages.length);
    await new Promise((wake) => setTimeout(wake, Math.min(250, Math.max(20, 1_000 / plan.ratePerSecond))));
  }
}

onStop(() => producer.disconnect());
await ensureTopic();
await producer.connect();
tell({ type: 'running' });
await produceFor();
