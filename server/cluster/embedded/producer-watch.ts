// Who produces, counted from the facts themselves over a sliding window. Time is an argument.
// Invariant: at most maxProducers are remembered, and maxTopics of each; what was silent longest is forgotten first.

import { assert } from '#engine/base/assert.ts';
import type { TraceEvent } from '#engine/trace/events.ts';
import type { TopologyProducer } from '../port.ts';

const windowMs = 5_000;
const bucketMs = 500;
/** A client that was silent this long is no producer any more. */
const forgetAfterMs = 60_000;
const maxProducers = 500;
/** Topics told of one producer: a client that writes to each topic of a large cluster has no list that anybody reads. */
export const maxTopics = 100;

interface Bucket {
  readonly startMs: number;
  records: number;
  bytes: number;
}

interface Seen {
  readonly clientId: string;
  readonly address: string;
  readonly topics: Set<string>;
  readonly buckets: Bucket[];
  acks: number;
  isIdempotent: boolean;
  lastMs: number;
}

type Produced = Extract<TraceEvent, { kind: 'produced' }>;

export class ProducerWatch {
  readonly #seen = new Map<string, Seen>();

  take(events: readonly TraceEvent[]): void {
    for (const event of events) if (event.kind === 'produced') this.#count(event);
  }

  /** By client id, then address. */
  producers(nowMs: number): TopologyProducer[] {
    for (const [key, seen] of this.#seen) if (nowMs - seen.lastMs > forgetAfterMs) this.#seen.delete(key);
    const told = [...this.#seen.values()].map((seen) => toProducer(seen, nowMs));
    return told.sort((a, b) => a.clientId.localeCompare(b.clientId) || a.address.localeCompare(b.address));
  }

  #count(event: Produced): void {
    // The port differs from connection to connection of one client; the host doesn't.
    const address = event.client.address.replace(/:\d+$/, '');
    const key = `${event.client.clientId}@${address}`;
    const seen = this.#seen.get(key) ?? {
      clientId: event.client.clientId,
      address,
      topics: new Set<string>(),
      buckets: [],
      acks: event.acks,
      isIdempotent: false,
      lastMs: 0,
    };
    this.#seen.delete(key);
    this.#seen.set(key, seen);
    addTopic(seen.topics, event.topic);
    seen.acks = event.acks;
    seen.isIdempotent = event.producerId >= 0;
    seen.lastMs = Math.max(seen.lastMs, event.atMs);
    addTo(seen.buckets, event);
    const oldest = this.#seen.size > maxProducers ? this.#seen.keys().next() : null;
    if (oldest !== null && oldest.done !== true) this.#seen.delete(oldest.value);
    assert(this.#seen.size <= maxProducers && seen.topics.size <= maxTopics, 'producers and their topics are bounded');
  }
}

/** In the order of the last write. */
function addTopic(topics: Set<string>, topic: string): void {
  topics.delete(topic);
  topics.add(topic);
  const oldest = topics.size > maxTopics ? topics.values().next() : null;
  if (oldest !== null && oldest.done !== true) topics.delete(oldest.value);
}

function addTo(buckets: Bucket[], event: Produced): void {
  const startMs = event.atMs - (event.atMs % bucketMs);
  let bucket = buckets.findLast((one) => one.startMs === startMs);
  if (bucket === undefined) {
    bucket = { startMs, records: 0, bytes: 0 };
    buckets.push(bucket);
    if (buckets.length > (2 * windowMs) / bucketMs) buckets.shift();
  }
  bucket.records += event.recordCount;
  bucket.bytes += event.sizeBytes;
}

function toProducer(seen: Seen, nowMs: number): TopologyProducer {
  const recent = seen.buckets.filter((bucket) => bucket.startMs > nowMs - windowMs);
  const total = (take: (bucket: Bucket) => number): number => recent.reduce((sum, bucket) => sum + take(bucket), 0) / (windowMs / 1_000);
  return {
    clientId: seen.clientId,
    address: seen.address,
    topics: [...seen.topics].sort(),
    recordsPerSecond: total((bucket) => bucket.records),
    bytesPerSecond: total((bucket) => bucket.bytes),
    acks: seen.acks,
    isIdempotent: seen.isIdempotent,
  };
}
