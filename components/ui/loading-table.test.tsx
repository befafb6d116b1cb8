// @vitest-environment happy-dom
// A table that waits has to stand where the answer will: the same columns in the same places, and on a phone the same
// ones left out. Otherwise the page jumps when the answer comes, or the places are cut off at the screen's edge.

import { expect, test } from 'vitest';
import { show } from '#components/testing/console.tsx';
import { DataTable, type Column } from './data-table.tsx';
import { LoadingTable } from './loading-table.tsx';

interface Ship {
  readonly name: string;
}

const columns: readonly Column<Ship>[] = [
  { id: 'name', header: 'Ship', sortBy: (ship) => ship.name, cell: (ship) => ship.name },
  { id: 'port', header: 'Home port', isWide: true, cell: () => 'Bremen' },
  { id: 'cargo', header: 'Cargo', grows: true, cell: () => 'coal' },
  { id: 'tons', header: 'Tons', align: 'right', isWide: true, cell: () => 4 },
];

const classesOf = (selector: string): readonly string[][] =>
  [...document.querySelectorAll(selector)].map((cell) => [...cell.classList].toSorted());

function look(page: React.ReactNode): { readonly heads: readonly string[]; readonly places: readonly (readonly string[][])[] } {
  show(page);
  const heads = [...document.querySelectorAll('th')].map((head) => head.textContent);
  const height = document.querySelector('table')?.style.getPropertyValue('--row-h') ?? '';
  return { heads: [...heads, height], places: [classesOf('th'), classesOf('tbody tr:first-child td')] };
}

test('heads, row height, and what makes a column right, wide or growing are those of the table it stands for', () => {
  const waiting = look(<LoadingTable columns={columns} rowHeight={48} awaited="ships" />);
  document.body.replaceChildren();
  const answered = look(
    <DataTable label="Ships" columns={columns} rows={[{ name: 'Ellen' }]} rowKey={(ship) => ship.name} rowHeight={48} />,
  );
  expect(waiting.heads).toEqual(['Ship', 'Home port', 'Cargo', 'Tons', '48px']);
  expect(waiting).toEqual(answered);
  // The comparison would also hold of two tables without any rule.
  expect(waiting.places[1]?.[1]).not.toEqual(waiting.places[1]?.[0]);
});

test('nothing in it can be pressed or tabbed to, and it says that it waits', () => {
  show(<LoadingTable columns={columns} rows={2} awaited="ships" />);
  expect(document.querySelector('[aria-busy="true"] [inert] table')).not.toBeNull();
  expect(document.querySelectorAll('button, a, input')).toHaveLength(0);
  expect(document.querySelectorAll('tbody tr')).toHaveLength(2);
});
