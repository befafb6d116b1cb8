// The records of the metadata log as the controller decides them and every node replays them. Names and fields are
// Kafka's; `driver` code turns them into bytes with the schemas of protocol/metadata-records. Absent fields mean
// "unchanged" where Kafka's schema has a sentinel for that.

import type { TopicId } from '#engine/base/brand.ts';

export interface EndpointRecord {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly securityProtocol: number;
}
export interface FeatureRange {
  readonly name: string;
  readonly minSupportedVersion: number;
  readonly maxSupportedVersion: number;
}

export interface RegisterBrokerRecord {
  readonly type: 'RegisterBroker';
  readonly brokerId: number;
  readonly incarnationId: TopicId;
  readonly brokerEpoch: number;
  readonly endPoints: readonly EndpointRecord[];
  readonly features: readonly FeatureRange[];
  readonly rack: string | null;
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
  readonly logDirs: readonly TopicId[];
  readonly cordonedLogDirs: readonly TopicId[] | null;
}
export interface UnregisterBrokerRecord {
  readonly type: 'UnregisterBroker';
  readonly brokerId: number;
  readonly brokerEpoch: number;
}
export interface BrokerRegistrationChangeRecord {
  readonly type: 'BrokerRegistrationChange';
  readonly brokerId: number;
  readonly brokerEpoch: number;
  /** -1 unfenced, 0 unchanged, 1 fenced. */
  readonly fenced: -1 | 0 | 1;
  /** 0 unchanged, 1 shutting down. */
  readonly inControlledShutdown: 0 | 1;
}
export interface TopicRecord {
  readonly type: 'Topic';
  readonly name: string;
  readonly topicId: TopicId;
}
export interface RemoveTopicRecord {
  readonly type: 'RemoveTopic';
  readonly topicId: TopicId;
}
export interface PartitionRecord {
  readonly type: 'Partition';
  readonly partitionId: number;
  readonly topicId: TopicId;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly removingReplicas: readonly number[];
  readonly addingReplicas: readonly number[];
  readonly leader: number;
  readonly leaderRecoveryState: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly directories: readonly TopicId[];
  readonly eligibleLeaderReplicas: readonly number[] | null;
  readonly lastKnownElr: readonly number[] | null;
}
export interface PartitionChangeRecord {
  readonly type: 'PartitionChange';
  readonly partitionId: number;
  readonly topicId: TopicId;
  readonly isr?: readonly number[];
  /** -1: none from now on. Any value, the present one too, starts a new leader epoch. */
  readonly leader?: number;
  readonly replicas?: readonly number[];
  readonly removingReplicas?: readonly number[];
  readonly addingReplicas?: readonly number[];
  readonly leaderRecoveryState?: number;
  readonly directories?: readonly TopicId[];
  readonly eligibleLeaderReplicas?: readonly number[];
  readonly lastKnownElr?: readonly number[];
}
/** Nobody is eligible any more: the minimum was changed, and with it who holds all that is committed. */
export interface ClearElrRecord {
  readonly type: 'ClearElr';
  /** Empty: of every topic. */
  readonly topicName: string;
}
export interface ConfigRecord {
  readonly type: 'Config';
  readonly resourceType: number;
  readonly resourceName: string;
  readonly name: string;
  /** null: back to the default. */
  readonly value: string | null;
}
export interface FeatureLevelRecord {
  readonly type: 'FeatureLevel';
  readonly name: string;
  readonly featureLevel: number;
}
export interface ProducerIdsRecord {
  readonly type: 'ProducerIds';
  readonly brokerId: number;
  readonly brokerEpoch: number;
  readonly nextProducerId: number;
}
export interface RegisterControllerRecord {
  readonly type: 'RegisterController';
  readonly controllerId: number;
  readonly incarnationId: TopicId;
  readonly endPoints: readonly EndpointRecord[];
  readonly features: readonly FeatureRange[];
}
export interface NoOpRecord {
  readonly type: 'NoOp';
}

export type MetadataRecord =
  | RegisterBrokerRecord
  | UnregisterBrokerRecord
  | BrokerRegistrationChangeRecord
  | TopicRecord
  | RemoveTopicRecord
  | PartitionRecord
  | PartitionChangeRecord
  | ClearElrRecord
  | ConfigRecord
  | FeatureLevelRecord
  | ProducerIdsRecord
  | RegisterControllerRecord
  | NoOpRecord;

/** What the protocol calls the kinds of things that carry configs. */
export const configResourceTypes = { topic: 2, broker: 4, 'broker-logger': 8, 'client-metrics': 16, group: 32 } as const;
