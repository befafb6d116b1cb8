// A small cluster to record: three brokers, one topic whose partitions every broker holds, one group.

import type { BrokerState, BrokerSummary, TopologySnapshot } from '../port.ts';

export function brokerOf(brokerId: number, state: BrokerState = 'online'): BrokerSummary {
  return {
    brokerId,
    host: '127.0.0.1',
    port: 9091 + brokerId,
    rack: null,
    state,
    isController: brokerId === 1,
    isVoter: true,
    leaderCount: 0,
    replicaCount: 0,
    diskUsedBytes: null,
    diskTotalBytes: null,
    diskUsableBytes: null,
    rates: null,
    process: { pid: 100 + brokerId, startedAtMs: 0, residentBytes: 1, cpuRatio: 0, restarts: 0 },
  };
}

export interface PictureParts {
  readonly atMs: number;
  readonly brokers?: readonly BrokerSummary[];
  /** Of orders-0, orders-1, ... */
  readonly leaders?: readonly (number | null)[];
  readonly epochs?: readonly number[];
  readonly isr?: readonly number[];
  readonly endOffset?: number;
}

export function pictureOf({ atMs, brokers, leaders = [1, 2, 3], epochs, isr = [1, 2, 3], endOffset = 10 }: PictureParts): TopologySnapshot {
  const partitions = leaders.map((leaderId, partition) => ({
    partition,
    leaderId,
    leaderEpoch: epochs?.[partition] ?? 0,
    replicas: [1, 2, 3],
    isr,
    endOffset,
  }));
  return {
    overview: {
      clusterId: 'c',
      controllerId: 1,
      controllerEpoch: 4,
      voters: [1, 2, 3],
      kafkaVersion: null,
      brokers: brokers ?? [brokerOf(1), brokerOf(2), brokerOf(3)],
      topicCount: 1,
      partitionCount: partitions.length,
      internalTopicCount: 0,
      internalPartitionCount: 0,
      offlinePartitions: 0,
      underReplicatedPartitions: 0,
      underMinIsrPartitions: 0,
      atMs,
    },
    topics: [{ name: 'orders', topicId: 'id', isInternal: false, partitions }],
    groups: [
      {
        groupId: 'readers',
        state: 'Stable',
        protocolType: 'consumer',
        protocol: 'range',
        groupType: 'classic',
        coordinatorId: 1,
        members: [{ memberId: 'm', instanceId: null, clientId: 'c', host: '/127.0.0.1', assignment: [] }],
        offsets: [],
        lag: 3,
        judgement: null,
      },
    ],
    producers: [],
    writes: [1, 2, 3].map((brokerId) => ({ clientId: 'checkout', brokerId, recordsPerSecond: 5 })),
    atMs,
  };
}
