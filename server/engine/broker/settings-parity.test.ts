// The controller accepts a value once, into the metadata log; each broker reads it at every start from then on. So whatever the
// one accepts the other reads, and what an older controller accepted stops nobody.

import { describe, expect, test } from 'vitest';
import { refusalWithoutEffect } from '#engine/controller/configs/config-effect.ts';
import type { KnownConfig } from '#engine/controller/configs/config-row.ts';
import { configTableOf } from '#engine/controller/configs/config-tables.ts';
import { faultOfValue } from '#engine/controller/configs/config-values.ts';
import { configResourceTypes } from '#engine/controller/records.ts';
import { createBrokerLog } from './broker-log.ts';
import { brokerConfigDefinitions, type ConfigDefinition } from './config-definitions.ts';
import { parseConfigValue } from './config.ts';
import { currentSetting, logUnreadable, readStored } from './current-setting.ts';
import { topicSettings } from './drivers/log-settings.ts';
import type { ConfigResource, MetadataDelta } from './metadata-view.ts';
import { testConfig } from './testing/partition-fixture.ts';

const bounds = [0, 1, 4, 9, 17, 22, 100, 1_024, 1_048_576, 131_072, 2_147_483_647, 9_007_199_254_740_990];
const around = bounds.flatMap((bound) => [bound - 1, bound, bound + 1]);
const numbers = [...around, ...around.map((value) => -value)].map(String);
const oddNumbers = ['9223372036854775807', '-9223372036854775808', '0.5', '1.5', '.5', '1.', '1e3', '+5', '05', ' 5 ', '0x1', '1d', 'NaN'];
const words = ['', 'Infinity', 'true', 'TRUE', 'False', 'gzip', 'GZIP', 'zstd', 'lz4', 'producer', 'delete', 'compact', 'none'];
const lists = ['delete,compact', 'compact, delete', 'delete,delete', ',', '5,6', 'CreateTime', 'createtime', 'LogAppendTime'];
const texts = [...numbers, ...oddNumbers, ...words, ...lists];

const definitions: Readonly<Record<string, ConfigDefinition>> = brokerConfigDefinitions;

const readAtStart: readonly string[] = ['listeners', 'advertised.listeners', 'listener.security.protocol.map'];

/** Those that a broker reads from the metadata log. */
function readBy(kind: 'topic' | 'broker'): readonly KnownConfig[] {
  const all = [...(configTableOf(configResourceTypes[kind])?.values() ?? [])];
  const acts = (name: string | null): boolean => definitions[name ?? ''] !== undefined;
  return all.filter(({ name, isDynamic, brokerSynonym }) => {
    return isDynamic && acts(kind === 'broker' ? name : brokerSynonym) && !readAtStart.includes(name);
  });
}

function isAccepted(kind: 'topic' | 'broker', config: KnownConfig, text: string): boolean {
  const type = configResourceTypes[kind];
  return faultOfValue(type, config, text) === null && refusalWithoutEffect(type, config, text) === null;
}

const overrides = (kind: ConfigResource['kind'], values: Readonly<Record<string, string>>) => ({
  configOverrides: (resource: ConfigResource) => new Map(resource.kind === kind ? Object.entries(values) : []),
});

describe.each(['topic', 'broker'] as const)('what the controller accepts of a %s', (kind) => {
  test.each(readBy(kind).map((config) => [config.name, config] as const))('the broker reads: %s', (name, config) => {
    const accepted = texts.filter((text) => isAccepted(kind, config, text));
    expect(accepted.length).toBeGreaterThan(0);
    for (const text of accepted) expect([text, readStored(kind, name, text)]).not.toEqual([text, undefined]);
  });
});

test.each(readBy('broker').map((config) => [config.name, config] as const))('a file may say the same of %s', (name, config) => {
  const definition = definitions[name] as ConfigDefinition;
  const parses = (text: string): boolean => {
    try {
      return parseConfigValue(name, definition, text) !== undefined;
    } catch {
      return false;
    }
  };
  expect(texts.filter((text) => (faultOfValue(configResourceTypes.broker, config, text) === null) !== parses(text))).toEqual([]);
});

describe('a value that the log holds and nobody can read', () => {
  test.each([
    ['log.roll.ms', '0'],
    ['log.roll.ms', '-1'],
    ['log.roll.jitter.ms', '-1'],
    ['log.flush.interval.ms', '-1'],
    ['log.retention.ms', '-2'],
    ['log.retention.bytes', '-2'],
    ['max.connections', '-1'],
    ['log.cleaner.min.cleanable.ratio', 'half'],
  ])('%s=%s counts as not set', (name, text) => {
    const config = testConfig('/data');
    const stored = overrides('broker', { [name]: text });
    expect(topicSettings('t', config, stored)).toEqual(topicSettings('t', config, overrides('broker', {})));
    expect(currentSetting('max.connections', config, stored)).toBe(2_147_483_647);
  });

  test('of a topic leaves what all brokers say, then what the file says', () => {
    const config = testConfig('/data', { 'log.segment.bytes': '2000000' });
    const ofTopic = { 'segment.bytes': '1' };
    const ofAll = (text: string) => ({
      configOverrides: ({ kind, name }: ConfigResource) =>
        new Map(kind === 'topic' ? Object.entries(ofTopic) : name === '' ? [['log.segment.bytes', text]] : []),
    });
    expect(topicSettings('t', config, ofAll('3000000')).log.segmentBytes).toBe(3_000_000);
    expect(topicSettings('t', config, ofAll('3')).log.segmentBytes).toBe(2_000_000);
  });

  test('is logged, with where it stands and what is wrong with it', () => {
    const lines: Record<string, unknown>[] = [];
    const log = createBrokerLog({ minLevel: 'info', brokerId: 1, nowMs: () => 0, write: (line) => void lines.push(JSON.parse(line)) });
    const delta: Pick<MetadataDelta, 'changedConfigs'> = { changedConfigs: [{ kind: 'broker', name: '' }] };
    logUnreadable(delta, overrides('broker', { 'log.roll.ms': '0', 'log.retention.ms': '5' }), log);
    expect(lines).toMatchObject([
      {
        level: 'warn',
        event: 'setting-ignored',
        kind: 'broker',
        reason: expect.stringContaining('Invalid value 0 for configuration log.roll.ms'),
      },
    ]);
  });
});

test('what may change while a broker runs has its bounds where the controller checks them', () => {
  for (const { name } of readBy('broker')) expect([name, definitions[name]?.isDynamic]).toEqual([name, true]);
});
