import { describe, expect, test } from 'vitest';
import { chooseLevel, classLimits } from './detail-level.ts';

const size = (cells: number, brokers = 3, recordsPerSecond = 10) => ({ brokers, cells, recordsPerSecond });

describe('the level of detail', () => {
  test('a small cluster is a classroom', () => {
    expect(chooseLevel('class', size(18), 'auto')).toBe('class');
  });

  test('more brokers than a classroom holds make a team at once', () => {
    expect(chooseLevel('class', size(18, 6), 'auto')).toBe('team');
  });

  test('cells have to pass the limit by a margin, both ways, so that one topic more or less does not flip the page', () => {
    const { cells } = classLimits;
    expect(chooseLevel('class', size(cells + 5), 'auto')).toBe('class');
    expect(chooseLevel('class', size(Math.ceil(cells * 1.16)), 'auto')).toBe('team');
    expect(chooseLevel('team', size(cells - 5), 'auto')).toBe('team');
    expect(chooseLevel('team', size(Math.floor(cells * 0.84)), 'auto')).toBe('class');
  });

  test("a person's choice wins over any size", () => {
    expect(chooseLevel('team', size(9_999, 40), 'class')).toBe('class');
    expect(chooseLevel('class', size(1), 'team')).toBe('team');
  });
});
