// What a value may be beyond its type: ranges and choices. Topic configs, and the broker configs that back them. Brokers read
// what was accepted here by the same table (broker/config.ts, broker/current-setting.ts).

import { maxPartitionsConfig } from './own-configs.ts';

/**
 * Kafka takes any number here. But where brokers share the clients' listener (it can't be seen who connects), fewer would lock out
 * the followers and whoever wants to take the setting back: this leaves room for other brokers' connections and some tools.
 */
const leastConnections = 32;

export interface ConfigLimits {
  readonly min?: number;
  readonly max?: number;
  /** Within the range and yet no value: nothing lies between "for ever" and one. */
  readonly except?: number;
  readonly oneOf?: readonly string[];
  readonly isThrottledReplicas?: boolean;
}

const compressionTypes = ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'];
const timestampTypes = ['CreateTime', 'LogAppendTime'];
const cleanupPolicies = ['delete', 'compact'];

export const topicConfigLimits: Readonly<Record<string, ConfigLimits>> = {
  'cleanup.policy': { oneOf: cleanupPolicies },
  'compression.gzip.level': { min: -1, max: 9 },
  'compression.lz4.level': { min: 1, max: 17 },
  'compression.type': { oneOf: compressionTypes },
  'compression.zstd.level': { min: -131_072, max: 22 },
  'delete.retention.ms': { min: 0 },
  'file.delete.delay.ms': { min: 0 },
  'follower.replication.throttled.replicas': { isThrottledReplicas: true },
  'flush.messages': { min: 1 },
  'flush.ms': { min: 0 },
  'index.interval.bytes': { min: 0 },
  'leader.replication.throttled.replicas': { isThrottledReplicas: true },
  'local.retention.bytes': { min: -2 },
  'local.retention.ms': { min: -2 },
  'max.compaction.lag.ms': { min: 1 },
  'max.message.bytes': { min: 0 },
  'message.timestamp.after.max.ms': { min: 0 },
  'message.timestamp.before.max.ms': { min: 0 },
  'message.timestamp.type': { oneOf: timestampTypes },
  'min.cleanable.dirty.ratio': { min: 0, max: 1 },
  'min.compaction.lag.ms': { min: 0 },
  'min.insync.replicas': { min: 1 },
  'retention.bytes': { min: -1 },
  'retention.ms': { min: -1 },
  'segment.bytes': { min: 1_048_576 },
  'segment.index.bytes': { min: 4 },
  'segment.jitter.ms': { min: 0 },
  'segment.ms': { min: 1 },
};

export const brokerConfigLimits: Readonly<Record<string, ConfigLimits>> = {
  'background.threads': { min: 1 },
  'compression.gzip.level': { min: -1, max: 9 },
  'compression.lz4.level': { min: 1, max: 17 },
  'compression.type': { oneOf: compressionTypes },
  'compression.zstd.level': { min: -131_072, max: 22 },
  'follower.replication.throttled.rate': { min: 0 },
  'leader.replication.throttled.rate': { min: 0 },
  'replica.alter.log.dirs.io.max.bytes.per.second': { min: 0 },
  'log.cleaner.backoff.ms': { min: 0 },
  'log.cleaner.delete.retention.ms': { min: 0 },
  'log.cleaner.max.compaction.lag.ms': { min: 1 },
  'log.cleaner.min.cleanable.ratio': { min: 0, max: 1 },
  'log.cleaner.min.compaction.lag.ms': { min: 0 },
  'log.cleaner.threads': { min: 0 },
  'log.cleanup.policy': { oneOf: cleanupPolicies },
  'log.flush.interval.messages': { min: 1 },
  'log.flush.interval.ms': { min: 0 },
  'log.index.interval.bytes': { min: 0 },
  'log.index.size.max.bytes': { min: 4 },
  'log.local.retention.bytes': { min: -2 },
  'log.local.retention.ms': { min: -2 },
  'log.message.timestamp.after.max.ms': { min: 0 },
  'log.message.timestamp.before.max.ms': { min: 0 },
  'log.message.timestamp.type': { oneOf: timestampTypes },
  'log.retention.bytes': { min: -1 },
  'log.retention.ms': { min: -1, except: 0 },
  'log.roll.jitter.ms': { min: 0 },
  'log.roll.ms': { min: 1 },
  'log.segment.bytes': { min: 1_048_576 },
  'log.segment.delete.delay.ms': { min: 0 },
  [maxPartitionsConfig]: { min: 1 },
  'max.connections': { min: leastConnections },
  'message.max.bytes': { min: 0 },
  'min.insync.replicas': { min: 1 },
  'num.io.threads': { min: 1 },
  'num.network.threads': { min: 1 },
  'num.recovery.threads.per.data.dir': { min: 1 },
  'num.replica.fetchers': { min: 1 },
  'producer.id.expiration.ms': { min: 1 },
};

export const groupConfigLimits: Readonly<Record<string, ConfigLimits>> = {
  'consumer.assignment.interval.ms': { min: 0, max: 15_000 },
  'consumer.heartbeat.interval.ms': { min: 5_000, max: 15_000 },
  'consumer.session.timeout.ms': { min: 45_000, max: 60_000 },
  'share.auto.offset.reset': {},
  'share.delivery.count.limit': { min: 2, max: 10 },
  'share.heartbeat.interval.ms': { min: 5_000, max: 15_000 },
  'share.isolation.level': { oneOf: ['read_committed', 'read_uncommitted'] },
  'share.record.lock.duration.ms': { min: 15_000, max: 60_000 },
  'share.session.timeout.ms': { min: 45_000, max: 60_000 },
  'streams.heartbeat.interval.ms': { min: 5_000, max: 15_000 },
  'streams.num.standby.replicas': { min: 0, max: 2 },
  'streams.session.timeout.ms': { min: 45_000, max: 60_000 },
};

export const clientMetricsLimits: Readonly<Record<string, ConfigLimits>> = {
  'interval.ms': { min: 100, max: 3_600_000 },
};
