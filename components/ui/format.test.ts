import { describe, expect, it } from 'vitest';
import {
  formatAddress,
  formatAge,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatInstant,
  formatInstantText,
  formatMoment,
  isZone,
  formatPercent,
  formatRate,
  splitBytes,
  type UnitWords,
} from './format.ts';

const words: UnitWords = { ms: 'ms', s: 's', min: 'min', h: 'h', d: 'd', gap: ' ' };

describe('an age in a list is one figure', () => {
  it.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_000, '59 min'],
    [7_300_000, '2 h'],
    [200_000_000, '2 d'],
  ])('%d ms is %s', (ms, text) => expect(formatAge(ms, words)).toBe(text));
});

describe('counts are exact', () => {
  it('groups an offset and shortens nothing', () => expect(formatCount(9_007_199_254_740_991, 'en')).toBe('9,007,199,254,740,991'));
  it('keeps the last digit of a 64-bit number', () =>
    expect(formatCount(9_223_372_036_854_775_807n, 'en')).toBe('9,223,372,036,854,775,807'));
  it('groups as each language does, whichever was asked before', () =>
    expect(['en', 'de', 'zh', 'en'].map((locale) => formatCount(12_345, locale))).toEqual(['12,345', '12.345', '12,345', '12,345']));
  it('writes nought as a figure', () => expect(formatCount(0, 'en')).toBe('0'));
});

describe('bytes carry one unit and one decimal', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [6_200_000, '6.2 MB'],
    [1e15, '1.0 PB'],
    [5e18, '5000.0 PB'],
  ])('%d is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
  it('never shows 1000.0 of a unit where the next one begins', () => expect(splitBytes(999_960)).toEqual({ figure: '1.0', unit: 'MB' }));
});

describe('durations show the two units that matter', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1999, '1.9 s'],
    [9999, '9.9 s'],
    [14_000, '14 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [189_000, '3 min 9 s'],
    [4_800_000, '1 h 20 min'],
    [86_400_000 * 21, '21 d'],
    [90_000_000, '1 d 1 h'],
  ])('%d ms is %s', (ms, text) => expect(formatDuration(ms, words)).toBe(text));
});

describe('rates and shares', () => {
  it('keeps a decimal below a hundred only', () =>
    expect([formatRate(0, 'en'), formatRate(36, 'en'), formatRate(99.94, 'en'), formatRate(1234.6, 'en')]).toEqual([
      '0.0',
      '36.0',
      '99.9',
      '1,235',
    ]));
  it('does not round a little down to nought', () =>
    expect([formatPercent(0), formatPercent(0.004), formatPercent(0.43), formatPercent(1)]).toEqual(['0', '<1', '43', '100']));
});

describe('timestamps are any 64-bit value', () => {
  it('shows an ordinary moment in UTC with milliseconds', () =>
    expect(formatInstantText(1_795_356_139_768n)).toBe('2026-11-22 14:02:19.768 UTC'));
  it('shows a moment before 1970', () => expect(formatInstant(-1000n).time).toBe('23:59:59.000'));
  it('shows the raw number where no calendar reaches', () =>
    expect(formatInstant(9_223_372_036_854_775_807n)).toEqual({ date: null, time: '9223372036854775807' }));
  it('is written alike in every zone, near or far', () => {
    expect(formatInstantText(1_795_356_139_768n, 'Asia/Shanghai')).toBe('2026-11-22 22:02:19.768 Asia/Shanghai');
    expect(formatInstantText(1_795_356_139_768n, 'America/New_York')).toBe('2026-11-22 09:02:19.768 America/New_York');
    // Before zones there was the sun: Shanghai's clock was 8 h 5 min 43 s ahead.
    expect(formatInstant(-62_200_000_000_000n, 'Asia/Shanghai')).toEqual(formatInstant(-62_200_000_000_000n + 29_143_000n));
    expect(formatInstant(9_223_372_036_854_775_807n, 'Asia/Shanghai').date).toBeNull();
  });
  it('knows a zone from a word', () =>
    expect(['UTC', 'Europe/Berlin', 'Middle/Earth', ''].map(isZone)).toEqual([true, true, false, false]));
  it('shows the day of a moment that was not today', () => {
    const now = 1_795_356_139_768;
    expect(formatMoment(now - 60_000, now)).toBe('14:01:19');
    expect(formatMoment(now - 86_400_000, now)).toBe('2026-11-21 14:02:19');
  });
  it('accepts the very last moment of the calendar', () => expect(formatInstant(8_640_000_000_000_000n).date).toBe('+275760-09-13'));
  it('cuts a clock time from the same moment', () => expect(formatClock(1_795_356_139_768)).toBe('14:02:19'));
});

it('an IPv6 host stands in brackets, so that its port can be told from it', () => {
  expect(formatAddress({ host: '::1', port: 9092 })).toBe('[::1]:9092');
  expect(formatAddress({ host: 'example.org', port: 9092 })).toBe('example.org:9092');
});
