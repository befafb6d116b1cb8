// What a broker's setting says now: settings that may change while it runs come from the metadata log before they come from this
// start's command line. Kafka's order: this broker's own, that of all brokers, the operator's, the default.

import { brokerConfigDefinitions, type BrokerConfigName, type ConfigDefinition } from './config-definitions.ts';
import { parseConfigValue, type BrokerConfig, type ConfigValue } from './config.ts';
import type { MetadataDelta, MetadataView } from './metadata-view.ts';

type Overrides = Pick<MetadataView, 'configOverrides'>;

/** Values in the metadata log were checked by the controller that wrote them. */
export function currentSetting<Name extends BrokerConfigName>(name: Name, config: BrokerConfig, metadata: Overrides): ConfigValue<Name> {
  const text = overrideOf(name, config.nodeId, metadata);
  const definition: ConfigDefinition = brokerConfigDefinitions[name];
  return text === undefined ? config.get(name) : (parseConfigValue(name, definition, text) as ConfigValue<Name>);
}

export function overrideOf(name: string, nodeId: number, metadata: Overrides): string | undefined {
  return (
    metadata.configOverrides({ kind: 'broker', name: String(nodeId) }).get(name) ??
    metadata.configOverrides({ kind: 'broker', name: '' }).get(name)
  );
}

/** Something that this broker reads may have changed. */
export function changesBroker({ changedConfigs }: MetadataDelta): boolean {
  return changedConfigs.some(({ kind }) => kind === 'broker');
}
