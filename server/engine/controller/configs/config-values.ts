// Is this text a value of that config? Answers a sentence for people, or null when it is.

import { configResourceTypes } from '../records.ts';
import { brokerConfigLimits, clientMetricsLimits, groupConfigLimits, topicConfigLimits, type ConfigLimits } from './config-limits.ts';
import type { ConfigType, KnownConfig } from './config-row.ts';

export const doubleShape = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const intMax = 2_147_483_647n;
const ranges: Readonly<Partial<Record<ConfigType, readonly [bigint, bigint]>>> = {
  short: [-32_768n, 32_767n],
  int: [-intMax - 1n, intMax],
  long: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
};

export function faultOfValue(resourceType: number, config: KnownConfig, text: string): string | null {
  const fault = faultOfType(config.type, text.trim()) ?? faultOfLimits(limitsOf(resourceType, config.name), config.type, text.trim());
  return fault === null ? null : `Invalid value ${text} for configuration ${config.name}: ${fault}`;
}

function limitsOf(resourceType: number, name: string): ConfigLimits {
  switch (resourceType) {
    case configResourceTypes.topic:
      return topicConfigLimits[name] ?? {};
    case configResourceTypes.broker:
      return brokerConfigLimits[name] ?? {};
    case configResourceTypes.group:
      return groupConfigLimits[name] ?? {};
    default:
      return clientMetricsLimits[name] ?? {};
  }
}

function faultOfType(type: ConfigType, text: string): string | null {
  switch (type) {
    case 'boolean':
      return /^(true|false)$/i.test(text) ? null : 'Expected value to be either true or false';
    case 'short':
    case 'int':
    case 'long':
      return isInteger(type, text) ? null : `Not a number of type ${type.toUpperCase()}`;
    case 'double':
      return doubleShape.test(text) && Number.isFinite(Number(text)) ? null : 'Not a number of type DOUBLE';
    case 'string':
    case 'list':
    case 'class':
    case 'password':
      return null;
  }
}

function isInteger(type: ConfigType, text: string): boolean {
  const range = ranges[type];
  if (range === undefined || !/^[+-]?\d{1,20}$/.test(text)) return false;
  const value = BigInt(text.replace(/^\+/, ''));
  return value >= range[0] && value <= range[1];
}

const throttledReplicas = /^(\*|(\d+:\d+)(\s*,\s*\d+:\d+)*|)$/;
const throttledReplicasForm =
  "must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...";

function faultOfLimits(limits: ConfigLimits, type: ConfigType, text: string): string | null {
  if (limits.isThrottledReplicas === true) return throttledReplicas.test(text) ? null : throttledReplicasForm;
  if (limits.oneOf !== undefined) {
    const items = type === 'list' ? splitList(text) : [text];
    if (type === 'list' && items.length === 0) return null;
    return items.every((item) => limits.oneOf?.includes(item)) ? null : `must be one of: ${limits.oneOf.join(', ')}`;
  }
  const value = Number(text);
  if (limits.min !== undefined && value < limits.min) return `Value must be at least ${limits.min}`;
  if (limits.max !== undefined && value > limits.max) return `Value must be no more than ${limits.max}`;
  if (limits.except !== undefined && value === limits.except) return `Value must not be ${limits.except}`;
  return null;
}

/** A list config's items; an empty text is an empty list. */
export function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
