import { describe, expect, it } from 'vitest';
import { parseRecordKey, parseTime, recordKey, toPosition } from './read-query.ts';

const query = { topic: 'orders', from: 'newest', offset: 12, at: '2026-11-22 13:59:31', p: null, limit: 100 } as const;

describe('a typed time is UTC or nothing', () => {
  it.each([
    ['2026-11-22 13:59:31', 1_795_355_971_000],
    ['2026-11-22T13:59:31Z', 1_795_355_971_000],
    ['2026-11-22 13:59:31.5', 1_795_355_971_500],
    [' 2026-11-22 13:59 ', 1_795_355_940_000],
  ])('%s', (text, ms) => expect(parseTime(text)).toBe(ms));
  it.each([null, '', 'yesterday', '2026-11-22', '2026-13-22 10:00', '2026-11-22 25:00:00', '2026-11-22 13:59:31+02:00'])(
    '%s is no time',
    (text) => expect(parseTime(text)).toBeNull(),
  );
});

describe('the place to begin', () => {
  it('takes only what its kind needs', () =>
    expect([toPosition(query), toPosition({ ...query, from: 'offset' }), toPosition({ ...query, from: 'timestamp' })]).toEqual([
      { kind: 'newest' },
      { kind: 'offset', offset: 12 },
      { kind: 'timestamp', timestampMs: 1_795_355_971_000 },
    ]));
  it('never asks for an offset below nought', () =>
    expect(toPosition({ ...query, from: 'offset', offset: -5 })).toEqual({ kind: 'offset', offset: 0 }));
});

describe('a record in the address', () => {
  it('comes back as it went', () =>
    expect(parseRecordKey(recordKey({ partition: 4, offset: 9_007_199_254_740_991 }))).toEqual({
      partition: 4,
      offset: 9_007_199_254_740_991,
    }));
  it.each(['', '4', '4:', ':1', '-1:2', 'a:b', '1:2:3'])('%j names none', (text) => expect(parseRecordKey(text)).toBeNull());
});
