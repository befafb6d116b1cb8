import { describe, expect, test } from 'vitest';
import { makeCorpus, partitions, type InteropRecord } from './corpus.ts';
import { byPartition, differenceOf, expectedLines, toReadLine } from './record-lines.ts';

const record: InteropRecord = {
  partition: 1,
  timestamp: 7,
  key: Buffer.from('k'),
  value: null,
  headers: [
    { name: 'a', value: Buffer.alloc(0) },
    { name: 'a', value: null },
  ],
};
const changes: readonly (readonly [string, Partial<InteropRecord>])[] = [
  ['a key of one other byte', { key: Buffer.from('l') }],
  ['an empty value in place of null', { value: Buffer.alloc(0) }],
  ['another time', { timestamp: 8 }],
  ['another partition', { partition: 0 }],
  ['a header that is lost', { headers: [{ name: 'a', value: Buffer.alloc(0) }] }],
  ['headers in another order', { headers: record.headers.toReversed() }],
];

describe('a difference is seen:', () => {
  test.each(changes)('%s', (_name, change) => {
    expect(differenceOf(expectedLines([record]), expectedLines([{ ...record, ...change }]))).not.toBeNull();
  });

  test('a record that is missing, doubled, or at another offset', () => {
    const expected = expectedLines([record, record]);
    expect(differenceOf(expected, expected.slice(1))).not.toBeNull();
    expect(differenceOf(expected, [...expected, expected[1]!])).not.toBeNull();
    expect(differenceOf(expected, [toReadLine(record, 0), toReadLine(record, 2)])).not.toBeNull();
    expect(differenceOf(expected, [])).not.toBeNull();
  });
});

test('equal topics are equal, however their partitions were interleaved', () => {
  const corpus = makeCorpus(200);
  const expected = expectedLines(corpus);
  expect(
    differenceOf(
      expected,
      byPartition(expected.toReversed().toSorted((left, right) => Number(left.split('\t')[1]) - Number(right.split('\t')[1]))),
    ),
  ).toBeNull();
});

test('a time that a client cannot set is not compared, everything else still is', () => {
  const expected = expectedLines([{ ...record, timestamp: null }]);
  expect(differenceOf(expected, expectedLines([record]))).toBeNull();
  expect(differenceOf(expected, expectedLines([{ ...record, key: null }]))).not.toBeNull();
});

test('the corpus has what makes clients stumble', () => {
  const corpus = makeCorpus(2_000);
  expect(new Set(corpus.map(({ partition }) => partition)).size).toBe(partitions);
  expect(corpus.some(({ key, value }) => key === null && value === null)).toBe(true);
  expect(corpus.some(({ value }) => value?.length === 0)).toBe(true);
  expect(corpus.some(({ key }) => key?.includes(0) === true && key.includes(10))).toBe(true);
  expect(corpus.some(({ value }) => value !== null && value.length >= 50_000)).toBe(true);
  expect(corpus.some(({ headers }) => headers.some(({ value }) => value === null))).toBe(true);
  expect(corpus.some(({ headers }) => new Set(headers.map(({ name }) => name)).size < headers.length)).toBe(true);
  expect(makeCorpus(50)).toEqual(makeCorpus(50));
});
