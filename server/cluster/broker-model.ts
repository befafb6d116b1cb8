// Brokers and the cluster as one looks at them: who is there, what each does, and how the whole stands. Units as in port.ts.

import type { StorageTrouble } from './storage-trouble.ts';

/** 'fenced': registered but not serving. 'lost': known to the console and no longer in the metadata. */
export type BrokerState = 'online' | 'fenced' | 'starting' | 'stopping' | 'lost';

export interface BrokerSummary {
  readonly brokerId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
  readonly state: BrokerState;
  readonly isController: boolean;
  readonly isVoter: boolean | null;
  readonly leaderCount: number;
  readonly replicaCount: number;
  readonly diskUsedBytes: number | null;
  readonly diskTotalBytes: number | null;
  readonly diskUsableBytes: number | null;
  /** Absent where nothing is known to be wrong with its disks and logs. */
  readonly storage?: StorageTrouble;
  readonly rates: BrokerRates | null;
  readonly process: BrokerProcess | null;
}

export interface BrokerRates {
  readonly bytesInPerSecond: number;
  readonly bytesOutPerSecond: number;
  readonly recordsInPerSecond: number;
  readonly requestsPerSecond: number;
  readonly produceP99Ms: number | null;
  readonly fetchP99Ms: number | null;
  readonly connections: number;
  /** Share of time in which the broker's thread had nothing to do, 0 to 1. */
  readonly idleRatio: number;
}

export interface BrokerProcess {
  readonly pid: number;
  readonly startedAtMs: number;
  readonly residentBytes: number;
  /** Share of one core, 0 to 1. */
  readonly cpuRatio: number;
  readonly restarts: number;
  /** What it uses of what it may use; null or absent where that isn't known. */
  readonly openFiles?: number | null;
  readonly openFilesLimit?: number | null;
  readonly partitions?: number | null;
  readonly partitionLimit?: number | null;
}

export interface ClusterOverview {
  readonly clusterId: string | null;
  /** The broker or controller that clients are told of. */
  readonly controllerId: number | null;
  readonly controllerEpoch: number | null;
  readonly voters: readonly number[] | null;
  readonly kafkaVersion: string | null;
  readonly brokers: readonly BrokerSummary[];
  /** Topics people made, and their partitions; Kafka's own stand beside them in the two counts of internal ones. */
  readonly topicCount: number;
  readonly partitionCount: number;
  readonly internalTopicCount: number;
  readonly internalPartitionCount: number;
  /** Of all partitions, Kafka's own among them; so are the two counts below. */
  readonly offlinePartitions: number;
  readonly underReplicatedPartitions: number;
  readonly underMinIsrPartitions: number | null;
  readonly atMs: number;
}
