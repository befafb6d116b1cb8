import { describe, expect, it } from 'vitest';
import { nextSort } from './data-table-head.tsx';
import { formatSort, parseSort } from './use-sort-param.ts';

describe('the order of a table', () => {
  it('goes up, down, and back to the table’s own', () => {
    const up = nextSort('lag', null);
    const down = nextSort('lag', up);
    expect([up, down, nextSort('lag', down)]).toEqual([{ by: 'lag', descending: false }, { by: 'lag', descending: true }, null]);
  });
  it('begins anew with another column', () =>
    expect(nextSort('name', { by: 'lag', descending: true })).toEqual({ by: 'name', descending: false }));
  it('survives the address', () =>
    expect([parseSort(formatSort({ by: 'lag', descending: true })), parseSort('name'), parseSort(null), parseSort('-')]).toEqual([
      { by: 'lag', descending: true },
      { by: 'name', descending: false },
      null,
      null,
    ]));
});
