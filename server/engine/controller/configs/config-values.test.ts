import { describe, expect, test } from 'vitest';
import { configTableOf } from './config-tables.ts';
import { faultOfValue, splitList } from './config-values.ts';

const topic = 2;
const broker = 4;
const group = 32;
const clientMetrics = 16;

function isAllowed(resourceType: number, name: string, value: string): boolean {
  const config = configTableOf(resourceType)?.get(name);
  if (config === undefined) throw new Error(`no config ${name}`);
  return faultOfValue(resourceType, config, value) === null;
}

describe.each([
  [topic, 'retention.ms', ['-1', '0', '9223372036854775807', ' 5 '], ['-2', '9223372036854775808', '1e3', '', '0x10', '5 ms']],
  [topic, 'min.insync.replicas', ['1', '2147483647'], ['0', '2147483648', '-1']],
  [topic, 'min.cleanable.dirty.ratio', ['0', '1', '0.5', '.5'], ['1.01', '-0.1', 'half', '', 'NaN', 'Infinity']],
  [topic, 'preallocate', ['true', 'FALSE', 'True'], ['yes', '1', '']],
  [topic, 'cleanup.policy', ['delete', 'compact', 'compact,delete', ' delete , compact '], ['purge', 'delete;compact']],
  [topic, 'message.timestamp.type', ['CreateTime', 'LogAppendTime'], ['createtime', '']],
  [topic, 'compression.zstd.level', ['-131072', '22'], ['23', '-131073']],
  [topic, 'segment.bytes', ['1048576'], ['1048575', '99999999999']],
  [broker, 'log.segment.bytes', ['1048576'], ['1048575']],
  [broker, 'num.io.threads', ['1'], ['0']],
  [group, 'consumer.session.timeout.ms', ['45000', '60000'], ['44999', '60001']],
  [clientMetrics, 'interval.ms', ['100', '3600000'], ['99', '3600001']],
] as const)('config type %i, %s', (resourceType, name, ...[good, bad]) => {
  test.each(good)('may be "%s"', (value) => {
    expect(isAllowed(resourceType, name, value)).toBe(true);
  });
  test.each(bad)('may not be "%s"', (value) => {
    expect(isAllowed(resourceType, name, value)).toBe(false);
  });
});

test('what is wrong is told with the value and the name', () => {
  const config = configTableOf(topic)!.get('retention.ms')!;
  expect(faultOfValue(topic, config, '-7')).toBe('Invalid value -7 for configuration retention.ms: Value must be at least -1');
});

test('an empty text is an empty list, and blanks are nobody’s item', () => {
  expect([splitList(''), splitList(' , a ,,b ')]).toEqual([[], ['a', 'b']]);
});
