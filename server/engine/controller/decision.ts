// What every decide* function gets and gives. A decision changes nothing: its records do, when they are replayed, and its
// answer may leave only after they are committed. See README for the contract.

import type { TopicId } from '#engine/base/brand.ts';
import type { BrokerHeartbeats } from './brokers/heartbeats.ts';
import type { ClusterImage } from './image/cluster-image.ts';
import type { MetadataRecord } from './records.ts';

/** Settings of the controller, by Kafka's names in comments. */
export interface ControllerSettings {
  readonly clusterId: string;
  /** num.partitions */
  readonly defaultPartitions: number;
  /** default.replication.factor */
  readonly defaultReplicationFactor: number;
  /** broker.session.timeout.ms */
  readonly sessionTimeoutMs: number;
  /** leader.imbalance.check.interval.seconds, when auto.leader.rebalance.enable says so; absent: leaders stay where they are. */
  readonly leaderBalanceMs?: number;
  /** What the operator wrote in this node's own configuration, by broker config name. */
  readonly staticConfigs: ReadonlyMap<string, string>;
}

/** The controller at one moment. `image` holds every record decided so far, committed or not. */
export interface ControllerView {
  readonly image: ClusterImage;
  readonly settings: ControllerSettings;
  readonly heartbeats: BrokerHeartbeats;
  readonly nowMs: number;
  /** The offset that the next record will get: a broker's epoch is the offset of its registration. */
  readonly nextOffset: number;
  /** A uniform integer in [0, bound). */
  readonly nextInt: (bound: number) => number;
  readonly newTopicId: () => TopicId;
}

export interface Decision<Answer> {
  readonly records: readonly MetadataRecord[];
  readonly answer: Answer;
  /** What to remember outside the log once the records are appended: contact times and the like. */
  readonly onAppended?: () => void;
}

/** A protocol outcome: Kafka's error code and a sentence for people. */
export interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string;
}

export function refuse(errorCode: number, errorMessage: string): Refusal {
  return { errorCode, errorMessage };
}

/** A decision without records: a refusal, or a question answered from the image. */
export function answerOnly<Answer>(answer: Answer): Decision<Answer> {
  return { records: [], answer };
}
