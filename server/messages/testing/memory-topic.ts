// Topics in memory behind the parts of the port that replays use, for tests: scans like a log with gaps, produces like
// a leader, and fails where a test says so.

import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { ClusterPort } from '#server/cluster/port.ts';
import type { RawRecord, RecordProducer, ScanChunk, ScanInput, SendInput } from '#server/cluster/raw-records.ts';

export interface MemoryPartition {
  startOffset: number;
  endOffset: number;
  readonly records: RawRecord[];
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export function rawRecord(offset: number, text: string, key: string | null = null): RawRecord {
  return {
    offset,
    timestampMs: BigInt(1_000 + offset),
    key: key === null ? null : utf8(key),
    value: utf8(text),
    headers: [{ key: 'h', value: utf8('1') }],
  };
}

export class MemoryCluster {
  readonly topics = new Map<string, MemoryPartition[]>();
  /** Offsets that one chunk of a scan covers. */
  chunkOffsets = 10;
  beforeSend: (input: SendInput) => void = () => undefined;
  openProducers = 0;
  /** Of every topic. */
  configs: Readonly<Record<string, string>> = {};
  scans = 0;
  sends = 0;

  create(topic: string, partitionCount: number): void {
    this.topics.set(
      topic,
      Array.from({ length: partitionCount }, () => ({ startOffset: 0, endOffset: 0, records: [] })),
    );
  }

  /** Appends at the end, or at a later offset to leave a gap. */
  append(topic: string, partition: number, record: Omit<RawRecord, 'offset'> & { readonly at?: number }): number {
    const held = this.#partition(topic, partition);
    const { at = held.endOffset, ...content } = record;
    held.records.push({ ...content, offset: at });
    held.endOffset = at + 1;
    return at;
  }

  textsOf(topic: string, partition: number): readonly string[] {
    return this.#partition(topic, partition).records.map((record) => new TextDecoder().decode(record.value ?? new Uint8Array()));
  }

  get port(): ClusterPort {
    return {
      describeTopic: (name: string) =>
        Promise.resolve().then(() => ({ name, isInternal: name.startsWith('__'), partitions: this.#topic(name) })),
      offsets: (name: string) =>
        Promise.resolve().then(() =>
          this.#topic(name).map(({ startOffset, endOffset }, partition) => ({ partition, startOffset, endOffset })),
        ),
      topicConfigs: () => Promise.resolve(Object.entries(this.configs).map(([name, value]) => ({ name, value }))),
      scan: (input: ScanInput) => this.#scan(input),
      openProducer: () => Promise.resolve(this.#producer()),
    } as unknown as ClusterPort;
  }

  async *#scan({ topic, ranges, signal }: ScanInput): AsyncGenerator<ScanChunk> {
    this.scans += 1;
    for (const { partition, fromOffset, toOffset } of ranges) {
      for (let at = fromOffset; at < toOffset; at += this.chunkOffsets) {
        if (signal.aborted) throw clusterSaid('CANCELLED', 'the scan was cancelled');
        const nextOffset = Math.min(at + this.chunkOffsets, toOffset);
        const records = this.#partition(topic, partition).records.filter((record) => record.offset >= at && record.offset < nextOffset);
        yield { partition, fromOffset: at, nextOffset, records, skippedOffsets: nextOffset - at - records.length };
      }
    }
  }

  #producer(): RecordProducer {
    this.openProducers += 1;
    return {
      send: async (input) => {
        await Promise.resolve();
        this.sends += 1;
        this.beforeSend(input);
        const baseOffset = this.#partition(input.topic, input.partition).endOffset;
        for (const record of input.records) this.append(input.topic, input.partition, record);
        return { baseOffset };
      },
      close: () => {
        this.openProducers -= 1;
        return Promise.resolve();
      },
    };
  }

  #topic(name: string): MemoryPartition[] {
    const topic = this.topics.get(name);
    if (topic === undefined) throw clusterSaid('UNKNOWN_TOPIC_OR_PARTITION', `no topic ${name}`);
    return topic;
  }

  #partition(topic: string, partition: number): MemoryPartition {
    const held = this.#topic(topic)[partition];
    if (held === undefined) throw clusterSaid('UNKNOWN_TOPIC_OR_PARTITION', `no partition ${partition}`);
    return held;
  }
}
