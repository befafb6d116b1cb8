// IncrementalAlterConfigs (key 44) and the legacy AlterConfigs (key 33), which replaces the whole set. Each resource
// succeeds or fails by itself, and a resource never changes by half.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { refuse, type ControllerView, type Decision, type Refusal } from '../decision.ts';
import { configsOf } from '../image/cluster-image.ts';
import { configResourceTypes, type ConfigRecord } from '../records.ts';
import { configTableOf, knownConfig } from './config-tables.ts';
import type { KnownConfig } from './config-row.ts';
import { refusalWithoutEffect } from './config-effect.ts';
import { effectiveConfig } from './effective-config.ts';
import { consequencesOf, refuseMinInSync } from './config-consequences.ts';
import { faultOfValue, splitList } from './config-values.ts';

export interface ConfigResourceRef {
  readonly resourceType: number;
  readonly resourceName: string;
}
export interface ConfigOperation {
  readonly name: string;
  readonly configOperation: number;
  readonly value: string | null;
}
export interface IncrementalResource extends ConfigResourceRef {
  readonly configs: readonly ConfigOperation[];
}
export interface ReplacingResource extends ConfigResourceRef {
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}
export interface AlterConfigResult extends ConfigResourceRef {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export const configOperations = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

export function decideIncrementalConfigs(
  view: ControllerView,
  resources: readonly IncrementalResource[],
  isValidateOnly: boolean,
): Decision<readonly AlterConfigResult[]> {
  return decideEach(view, { resources, isValidateOnly }, (resource) => incrementalRecords(view, resource));
}

export function decideReplacingConfigs(
  view: ControllerView,
  resources: readonly ReplacingResource[],
  isValidateOnly: boolean,
): Decision<readonly AlterConfigResult[]> {
  return decideEach(view, { resources, isValidateOnly }, (resource) => replacingRecords(view, resource));
}

function decideEach<Resource extends ConfigResourceRef>(
  view: ControllerView,
  { resources, isValidateOnly }: { readonly resources: readonly Resource[]; readonly isValidateOnly: boolean },
  toRecords: (resource: Resource) => readonly ConfigRecord[] | Refusal,
): Decision<readonly AlterConfigResult[]> {
  const records: ConfigRecord[] = [];
  const answer = resources.map((resource): AlterConfigResult => {
    const { resourceType, resourceName } = resource;
    const isRepeated = resources.filter((other) => other.resourceType === resourceType && other.resourceName === resourceName).length > 1;
    const wanted = isRepeated ? refuse(errorCodes.INVALID_REQUEST, 'Each resource must appear at most once.') : toRecords(resource);
    const outcome = 'errorCode' in wanted ? wanted : (refuseMinInSync(view.image, wanted) ?? wanted);
    if ('errorCode' in outcome) return { resourceType, resourceName, ...outcome };
    records.push(...outcome);
    return { resourceType, resourceName, errorCode: 0, errorMessage: null };
  });
  return { records: isValidateOnly ? [] : [...records, ...consequencesOf(view, records)], answer };
}

function incrementalRecords(view: ControllerView, resource: IncrementalResource): readonly ConfigRecord[] | Refusal {
  const refusal = refuseResource(view, resource);
  if (refusal !== null) return refusal;
  const names = resource.configs.map((operation) => operation.name);
  if (new Set(names).size < names.length)
    return refuse(errorCodes.INVALID_REQUEST, `Error due to duplicate config keys : ${duplicates(names).join(', ')}`);
  const records: ConfigRecord[] = [];
  for (const operation of resource.configs) {
    const record = operationRecord(view, resource, operation);
    if (record !== null && 'errorCode' in record) return record;
    if (record !== null) records.push(record);
  }
  return records;
}

function operationRecord(view: ControllerView, resource: ConfigResourceRef, operation: ConfigOperation): ConfigRecord | Refusal | null {
  const { name, configOperation } = operation;
  const config = knownConfig(resource.resourceType, name);
  const refusal = refuseConfig(resource, config, name);
  if (refusal !== null || config === undefined) return refusal;
  if (configOperation === configOperations.delete) return record(view, resource, { name, value: null });
  if (configOperation < 0 || configOperation > 3) return refuse(errorCodes.INVALID_REQUEST, `Unknown config operation ${configOperation}.`);
  if (operation.value === null) return refuse(errorCodes.INVALID_REQUEST, `Null value not supported for : ${name}`);
  if (configOperation === configOperations.set) return checkedRecord(view, resource, { config, value: operation.value });
  if (config.type !== 'list') {
    const verb = configOperation === configOperations.append ? 'APPEND' : 'SUBTRACT';
    return refuse(errorCodes.INVALID_CONFIG, `Can't ${verb} to key ${name} because its type is not LIST.`);
  }
  const value = combine(view, resource, { config, isAppend: configOperation === configOperations.append, value: operation.value });
  return checkedRecord(view, resource, { config, value });
}

/** A list grows and shrinks from what counts now, be it the default. */
function combine(
  view: ControllerView,
  resource: ConfigResourceRef,
  change: { readonly config: KnownConfig; readonly isAppend: boolean; readonly value: string },
): string {
  const scope = { image: view.image, brokerId: null, staticConfigs: view.settings.staticConfigs };
  const own = configsOf(view.image, resource.resourceType, resource.resourceName).get(change.config.name);
  const present = splitList(
    own ?? effectiveConfig(scope, { resourceType: resource.resourceType, name: resource.resourceName }, change.config).value ?? '',
  );
  const given = splitList(change.value);
  const items = change.isAppend
    ? [...present, ...given.filter((item) => !present.includes(item))]
    : present.filter((item) => !given.includes(item));
  return items.join(',');
}

function replacingRecords(view: ControllerView, resource: ReplacingResource): readonly ConfigRecord[] | Refusal {
  const refusal = refuseResource(view, resource);
  if (refusal !== null) return refusal;
  const records: ConfigRecord[] = [];
  const given = new Set<string>();
  for (const { name, value } of resource.configs) {
    if (given.has(name)) return refuse(errorCodes.INVALID_REQUEST, `Error due to duplicate config keys : ${name}`);
    given.add(name);
    const next = operationRecord(view, resource, { name, configOperation: configOperations.set, value });
    if (next !== null && 'errorCode' in next) return next;
    if (next !== null) records.push(next);
  }
  for (const name of configsOf(view.image, resource.resourceType, resource.resourceName).keys()) {
    const removal = given.has(name) ? null : record(view, resource, { name, value: null });
    if (removal !== null) records.push(removal);
  }
  return records;
}

function checkedRecord(
  view: ControllerView,
  resource: ConfigResourceRef,
  { config, value }: { readonly config: KnownConfig; readonly value: string },
): ConfigRecord | Refusal | null {
  const fault = faultOfValue(resource.resourceType, config, value) ?? refusalWithoutEffect(resource.resourceType, config, value);
  return fault === null ? record(view, resource, { name: config.name, value }) : refuse(errorCodes.INVALID_CONFIG, fault);
}

/** null when nothing would change. */
function record(
  view: ControllerView,
  resource: ConfigResourceRef,
  change: { readonly name: string; readonly value: string | null },
): ConfigRecord | null {
  const { resourceType, resourceName } = resource;
  const present = configsOf(view.image, resourceType, resourceName).get(change.name) ?? null;
  return present === change.value ? null : { type: 'Config', resourceType, resourceName, ...change };
}

function refuseResource(view: ControllerView, { resourceType, resourceName }: ConfigResourceRef): Refusal | null {
  if (configTableOf(resourceType) === undefined) return refuse(errorCodes.INVALID_REQUEST, `Unexpected resource type ${resourceType}.`);
  switch (resourceType) {
    case configResourceTypes.topic:
      return view.image.topics.has(resourceName)
        ? null
        : refuse(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, `The topic '${resourceName}' does not exist.`);
    case configResourceTypes.broker:
      return refuseBrokerName(view, resourceName);
    default:
      return resourceName === '' ? refuse(errorCodes.INVALID_REQUEST, 'Default resources are not allowed for this type.') : null;
  }
}

/** The empty name stands for all brokers. */
function refuseBrokerName(view: ControllerView, name: string): Refusal | null {
  if (name === '') return null;
  const brokerId = /^\d{1,10}$/.test(name) ? Number(name) : -1;
  if (brokerId < 0) return refuse(errorCodes.INVALID_REQUEST, `Invalid broker name ${name}`);
  if (view.image.brokers.has(brokerId) || view.image.controllers.has(brokerId)) return null;
  return refuse(errorCodes.BROKER_ID_NOT_REGISTERED, `No broker with id ${name} found.`);
}

function refuseConfig(resource: ConfigResourceRef, config: KnownConfig | undefined, name: string): Refusal | null {
  if (config === undefined) return refuse(errorCodes.INVALID_CONFIG, `Unknown ${typeName(resource.resourceType)} config name: ${name}`);
  if (!config.isDynamic) return refuse(errorCodes.INVALID_REQUEST, `Cannot update these configs dynamically: Set(${name})`);
  return null;
}

function typeName(resourceType: number): string {
  return Object.entries(configResourceTypes).find(([, number]) => number === resourceType)?.[0] ?? String(resourceType);
}

function duplicates(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** Checks the configs a new topic comes with. */
export function refuseTopicConfigs(configs: readonly { readonly name: string; readonly value: string | null }[]): Refusal | null {
  for (const { name, value } of configs) {
    const config = configTableOf(configResourceTypes.topic)?.get(name);
    if (config === undefined) return refuse(errorCodes.INVALID_CONFIG, `Unknown topic config name: ${name}`);
    if (value === null) return refuse(errorCodes.INVALID_CONFIG, `Null value not supported for topic configs: ${name}`);
    const fault = faultOfValue(configResourceTypes.topic, config, value) ?? refusalWithoutEffect(configResourceTypes.topic, config, value);
    if (fault !== null) return refuse(errorCodes.INVALID_CONFIG, fault);
  }
  return null;
}
