// DescribeConfigs: every known config of a topic, broker, group or client metrics subscription, with its value, where the
// value comes from, and what else would count (synonyms). A broker describes only itself; clients ask each one.

import { describeConfigsApi, type DescribeConfigsRequest } from '#engine/protocol/apis/32-describe-configs.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { configTableOf } from '#engine/controller/configs/config-tables.ts';
import { isSensitive, type ConfigType } from '#engine/controller/configs/config-row.ts';
import { documentationOf } from '#engine/controller/configs/config-documentation.ts';
import { effectiveConfigs, type EffectiveConfig } from '#engine/controller/configs/effective-config.ts';
import { configResourceTypes } from '#engine/controller/records.ts';
import { defineHandler, type BrokerContext } from '../context.ts';

type Resource = DescribeConfigsRequest['resources'][number];
type Result = ResponseInput<typeof describeConfigsApi>['results'][number];
type Config = Result['configs'][number];
type Wanted = Pick<DescribeConfigsRequest, 'includeSynonyms' | 'includeDocumentation'>;

const typeNumbers: Readonly<Record<ConfigType, number>> = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
};

export const describeConfigsHandler = defineHandler(
  describeConfigsApi,
  (request, _from, broker) => ({
    results: request.resources.map((resource) => describe(resource, request, broker)),
  }),
  ['broker', 'controller'],
);

function describe(resource: Resource, wanted: Wanted, broker: BrokerContext): Result {
  const { resourceType, resourceName, configurationKeys } = resource;
  const refusal = refuse(resource, broker);
  if (refusal !== null) return { resourceType, resourceName, ...refusal, configs: [] };
  const isDefaultBroker = resourceType === configResourceTypes.broker && resourceName === '';
  const scope = {
    image: { configs: broker.metadata.allConfigs() },
    brokerId: isDefaultBroker ? null : broker.config.nodeId,
    staticConfigs: broker.config.staticTexts,
  };
  const configs = effectiveConfigs(scope, { resourceType, name: resourceName })
    .filter(
      ({ config, source }) =>
        (configurationKeys === null || configurationKeys.includes(config.name)) && (!isDefaultBroker || source === dynamicDefault),
    )
    .map((effective) => (isDefaultBroker ? withoutStatic(effective) : effective))
    .map((effective) => toConfig(resourceType, effective, wanted));
  return { errorCode: 0, errorMessage: null, resourceType, resourceName, configs };
}

/** The defaults of all brokers are only what somebody set for all brokers, not what one of them was started with. */
const dynamicDefault = 3;

function withoutStatic(effective: EffectiveConfig): EffectiveConfig {
  return { ...effective, synonyms: effective.synonyms.filter(({ source }) => source === dynamicDefault) };
}

function refuse(
  { resourceType, resourceName }: Resource,
  broker: BrokerContext,
): { readonly errorCode: number; readonly errorMessage: string } | null {
  if (configTableOf(resourceType) === undefined)
    return { errorCode: errorCodes.INVALID_REQUEST, errorMessage: `Unsupported resource type ${resourceType}.` };
  if (resourceType === configResourceTypes.topic && broker.metadata.topic(resourceName) === undefined) {
    return { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: `The topic '${resourceName}' does not exist.` };
  }
  if (resourceType !== configResourceTypes.broker || resourceName === '' || resourceName === String(broker.config.nodeId)) {
    return resourceName === '' && resourceType !== configResourceTypes.broker
      ? { errorCode: errorCodes.INVALID_REQUEST, errorMessage: 'The resource has no name.' }
      : null;
  }
  return {
    errorCode: errorCodes.INVALID_REQUEST,
    errorMessage: `Unexpected broker id, expected ${broker.config.nodeId} or empty string, but received ${resourceName}`,
  };
}

function toConfig(resourceType: number, { config, value, source, synonyms }: EffectiveConfig, wanted: Wanted): Config {
  const isSecret = isSensitive(config);
  return {
    name: config.name,
    value: isSecret ? null : value,
    readOnly: !config.isDynamic,
    configSource: source,
    isSensitive: isSecret,
    synonyms: wanted.includeSynonyms ? synonyms.map((synonym) => ({ ...synonym, value: isSecret ? null : synonym.value })) : [],
    configType: typeNumbers[config.type],
    documentation: wanted.includeDocumentation ? documentationOf(resourceType, config.name) : null,
  };
}
