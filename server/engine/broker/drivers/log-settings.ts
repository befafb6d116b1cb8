// The settings of a topic's logs: its own settings, else the broker's dynamic ones, else the operator's, else the default.
// The order is Kafka's; coarser names (hours) stand in where the millisecond one says nothing.

import { topicConfigs } from '#engine/controller/configs/config-tables.ts';
import type { LogConfig } from '#engine/storage/log-config.ts';
import type { BrokerConfigName } from '../config-definitions.ts';
import type { AnyConfigValue, BrokerConfig } from '../config.ts';
import { currentSetting, readStored } from '../current-setting.ts';
import type { MetadataView } from '../metadata-view.ts';
import { parseTopicCodec, type TopicCodec } from './topic-codec.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** What the produce path itself checks, beside what the log does. */
export interface TopicSettings {
  readonly log: LogConfig;
  readonly minInSyncReplicas: number;
  readonly codec: TopicCodec;
  /** null where the codec has one level only. */
  readonly codecLevel: number | null;
}

export function topicSettings(topic: string, config: BrokerConfig, metadata: Pick<MetadataView, 'configOverrides'>): TopicSettings {
  const lookup = createLookup(topic, config, metadata);
  const policy = lookup('cleanup.policy') as readonly string[];
  const number = (name: string): number => lookup(name) as number;
  const codec = parseTopicCodec(lookup('compression.type') as string);
  return {
    minInSyncReplicas: number('min.insync.replicas'),
    codec,
    codecLevel: codec === 'gzip' || codec === 'zstd' ? number(`compression.${codec}.level`) : null,
    log: {
      segmentBytes: number('segment.bytes'),
      segmentMs: (lookup('segment.ms') as number | undefined) ?? config.get('log.roll.hours') * hourMs,
      segmentJitterMs: (lookup('segment.jitter.ms') as number | undefined) ?? config.get('log.roll.jitter.hours') * hourMs,
      segmentIndexBytes: number('segment.index.bytes'),
      indexIntervalBytes: number('index.interval.bytes'),
      retentionMs: (lookup('retention.ms') as number | undefined) ?? defaultRetentionMs(config),
      retentionBytes: number('retention.bytes'),
      fileDeleteDelayMs: number('file.delete.delay.ms'),
      flushMessages: number('flush.messages'),
      flushMs: (lookup('flush.ms') as number | undefined) ?? config.get('log.flush.scheduler.interval.ms'),
      maxMessageBytes: number('max.message.bytes'),
      deletes: policy.includes('delete'),
      compacts: policy.includes('compact'),
      deleteRetentionMs: number('delete.retention.ms'),
      minCompactionLagMs: number('min.compaction.lag.ms'),
      maxCompactionLagMs: number('max.compaction.lag.ms'),
      minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
      stampsAppendTime: lookup('message.timestamp.type') === 'LogAppendTime',
      timestampBeforeMaxMs: number('message.timestamp.before.max.ms'),
      timestampAfterMaxMs: number('message.timestamp.after.max.ms'),
    },
  };
}

/** Computed once a topic for all of its partitions, until the metadata has changed. */
export class SharedSettings {
  readonly #config: BrokerConfig;
  readonly #metadata: Pick<MetadataView, 'configOverrides'>;
  readonly #known = new Map<string, TopicSettings>();

  constructor(config: BrokerConfig, metadata: Pick<MetadataView, 'configOverrides'>) {
    this.#config = config;
    this.#metadata = metadata;
  }

  of(topic: string): TopicSettings {
    const settings = this.#known.get(topic) ?? topicSettings(topic, this.#config, this.#metadata);
    this.#known.set(topic, settings);
    return settings;
  }

  forget(): void {
    this.#known.clear();
  }
}

/** -1 in either means "for ever". */
function defaultRetentionMs(config: BrokerConfig): number {
  const minutes = config.get('log.retention.minutes');
  if (minutes !== undefined) return minutes < 0 ? -1 : minutes * minuteMs;
  const hours = config.get('log.retention.hours');
  return hours < 0 ? -1 : hours * hourMs;
}

/** Finds the nearest value of a topic's setting that can be read. */
function createLookup(
  topic: string,
  config: BrokerConfig,
  metadata: Pick<MetadataView, 'configOverrides'>,
): (name: string) => AnyConfigValue {
  const ofTopic = metadata.configOverrides({ kind: 'topic', name: topic });
  return (name) => {
    const text = ofTopic.get(name);
    const own = text === undefined ? undefined : readStored('topic', name, text);
    return own ?? currentSetting(topicConfigs.get(name)?.brokerSynonym as BrokerConfigName, config, metadata);
  };
}
