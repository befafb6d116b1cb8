// ListConfigResources: what carries configs, from this broker's image. Version 0 asked for client metrics only; version 1
// asks by type, no type meaning all. Topics and brokers are listed whether or not they have overrides.

import { listConfigResourcesApi } from '#engine/protocol/apis/74-list-config-resources.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { configResourceTypes } from '#engine/controller/records.ts';
import { defineHandler, type BrokerContext } from '../context.ts';

const { topic, broker: brokerType, group } = configResourceTypes;
const clientMetrics = configResourceTypes['client-metrics'];
const brokerLogger = configResourceTypes['broker-logger'];
const knownTypes: readonly number[] = [topic, brokerType, brokerLogger, clientMetrics, group];

export const listConfigResourcesHandler = defineHandler(listConfigResourcesApi, (request, from, broker) => {
  const asked = from.apiVersion === 0 ? [clientMetrics] : request.resourceTypes.length === 0 ? knownTypes : request.resourceTypes;
  if (asked.some((type) => !knownTypes.includes(type))) return { errorCode: errorCodes.UNSUPPORTED_VERSION, configResources: [] };
  return {
    errorCode: 0,
    configResources: asked.flatMap((resourceType) => namesOf(resourceType, broker).map((resourceName) => ({ resourceName, resourceType }))),
  };
});

function namesOf(resourceType: number, broker: BrokerContext): readonly string[] {
  switch (resourceType) {
    case topic:
      return [...broker.metadata.topics()].map(({ name }) => name);
    case brokerType:
    case brokerLogger:
      return broker.metadata.allBrokers().map(({ brokerId }) => String(brokerId));
    case group:
      return broker.metadata.configuredNames('group');
    default:
      return broker.metadata.configuredNames('client-metrics');
  }
}
