// All known configs by the kind of thing that carries them.

import { brokerConfigsAToK } from './broker-configs-a-k.ts';
import { brokerConfigsLToR } from './broker-configs-l-r.ts';
import { brokerConfigsSToZ } from './broker-configs-s-z.ts';
import { brokerTable, resourceTable, type ConfigTable } from './config-row.ts';
import { groupConfigRows } from './group-configs.ts';
import { topicConfigRows } from './topic-configs.ts';
import { configResourceTypes } from '../records.ts';

export const brokerConfigs: ConfigTable = brokerTable(brokerConfigsAToK, brokerConfigsLToR, brokerConfigsSToZ);
export const topicConfigs: ConfigTable = resourceTable(topicConfigRows);
export const groupConfigs: ConfigTable = resourceTable(groupConfigRows);
export const clientMetricsConfigs: ConfigTable = resourceTable([
  ['interval.ms', 'int', null],
  ['match', 'list', null],
  ['metrics', 'list', null],
]);

/** undefined: nothing of that type carries configs here. */
export function configTableOf(resourceType: number): ConfigTable | undefined {
  switch (resourceType) {
    case configResourceTypes.topic:
      return topicConfigs;
    case configResourceTypes.broker:
      return brokerConfigs;
    case configResourceTypes.group:
      return groupConfigs;
    case configResourceTypes['client-metrics']:
      return clientMetricsConfigs;
    default:
      return undefined;
  }
}
