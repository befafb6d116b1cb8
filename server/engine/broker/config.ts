// Reads and checks the settings of a broker: command line, properties file, `--set`. Everything is parsed here, once;
// inside, `config.get('log.segment.bytes')` is a number and can't be misspelt.

import { assert } from '#engine/base/assert.ts';
import { isDefault, withoutEffect } from '#engine/controller/configs/config-effect.ts';
import { configResourceTypes } from '#engine/controller/records.ts';
import { brokerConfigs, configTableOf } from '#engine/controller/configs/config-tables.ts';
import { ConfigError } from './config-error.ts';
import { brokerConfigDefinitions, type BrokerConfigName, type ConfigDefinition, type ConfigType } from './config-definitions.ts';
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
  /** Settings that were changed and have no effect here; told at start, so that nobody relies on them. */
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

/** A known setting that nothing reads: nothing to say while it has its default, else it is told, or refused where that is dangerous. */
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
  const trimmed = text.trim();
  switch (definition.type) {
    case 'boolean':
      return parseBoolean(name, trimmed);
    case 'string':
      return checkChoice(name, definition, trimmed);
    case 'list':
      return parseList(trimmed).map((item) => checkChoice(name, definition, item));
    case 'double':
      return checkRange(name, definition, parseNumber(name, trimmed, /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/));
    case 'int':
    case 'short':
    case 'long':
      return checkRange(name, definition, parseNumber(name, trimmed, /^[+-]?\d+$/));
  }
}

function parseBoolean(name: string, text: string): boolean {
  const lower = text.toLowerCase();
  if (lower !== 'true' && lower !== 'false') throw new ConfigError(`${name} must be true or false, not "${text}"`);
  return lower === 'true';
}

function parseList(text: string): readonly string[] {
  return text === ''
    ? []
    : text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
}

function parseNumber(name: string, text: string, shape: RegExp): number {
  if (!shape.test(text)) throw new ConfigError(`${name} must be a number, not "${text}"`);
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(text)));
}

function checkRange(name: string, definition: ConfigDefinition, value: number): number {
  if (definition.min !== undefined && value < definition.min)
    throw new ConfigError(`${name} must be at least ${definition.min}, not ${value}`);
  if (definition.max !== undefined && value > definition.max)
    throw new ConfigError(`${name} must be at most ${definition.max}, not ${value}`);
  return value;
}

function checkChoice(name: string, definition: ConfigDefinition, value: string): string {
  if (definition.oneOf !== undefined && !definition.oneOf.includes(value)) {
    throw new ConfigError(`${name} must be one of ${definition.oneOf.join(', ')}, not "${value}"`);
  }
  return value;
}
