// All known configs by the kind of thing that carries them.

import { brokerConfigsAToK } from './broker-configs-a-k.ts';
import { brokerConfigsLToR } from './broker-configs-l-r.ts';
import { brokerConfigsSToZ } from './broker-configs-s-z.ts';
import { ownBrokerConfigRows } from './own-configs.ts';
import { brokerTable, resourceTable, type ConfigTable, type KnownConfig } from './config-row.ts';
import { groupConfigRows } from './group-configs.ts';
import { topicConfigRows } from './topic-configs.ts';
import { configResourceTypes } from '../records.ts';

/** Kafka's own, as its reference lists them. */
export const brokerConfigs: ConfigTable = brokerTable(brokerConfigsAToK, brokerConfigsLToR, brokerConfigsSToZ);
export const ownBrokerConfigs: ConfigTable = brokerTable(ownBrokerConfigRows);
/** All that a broker always has. */
const everyBrokerConfig: ConfigTable = new Map([...brokerConfigs, ...ownBrokerConfigs]);
/** Brokers carry these only when somebody sets them: they have no place in a file, and DescribeConfigs is silent of them until then. */
export const dynamicBrokerConfigs: ConfigTable = brokerTable([
  ['follower.replication.throttled.rate', 'long', null, 'dynamic'],
  ['leader.replication.throttled.rate', 'long', null, 'dynamic'],
  ['replica.alter.log.dirs.io.max.bytes.per.second', 'long', null, 'dynamic'],
]);
export const topicConfigs: ConfigTable = resourceTable(topicConfigRows);
export const groupConfigs: ConfigTable = resourceTable(groupConfigRows);
export const clientMetricsConfigs: ConfigTable = resourceTable([
  ['interval.ms', 'int', null],
  ['match', 'list', null],
  ['metrics', 'list', null],
]);

/** What may be altered: more than is described. */
export function knownConfig(resourceType: number, name: string): KnownConfig | undefined {
  const isBroker = resourceType === configResourceTypes.broker;
  return configTableOf(resourceType)?.get(name) ?? (isBroker ? dynamicBrokerConfigs.get(name) : undefined);
}

/** undefined: nothing of that type carries configs here. */
export function configTableOf(resourceType: number): ConfigTable | undefined {
  switch (resourceType) {
    case configResourceTypes.topic:
      return topicConfigs;
    case configResourceTypes.broker:
      return everyBrokerConfig;
    case configResourceTypes.group:
      return groupConfigs;
    case configResourceTypes['client-metrics']:
      return clientMetricsConfigs;
    default:
      return undefined;
  }
}
