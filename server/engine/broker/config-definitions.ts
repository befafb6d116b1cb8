// The settings this broker acts on, by Kafka's own names, with Kafka 4.3.1's types and defaults. (All the names that Kafka
// knows are in controller/configs, for DescribeConfigs.) A default that differs from Kafka's says why beside it.
// `long` values beyond 2^53 mean "no limit" and saturate.

export type ConfigType = 'int' | 'long' | 'double' | 'boolean' | 'string' | 'list' | 'short';

export interface ConfigDefinition {
  readonly type: ConfigType;
  /** As text, as an operator would write it; null: unset. */
  readonly defaultText: string | null;
  readonly min?: number;
  readonly max?: number;
  /** The only values allowed. */
  readonly oneOf?: readonly string[];
  /**
   * May change while the broker runs (Kafka's read-only flag, inverted). Then the controller checks values before this broker reads
   * them, so its bounds stand in one place only: controller/configs/config-limits.ts.
   */
  readonly isDynamic?: true;
}

const longMax = '9223372036854775807';
export const intMax = 2_147_483_647;

/** A definition that remembers in its type whether it has a default: only a setting without one may be unset. */
type Defined<Type extends ConfigType, Text extends string | null> = Omit<ConfigDefinition, 'type' | 'defaultText'> & {
  readonly type: Type;
  readonly defaultText: Text;
};

function int<Text extends string | null>(defaultText: Text, min?: number): Defined<'int', Text> {
  return { type: 'int', defaultText, ...(min === undefined ? {} : { min }), max: intMax };
}
function long<Text extends string | null>(defaultText: Text, min?: number): Defined<'long', Text> {
  return { type: 'long', defaultText, ...(min === undefined ? {} : { min }) };
}
function short<Text extends string>(defaultText: Text): Defined<'short', Text> {
  return { type: 'short', defaultText, min: 1, max: 32_767 };
}
function boolean(defaultText: 'true' | 'false'): Defined<'boolean', string> {
  return { type: 'boolean', defaultText };
}
function string<Text extends string | null>(defaultText: Text, oneOf?: readonly string[]): Defined<'string', Text> {
  return { type: 'string', defaultText, ...(oneOf === undefined ? {} : { oneOf }) };
}
function list<Text extends string | null>(defaultText: Text, oneOf?: readonly string[]): Defined<'list', Text> {
  return { type: 'list', defaultText, ...(oneOf === undefined ? {} : { oneOf }) };
}
function dynamic<Type extends ConfigType, Text extends string | null>(type: Type, defaultText: Text): Defined<Type, Text> {
  return { type, defaultText, isDynamic: true };
}

const leaderSelector = 'org.apache.kafka.common.replica.LeaderSelector';
export const rackAwareSelector = 'org.apache.kafka.common.replica.RackAwareReplicaSelector';

export const brokerConfigDefinitions = {
  // Who this is and where it listens.
  'node.id': int(null, 0),
  // Another name of node.id.
  'broker.id': int('-1', -1),
  'broker.rack': string(null),
  'process.roles': list(null, ['broker', 'controller']),
  listeners: list('PLAINTEXT://127.0.0.1:9092'),
  'advertised.listeners': list(null),
  'listener.security.protocol.map': string('SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT'),
  'inter.broker.listener.name': string(null),
  'controller.listener.names': list(null),
  'controller.quorum.voters': list(''),
  'log.dirs': list(null),
  // Counts where log.dirs says nothing.
  'log.dir': list('/tmp/kafka-logs'),

  // Sockets.
  'connections.max.idle.ms': long('600000'),
  'max.connections': dynamic('int', '2147483647'),
  // Kafka's 50 suits threads that accept at once; one event loop may be away for some milliseconds while many connect.
  'socket.listen.backlog.size': int('1024', 1),
  'socket.request.max.bytes': int('104857600', 1),
  'request.timeout.ms': int('30000', 1),
  'max.request.partition.size.limit': int('2000', 1),
  // Kafka's bound is of one queue between its network and its handlers. Here there is none: it is the number of requests of
  // a connection that may be under way before its socket isn't read, and never more than 128.
  'queued.max.requests': int('500', 1),
  // -1: 512 MiB.
  'queued.max.request.bytes': long('-1'),

  // Topics.
  'auto.create.topics.enable': boolean('true'),
  'delete.topic.enable': boolean('true'),
  'num.partitions': int('1', 1),
  'default.replication.factor': int('1', 1),
  'min.insync.replicas': dynamic('int', '1'),
  'unclean.leader.election.enable': dynamic('boolean', 'false'),

  // Ours, not Kafka's: how many replicas a broker may hold (controller/configs/own-configs.ts).
  'logarium.max.partitions.per.broker': dynamic('int', '25000'),

  // Logs.
  'message.max.bytes': dynamic('int', '1048588'),
  'compression.type': dynamic('string', 'producer'),
  'compression.gzip.level': dynamic('int', '-1'),
  'compression.zstd.level': dynamic('int', '3'),
  'log.cleanup.policy': dynamic('list', 'delete'),
  'log.segment.bytes': dynamic('int', '1073741824'),
  'log.roll.ms': dynamic('long', null),
  'log.roll.hours': int('168', 1),
  'log.roll.jitter.ms': dynamic('long', null),
  'log.roll.jitter.hours': int('0', 0),
  'log.retention.bytes': dynamic('long', '-1'),
  'log.retention.ms': dynamic('long', null),
  'log.retention.minutes': int(null),
  'log.retention.hours': int('168'),
  'log.retention.check.interval.ms': long('300000', 1),
  'log.segment.delete.delay.ms': dynamic('long', '60000'),
  'log.index.interval.bytes': dynamic('int', '4096'),
  'log.index.size.max.bytes': dynamic('int', '10485760'),
  'log.flush.interval.messages': dynamic('long', longMax),
  'log.flush.interval.ms': dynamic('long', null),
  'log.flush.scheduler.interval.ms': long(longMax, 1),
  'log.flush.offset.checkpoint.interval.ms': int('60000', 0),
  'log.message.timestamp.type': dynamic('string', 'CreateTime'),
  'log.message.timestamp.before.max.ms': dynamic('long', longMax),
  'log.message.timestamp.after.max.ms': dynamic('long', '3600000'),
  'log.cleaner.enable': boolean('true'),
  'log.cleaner.backoff.ms': dynamic('long', '15000'),
  'log.cleaner.delete.retention.ms': dynamic('long', '86400000'),
  'log.cleaner.min.compaction.lag.ms': dynamic('long', '0'),
  'log.cleaner.max.compaction.lag.ms': dynamic('long', longMax),
  'log.cleaner.min.cleanable.ratio': dynamic('double', '0.5'),
  'producer.id.expiration.ms': dynamic('int', '86400000'),

  // Fetch and replication.
  'fetch.max.bytes': int('57671680', 1024),
  'max.incremental.fetch.session.cache.slots': int('1000', 0),
  'replica.lag.time.max.ms': long('30000'),
  'replica.fetch.max.bytes': int('1048576', 0),
  'replica.fetch.min.bytes': int('1'),
  'replica.fetch.wait.max.ms': int('500'),
  'replica.fetch.backoff.ms': int('1000', 0),
  'replica.fetch.response.max.bytes': int('10485760', 0),
  'replica.socket.timeout.ms': int('30000', 1),
  'num.replica.fetchers': dynamic('int', '1'),
  // Kafka takes any class; here are its own two.
  'replication.quota.window.num': int('11', 1),
  'replication.quota.window.size.seconds': int('1', 1),
  'replica.selector.class': string(null, [leaderSelector, rackAwareSelector]),
  'replica.high.watermark.checkpoint.interval.ms': long('5000'),

  // Groups.
  'group.initial.rebalance.delay.ms': int('3000', 0),
  'group.min.session.timeout.ms': int('6000', 0),
  'group.max.session.timeout.ms': int('1800000', 0),
  'group.max.size': int('2147483647', 1),
  'offset.metadata.max.bytes': int('4096', 0),
  'offsets.commit.timeout.ms': int('5000', 1),
  'offsets.load.buffer.size': int('5242880', 1),
  'offsets.retention.minutes': int('10080', 1),
  'offsets.retention.check.interval.ms': long('600000', 1),
  'offsets.topic.num.partitions': int('50', 1),
  // Kafka's default is 3, which a single broker could never create. Whoever starts a cluster says how many it has.
  'offsets.topic.replication.factor': short('1'),
  'offsets.topic.segment.bytes': int('104857600', 1),

  // The quorum and the life of a broker in it.
  'broker.heartbeat.interval.ms': int('2000', 1),
  'broker.session.timeout.ms': int('9000'),
  'initial.broker.registration.timeout.ms': int('60000'),
  'controlled.shutdown.enable': boolean('true'),
  'controller.quorum.election.timeout.ms': int('1000'),
  'controller.quorum.election.backoff.max.ms': int('1000'),
  'controller.quorum.fetch.timeout.ms': int('2000'),
  'controller.quorum.request.timeout.ms': int('2000'),
  'controller.quorum.retry.backoff.ms': int('20', 1),
  'metadata.log.max.record.bytes.between.snapshots': long('20971520', 1),
  'metadata.log.max.snapshot.interval.ms': long('3600000', 0),
  'metadata.log.segment.bytes': int('1073741824', 8 * 1024 * 1024),
  'metadata.log.segment.ms': long('604800000'),
  'auto.leader.rebalance.enable': boolean('true'),
  'leader.imbalance.check.interval.seconds': long('300', 1),
} as const satisfies Record<string, ConfigDefinition>;

export type BrokerConfigName = keyof typeof brokerConfigDefinitions;
