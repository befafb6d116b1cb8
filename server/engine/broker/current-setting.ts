// What a broker's setting says now: settings that may change while it runs come from the metadata log before they come from this
// start's command line. Kafka's order: this broker's own, that of all brokers, the operator's, the default.
// Invariant: reading never throws. What the log holds can't be taken back by a broker that doesn't start, so a value that is none
// (the controller that accepted it was less strict) counts as not set, and is logged.

import { knownConfig } from '#engine/controller/configs/config-tables.ts';
import { faultOfValue } from '#engine/controller/configs/config-values.ts';
import { configResourceTypes } from '#engine/controller/records.ts';
import type { BrokerLog } from './broker-log.ts';
import { brokerConfigDefinitions, type BrokerConfigName, type ConfigDefinition } from './config-definitions.ts';
import { toConfigValue, type AnyConfigValue, type BrokerConfig, type ConfigValue } from './config.ts';
import type { MetadataDelta, MetadataView } from './metadata-view.ts';

type Overrides = Pick<MetadataView, 'configOverrides'>;

export function currentSetting<Name extends BrokerConfigName>(name: Name, config: BrokerConfig, metadata: Overrides): ConfigValue<Name> {
  for (const resource of [String(config.nodeId), '']) {
    const text = metadata.configOverrides({ kind: 'broker', name: resource }).get(name);
    const value = text === undefined ? undefined : readStored('broker', name, text);
    if (value !== undefined) return value as ConfigValue<Name>;
  }
  return config.get(name);
}

/** A value of the metadata log; undefined where the text can't stand for one. */
export function readStored(kind: 'topic' | 'broker', name: string, text: string): AnyConfigValue {
  const definition = definitionOf(kind, name);
  return definition === undefined || faultOfStored(kind, name, text) !== null ? undefined : toConfigValue(definition.type, text);
}

function definitionOf(kind: 'topic' | 'broker', name: string): ConfigDefinition | undefined {
  const own = kind === 'broker' ? name : knownConfig(configResourceTypes.topic, name)?.brokerSynonym;
  const definitions: Readonly<Record<string, ConfigDefinition>> = brokerConfigDefinitions;
  return definitions[own ?? ''];
}

function faultOfStored(kind: 'topic' | 'broker', name: string, text: string): string | null {
  const type = configResourceTypes[kind];
  const known = knownConfig(type, name);
  return known === undefined ? `Unknown ${kind} config name: ${name}` : faultOfValue(type, known, text);
}

/** Each value that is passed over, once for each change of its resource and not each time it is read. */
export function logUnreadable({ changedConfigs }: Pick<MetadataDelta, 'changedConfigs'>, metadata: Overrides, log: BrokerLog): void {
  for (const { kind, name } of changedConfigs) {
    if (kind !== 'topic' && kind !== 'broker') continue;
    for (const [config, text] of metadata.configOverrides({ kind, name })) {
      const fault = faultOfStored(kind, config, text);
      if (fault !== null) log.warn('setting-ignored', { kind, name, reason: `${fault}. What counts without it is in force` });
    }
  }
}

/** Something that this broker reads may have changed. */
export function changesBroker({ changedConfigs }: MetadataDelta): boolean {
  return changedConfigs.some(({ kind }) => kind === 'broker');
}
