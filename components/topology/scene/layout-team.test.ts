import { describe, expect, test } from 'vitest';
import { brokerRows, layoutTeam } from './layout-team.ts';
import { buildStructure, emptyStructure } from './structure.ts';
import { fromSnapshot } from './cluster-state.ts';
import { broker, snapshot, startMs, topic } from './harbour.fixture.ts';
import type { Structure } from './layout.ts';

const frame = { width: 1520, height: 616 };

function structureOf(
  brokerCount: number,
  partitions: number,
  more: { readonly before?: Structure; readonly topics?: ReturnType<typeof topic>[] } = {},
): Structure {
  const { before = emptyStructure, topics = [topic('big', partitions, brokerCount)] } = more;
  const brokers = Array.from({ length: brokerCount }, (_, index) =>
    broker(index + 1, { rack: 'abc'[Math.floor((index * 3) / brokerCount)]! }),
  );
  return buildStructure(before, {
    state: fromSnapshot(snapshot({ brokers, topics })),
    level: 'team',
    showInternal: false,
    writers: [],
    readers: [],
    edges: [],
    nowMs: startMs,
  });
}

describe('the team level', () => {
  const dense = layoutTeam(structureOf(12, 192), frame);

  test('the measures are the ones of the design: twelve cabinets, a row a rack, cells of fourteen', () => {
    expect(dense.cabinets.map((cabinet) => [cabinet.faces[0]!.x, cabinet.faces[0]!.y])).toEqual(
      [96, 272, 448].flatMap((y) => [330, 558, 786, 1_014].map((x) => [x, y])),
    );
    expect(dense.cabinets[0]!.faces[0]).toMatchObject({ width: 176, height: 96 });
    expect(dense.cells[0]).toMatchObject({ x: 339, y: 105, width: 14, height: 14 });
    expect(dense.shelves).toHaveLength(3);
  });

  test('a cabinet holds exactly the copies its broker has', () => {
    expect(dense.cells).toHaveLength(576);
    expect(dense.cells.some((place) => place.cell.state === 'absent')).toBe(false);
  });

  test('no two cells overlap, and all stand on their face', () => {
    expect(new Set(dense.cells.map((place) => `${place.x},${place.y}`)).size).toBe(576);
    for (const place of dense.cells) {
      const face = dense.cabinets.find((cabinet) => cabinet.brokerId === place.cell.brokerId)!.faces[0]!;
      expect(place.x + place.width).toBeLessThanOrEqual(face.x + face.width);
      expect(place.y + place.height).toBeLessThanOrEqual(face.y + face.height);
    }
  });

  test('a new topic stands behind the old ones', () => {
    const before = structureOf(3, 30);
    const after = layoutTeam(structureOf(3, 30, { before, topics: [topic('aaa', 6), topic('big', 30)] }), frame);
    const old = new Map(layoutTeam(before, frame).cells.map((place) => [place.key, [place.x, place.y]]));
    for (const place of after.cells) if (old.has(place.key)) expect([place.x, place.y]).toEqual(old.get(place.key));
  });

  test('more copies than the design shows make cabinets deeper, not wider', () => {
    const [few, deep] = [20, 400].map((partitions) => layoutTeam(structureOf(3, partitions), frame).cabinets[0]!.faces[0]!);
    expect([few!.width, few!.height]).toEqual([404, 96]);
    expect(deep!.width).toBe(404);
    expect(deep!.height).toBeGreaterThan(96);
  });
});

describe('rows of brokers', () => {
  const ids = (count: number, rack: (index: number) => string | null) =>
    brokerRows(Array.from({ length: count }, (_, index) => broker(index + 1, { rack: rack(index) }))).map((row) =>
      row.map((one) => one.brokerId),
    );

  test('are the racks where they fit', () => {
    expect(ids(6, (index) => (index % 2 === 0 ? 'a' : 'b'))).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
  });

  test('are plain rows where there are no racks, or each broker has its own', () => {
    expect(ids(3, () => null)).toEqual([[1, 2], [3]]);
    expect(ids(3, String)).toEqual([[1, 2], [3]]);
    expect(ids(9, () => null)).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9]]);
  });

  test('of no brokers are none', () => {
    expect(ids(0, () => null)).toEqual([]);
  });
});
