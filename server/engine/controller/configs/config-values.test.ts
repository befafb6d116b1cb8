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

interface Row {
  readonly resourceType: number;
  readonly name: string;
  readonly good: readonly string[];
  readonly bad: readonly string[];
}

const rows: readonly Row[] = [
  {
    resourceType: topic,
    name: 'retention.ms',
    good: ['-1', '0', '9223372036854775807', ' 5 '],
    bad: ['-2', '9223372036854775808', '1e3', '', '0x10', '5 ms'],
  },
  { resourceType: topic, name: 'min.insync.replicas', good: ['1', '2147483647'], bad: ['0', '2147483648', '-1'] },
  {
    resourceType: topic,
    name: 'min.cleanable.dirty.ratio',
    good: ['0', '1', '0.5', '.5'],
    bad: ['1.01', '-0.1', 'half', '', 'NaN', 'Infinity'],
  },
  { resourceType: topic, name: 'preallocate', good: ['true', 'FALSE', 'True'], bad: ['yes', '1', ''] },
  {
    resourceType: topic,
    name: 'cleanup.policy',
    good: ['delete', 'compact', 'compact,delete', ' delete , compact '],
    bad: ['purge', 'delete;compact'],
  },
  { resourceType: topic, name: 'message.timestamp.type', good: ['CreateTime', 'LogAppendTime'], bad: ['createtime', ''] },
  { resourceType: topic, name: 'compression.zstd.level', good: ['-131072', '22'], bad: ['23', '-131073'] },
  { resourceType: topic, name: 'segment.bytes', good: ['1048576'], bad: ['1048575', '99999999999'] },
  { resourceType: broker, name: 'log.segment.bytes', good: ['1048576'], bad: ['1048575'] },
  { resourceType: broker, name: 'num.io.threads', good: ['1'], bad: ['0'] },
  { resourceType: group, name: 'consumer.session.timeout.ms', good: ['45000', '60000'], bad: ['44999', '60001'] },
  { resourceType: clientMetrics, name: 'interval.ms', good: ['100', '3600000'], bad: ['99', '3600001'] },
];

describe.each(rows)('$name of type $resourceType', ({ resourceType, name, good, bad }) => {
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
