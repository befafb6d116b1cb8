// Which value counts, and where it comes from: the nearest source wins, the others are its synonyms. The order is Kafka's:
// the resource itself, this broker, all brokers, the operator's file, the default.

import { assert } from '#engine/base/assert.ts';
import { configsOf, type ClusterImage } from '../image/cluster-image.ts';
import { configResourceTypes } from '../records.ts';
import { brokerConfigs, configTableOf, dynamicBrokerConfigs } from './config-tables.ts';
import type { KnownConfig } from './config-row.ts';

/** Kafka's numbers for where a value comes from. */
export const configSources = {
  topic: 1,
  dynamicBroker: 2,
  dynamicDefaultBroker: 3,
  staticBroker: 4,
  default: 5,
  clientMetrics: 7,
  group: 8,
} as const;

export interface ConfigSynonym {
  readonly name: string;
  readonly value: string | null;
  readonly source: number;
}
export interface EffectiveConfig {
  readonly config: KnownConfig;
  readonly value: string | null;
  readonly source: number;
  /** The winner first. */
  readonly synonyms: readonly ConfigSynonym[];
}

export interface ConfigScope {
  readonly image: Pick<ClusterImage, 'configs'>;
  /** Whose dynamic settings count; null: only those of all brokers. */
  readonly brokerId: number | null;
  readonly staticConfigs: ReadonlyMap<string, string>;
}

export function effectiveConfig(
  scope: ConfigScope,
  resource: { readonly resourceType: number; readonly name: string },
  config: KnownConfig,
): EffectiveConfig {
  const own = ownSynonyms(scope, resource, config);
  const brokerName = resource.resourceType === configResourceTypes.broker ? config.name : config.brokerSynonym;
  const synonyms = brokerName === null ? own : [...own, ...brokerSynonyms(scope, brokerName, config)];
  const winner = synonyms[0];
  if (winner !== undefined && winner.value !== null) return { config, value: winner.value, source: winner.source, synonyms };
  return {
    config,
    value: inheritedDefault(scope, config) ?? describedDefault(resource.resourceType, config),
    source: configSources.default,
    synonyms,
  };
}

/** Every known config of a resource, in the table's order; behind them what brokers only have when it is set. */
export function effectiveConfigs(
  scope: ConfigScope,
  resource: { readonly resourceType: number; readonly name: string },
): readonly EffectiveConfig[] {
  const table = configTableOf(resource.resourceType);
  assert(table !== undefined, `type ${resource.resourceType} carries no configs`);
  const isBroker = resource.resourceType === configResourceTypes.broker;
  const unlisted = isBroker ? [...dynamicBrokerConfigs.values()].map((config) => effectiveConfig(scope, resource, config)) : [];
  return [
    ...[...table.values()].map((config) => effectiveConfig(scope, resource, config)),
    ...unlisted.filter(({ value }) => value !== null),
  ];
}

function ownSynonyms(
  scope: ConfigScope,
  resource: { readonly resourceType: number; readonly name: string },
  config: KnownConfig,
): readonly ConfigSynonym[] {
  if (resource.resourceType === configResourceTypes.broker) return [];
  const value = configsOf(scope.image as ClusterImage, resource.resourceType, resource.name).get(config.name);
  return value === undefined ? [] : [{ name: config.name, value, source: ownSource(resource.resourceType) }];
}

function ownSource(resourceType: number): number {
  if (resourceType === configResourceTypes.topic) return configSources.topic;
  return resourceType === configResourceTypes.group ? configSources.group : configSources.clientMetrics;
}

/** Kafka's own table has no default for some switches, lists and one interval, but describes them as off, empty and five minutes. */
function describedDefault(resourceType: number, config: KnownConfig): string | null {
  const { topic, 'client-metrics': clientMetrics } = configResourceTypes;
  if (config.default !== null || (resourceType !== topic && resourceType !== clientMetrics)) return config.default;
  if (config.name === 'interval.ms') return '300000';
  if (config.type === 'boolean') return 'false';
  return config.type === 'list' ? '' : null;
}

/** A config whose synonym isn't a broker's of its own brings the default itself. */
function brokerSynonyms(scope: ConfigScope, name: string, config: KnownConfig): readonly ConfigSynonym[] {
  const dynamicOf = (resourceName: string): string | undefined =>
    configsOf(scope.image as ClusterImage, configResourceTypes.broker, resourceName).get(name);
  const candidates: readonly (readonly [string | null | undefined, number])[] = [
    [scope.brokerId === null ? undefined : dynamicOf(String(scope.brokerId)), configSources.dynamicBroker],
    [dynamicOf(''), configSources.dynamicDefaultBroker],
    [scope.staticConfigs.get(name), configSources.staticBroker],
    [(configTableOf(configResourceTypes.broker)?.get(name) ?? (name === config.name ? config : undefined))?.default, configSources.default],
  ];
  return candidates.flatMap(([value, source]) => (value === undefined || value === null ? [] : [{ name, value, source }]));
}

const hourMs = 3_600_000;
const coarser: Readonly<Record<string, readonly (readonly [name: string, unitMs: number])[]>> = {
  'retention.ms': [
    ['log.retention.minutes', 60_000],
    ['log.retention.hours', hourMs],
  ],
  'segment.ms': [['log.roll.hours', hourMs]],
  'segment.jitter.ms': [['log.roll.jitter.hours', hourMs]],
  'flush.ms': [['log.flush.scheduler.interval.ms', 1]],
};

/** Some defaults are written in coarser units: retention.ms is log.retention.hours unless somebody says otherwise. */
function inheritedDefault(scope: ConfigScope, config: KnownConfig): string | null {
  for (const [name, unitMs] of coarser[config.name] ?? []) {
    const text = scope.staticConfigs.get(name) ?? brokerConfigs.get(name)?.default ?? null;
    if (text === null) continue;
    return text.startsWith('-') ? text : String(BigInt(text) * BigInt(unitMs));
  }
  return null;
}
