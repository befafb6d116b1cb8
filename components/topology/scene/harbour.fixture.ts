// A small cluster for tests: three brokers, four topics with three copies each, as on the design's first picture.

import type { BrokerSummary, GroupDetail, TopologyPartition, TopologyProducer, TopologySnapshot } from '#server/cluster/port.ts';
import type { ClientRef, Fact, TraceEvent } from '#server/engine/trace/events.ts';

export const startMs = 1_700_000_000_000;

export function broker(brokerId: number, change: Partial<BrokerSummary> = {}): BrokerSummary {
  return {
    brokerId,
    host: '127.0.0.1',
    port: 19_091 + brokerId,
    rack: null,
    state: 'online',
    isController: brokerId === 1,
    isVoter: true,
    leaderCount: 0,
    replicaCount: 0,
    diskUsedBytes: null,
    diskTotalBytes: null,
    diskUsableBytes: null,
    rates: null,
    process: null,
    ...change,
  };
}

export function partition(number: number, brokers: number, change: Partial<TopologyPartition> = {}): TopologyPartition {
  const replicas = Array.from({ length: Math.min(3, brokers) }, (_, index) => ((number + index) % brokers) + 1);
  return { partition: number, leaderId: replicas[0]!, leaderEpoch: 0, replicas, isr: replicas, endOffset: 0, ...change };
}

export function topic(name: string, partitionCount: number, brokers = 3): TopologySnapshot['topics'][number] {
  return {
    name,
    topicId: null,
    isInternal: name.startsWith('__'),
    partitions: Array.from({ length: partitionCount }, (_, number) => partition(number, brokers)),
  };
}

export function group(groupId: string, clientId: string, owned: Readonly<Record<string, readonly number[]>>): GroupDetail {
  const assignment = Object.entries(owned).map(([name, partitions]) => ({ topic: name, partitions }));
  return {
    groupId,
    state: 'Stable',
    protocolType: 'consumer',
    protocol: 'range',
    groupType: 'classic',
    coordinatorId: 1,
    members: [{ memberId: `${groupId}-1`, instanceId: null, clientId, host: '/127.0.0.1', assignment }],
    offsets: [],
    lag: 0,
    judgement: null,
  };
}

export function producer(clientId: string, topics: readonly string[]): TopologyProducer {
  return { clientId, address: '127.0.0.1:50000', topics, recordsPerSecond: 0, bytesPerSecond: 0, acks: -1, isIdempotent: true };
}

export interface SnapshotParts {
  readonly brokers?: readonly BrokerSummary[];
  readonly topics?: TopologySnapshot['topics'];
  readonly groups?: readonly GroupDetail[];
  readonly producers?: readonly TopologyProducer[] | null;
  readonly atMs?: number;
}

export function snapshot(parts: SnapshotParts = {}): TopologySnapshot {
  const brokers = parts.brokers ?? [broker(1), broker(2), broker(3)];
  const topics = parts.topics ?? [topic('clicks', 6), topic('inventory', 3), topic('orders', 6), topic('payments', 3)];
  return {
    overview: {
      clusterId: 'harbour',
      controllerId: 1,
      controllerEpoch: 12,
      voters: [1, 2, 3],
      kafkaVersion: null,
      brokers,
      topicCount: topics.length,
      partitionCount: topics.reduce((sum, one) => sum + one.partitions.length, 0),
      internalTopicCount: 0,
      internalPartitionCount: 0,
      offlinePartitions: 0,
      underReplicatedPartitions: 0,
      underMinIsrPartitions: 0,
      atMs: parts.atMs ?? startMs,
    },
    topics,
    groups: parts.groups ?? [group('fulfilment', 'reader', { orders: [0, 1, 2, 3, 4, 5] })],
    producers: parts.producers === undefined ? [producer('checkout-api', ['orders'])] : parts.producers,
    atMs: parts.atMs ?? startMs,
  };
}

export const writer: ClientRef = { connectionId: 1, clientId: 'checkout-api', address: '127.0.0.1:50000' };
export const reader: ClientRef = { connectionId: 2, clientId: 'reader', address: '127.0.0.1:50001' };

let sequence = 0;

export function event(atMs: number, brokerId: number, fact: Fact): TraceEvent {
  sequence += 1;
  return { brokerId, sequence, atUs: Math.round(atMs * 1_000), atMs, ...fact };
}

export function produced(
  atMs: number,
  at: {
    readonly topic?: string;
    readonly partition: number;
    readonly baseOffset: number;
    readonly recordCount: number;
    readonly brokerId?: number;
    readonly client?: ClientRef;
  },
): TraceEvent {
  return event(atMs, at.brokerId ?? (at.partition % 3) + 1, {
    kind: 'produced',
    client: at.client ?? writer,
    topic: at.topic ?? 'orders',
    partition: at.partition,
    baseOffset: at.baseOffset,
    recordCount: at.recordCount,
    sizeBytes: at.recordCount * 100,
    leaderEpoch: 0,
    acks: -1,
    producerId: 1,
  });
}

export function consumed(
  atMs: number,
  at: { readonly partition: number; readonly baseOffset: number; readonly lastOffset: number; readonly client?: ClientRef },
): TraceEvent {
  return event(atMs, (at.partition % 3) + 1, {
    kind: 'consumed',
    client: at.client ?? reader,
    topic: 'orders',
    partition: at.partition,
    baseOffset: at.baseOffset,
    lastOffset: at.lastOffset,
    sizeBytes: 100,
  });
}

export function replicated(
  atMs: number,
  at: {
    readonly leaderId: number;
    readonly followerId: number;
    readonly partition: number;
    readonly baseOffset: number;
    readonly lastOffset: number;
  },
): TraceEvent {
  return event(atMs, at.leaderId, {
    kind: 'replicated',
    followerId: at.followerId,
    topic: 'orders',
    partition: at.partition,
    baseOffset: at.baseOffset,
    lastOffset: at.lastOffset,
    sizeBytes: 100,
  });
}
