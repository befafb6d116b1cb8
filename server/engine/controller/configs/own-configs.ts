// Broker configs that Kafka doesn't have. Their names begin with the product's, so that no later Kafka can mean something else
// by them. Clients see them in DescribeConfigs behind Kafka's own.

import type { BrokerRow } from './config-row.ts';

/** How many replicas one broker may hold: read by the controller, for each broker (partitions/replica-bound.ts). */
export const maxPartitionsConfig = 'logarium.max.partitions.per.broker';

export const ownBrokerConfigRows: readonly BrokerRow[] = [[maxPartitionsConfig, 'int', '25000', 'dynamic']];
