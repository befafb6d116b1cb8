// Reads and checks the settings of a broker: command line, properties file, `--set`. Everything is parsed here, once;
// inside, `config.get('log.segment.bytes')` is a number and can't be misspelt.

import { assert } from '#engine/base/assert.ts';
import { isDefault, withoutEffect } from '#engine/controller/configs/config-effect.ts';
import { configResourceTypes } from '#engine/controller/records.ts';
import { brokerConfigLimits, type ConfigLimits } from '#engine/controller/configs/config-limits.ts';
import { brokerConfigs, configTableOf } from '#engine/controller/configs/config-tables.ts';
import { doubleShape, splitList } from '#engine/controller/configs/config-values.ts';
import { ConfigError } from './config-error.ts';
import { brokerConfigDefinitions, intMax, type BrokerConfigName, type ConfigDefinition, type ConfigType } from './config-definitions.ts';
import { resolveListeners, type NodeListeners } from './listeners.ts';
import { nodeTexts } from './node-texts.ts';

type ValueOfType<Type extends ConfigType> = Type extends 'boolean'
  ? boolean
  : Type extends 'string'
    ? string
    : Type extends 'list'
      ? readonly string[]
      : number;

/** Settings without a default may be unset. */
type UnsetByDefault = {
  [Name in BrokerConfigName]: (typeof brokerConfigDefinitions)[Name] extends { readonly defaultText: string } ? never : Name;
}[BrokerConfigName];

export type ConfigValue<Name extends BrokerConfigName> =
  | ValueOfType<(typeof brokerConfigDefinitions)[Name]['type']>
  | (Name extends UnsetByDefault ? undefined : never);

export type AnyConfigValue = number | boolean | string | readonly string[] | undefined;

export interface Voter {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export interface BrokerConfig {
  readonly nodeId: number;
  readonly roles: ReadonlySet<'broker' | 'controller'>;
  readonly listeners: NodeListeners;
  /** Who votes until the log says so, and where to ask first. */
  readonly voters: readonly Voter[];
  /** 1: as a leader this node writes the voters into the log, where they can be changed (KIP-853). */
  readonly kraftVersion: number;
  readonly dataDirectory: string;
  readonly clusterId: string;
  readonly rack: string | null;
  get<Name extends BrokerConfigName>(name: Name): ConfigValue<Name>;
  /** As the operator wrote them, with what this node is: the static source of DescribeConfigs. */
  readonly staticTexts: ReadonlyMap<string, string>;
  /** Settings that were changed and have no effect here; logged at start, so that nobody relies on them. */
  readonly unusedSettings: readonly UnusedSetting[];
}

export interface UnusedSetting {
  readonly name: string;
  readonly reason: string;
}

export interface NodeOptions {
  readonly nodeId: number;
  readonly roles: readonly ('broker' | 'controller')[];
  /** Host and ports count where the settings name no `listeners`. */
  readonly host: string;
  readonly port: number;
  readonly controllerPort: number | null;
  readonly voters: readonly Voter[];
  readonly kraftVersion?: number;
  readonly dataDirectory: string;
  readonly clusterId: string;
}

/** Checks every setting; throws ConfigError for the first that is unknown or out of range. */
export function createBrokerConfig(options: NodeOptions, staticTexts: ReadonlyMap<string, string>): BrokerConfig {
  const values = new Map<string, AnyConfigValue>();
  for (const [name, definition] of Object.entries(brokerConfigDefinitions)) {
    const text = staticTexts.get(name) ?? definition.defaultText;
    values.set(name, text === null ? undefined : parseConfigValue(name, definition, text));
  }
  const unusedSettings = [...staticTexts].flatMap(([name, text]) => (values.has(name) ? [] : checkUnused(name, text)));
  const get = <Name extends BrokerConfigName>(name: Name) => values.get(name) as ConfigValue<Name>;
  checkTogether(get);
  const { nodeId, voters, dataDirectory, clusterId } = options;
  const node = {
    nodeId,
    voters,
    dataDirectory,
    clusterId,
    listeners: resolveListeners({ ...options, isBroker: options.roles.includes('broker') }, staticTexts),
    kraftVersion: options.kraftVersion ?? 0,
    roles: new Set(options.roles),
  };
  return {
    ...node,
    rack: staticTexts.get('broker.rack') ?? null,
    staticTexts: new Map([...ownDefaults, ...staticTexts, ...nodeTexts(node)]),
    unusedSettings,
    get,
  };
}

/** Where this engine's default differs from Kafka's it counts as said: what is described is what is in force. */
const ownDefaults: readonly (readonly [string, string])[] = Object.entries(brokerConfigDefinitions).flatMap(
  ([name, { defaultText }]): readonly (readonly [string, string])[] =>
    defaultText === null || defaultText === configTableOf(configResourceTypes.broker)?.get(name)?.default ? [] : [[name, defaultText]],
);

/** A known setting that nothing reads: nothing to say while it has its default, else it is logged, or refused where that is dangerous. */
function checkUnused(name: string, text: string): readonly UnusedSetting[] {
  const known = brokerConfigs.get(name);
  if (known === undefined) throw new ConfigError(`unknown setting "${name}"`);
  const found = withoutEffect(configResourceTypes.broker, name);
  assert(found !== null, `${name} acts, or there is a reason why it doesn't`);
  if (isDefault(known, text)) return [];
  if (found.isRefused) throw new ConfigError(`${name} can't be set here: ${found.reason}`);
  return [{ name, reason: found.reason }];
}

/** What no setting can be checked for alone. */
function checkTogether(get: BrokerConfig['get']): void {
  const queuedBytes = get('queued.max.request.bytes');
  const requestBytes = get('socket.request.max.bytes');
  if (queuedBytes > 0 && queuedBytes < requestBytes)
    throw new ConfigError(`queued.max.request.bytes must be at least socket.request.max.bytes (${requestBytes}), not ${queuedBytes}`);
}

/** Turns text into the setting's type; throws ConfigError when it can't stand for one. */
export function parseConfigValue(name: string, definition: ConfigDefinition, text: string): NonNullable<AnyConfigValue> {
  checkForm(name, definition.type, text.trim());
  const value = toConfigValue(definition.type, text);
  const limits = definition.isDynamic === true ? dynamicLimits(name, definition.type) : definition;
  if (typeof value === 'number') checkRange(name, limits, value);
  else if (typeof value !== 'boolean') for (const item of [value].flat()) checkChoice(name, limits, item);
  return value;
}

/** Turns text that was checked into the setting's type. */
export function toConfigValue(type: ConfigType, text: string): NonNullable<AnyConfigValue> {
  const trimmed = text.trim();
  switch (type) {
    case 'boolean':
      return trimmed.toLowerCase() === 'true';
    case 'string':
      return trimmed;
    case 'list':
      return splitList(trimmed);
    case 'double':
    case 'int':
    case 'short':
    case 'long':
      return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(trimmed)));
  }
}

/** The controller checks the same ones. */
function dynamicLimits(name: string, type: ConfigType): ConfigLimits {
  return { ...(type === 'int' ? { max: intMax } : {}), ...brokerConfigLimits[name] };
}

function checkForm(name: string, type: ConfigType, text: string): void {
  if (type === 'string' || type === 'list') return;
  if (type === 'boolean') {
    if (!/^(true|false)$/i.test(text)) throw new ConfigError(`${name} must be true or false, not "${text}"`);
  } else if (!(type === 'double' ? doubleShape : /^[+-]?\d+$/).test(text)) throw new ConfigError(`${name} must be a number, not "${text}"`);
}

function checkRange(name: string, limits: ConfigLimits, value: number): void {
  if (limits.min !== undefined && value < limits.min) throw new ConfigError(`${name} must be at least ${limits.min}, not ${value}`);
  if (limits.max !== undefined && value > limits.max) throw new ConfigError(`${name} must be at most ${limits.max}, not ${value}`);
  if (limits.except !== undefined && value === limits.except) throw new ConfigError(`${name} must not be ${value}`);
}

function checkChoice(name: string, { oneOf }: ConfigLimits, value: string): void {
  if (oneOf !== undefined && !oneOf.includes(value)) throw new ConfigError(`${name} must be one of ${oneOf.join(', ')}, not "${value}"`);
}
