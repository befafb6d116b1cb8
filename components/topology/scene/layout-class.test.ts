import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EdgeBook } from './edges.ts';
import { fromSnapshot, keepLostBrokers } from './cluster-state.ts';
import { layoutClass } from './layout-class.ts';
import { buildStructure, emptyStructure } from './structure.ts';
import { broker, snapshot, startMs, topic } from './harbour.fixture.ts';
import type { Layout, Structure } from './layout.ts';
import type { TopologySnapshot } from '#server/cluster/port.ts';

const frame = { width: 1206, height: 618 };

function structureOf(
  of: TopologySnapshot,
  before: Structure = emptyStructure,
  clients: readonly string[] = ['a', 'b', 'c', 'd'],
): Structure {
  const edges = new EdgeBook();
  for (const client of clients)
    for (const one of of.overview.brokers) edges.client('produce', `client:${client}`, one.brokerId).records.add(1, startMs);
  return buildStructure(before, {
    state: fromSnapshot(of),
    level: 'class',
    showInternal: false,
    writers: clients,
    readers: [],
    edges: edges.all,
    nowMs: startMs,
  });
}

const cellsOf = (layout: Layout) => new Map(layout.cells.map((place) => [place.key, { x: place.x, y: place.y }]));
const harbour = layoutClass(structureOf(snapshot()), frame);

describe('a frame that is not the shape of the case', () => {
  const wide = { width: 1_340, height: 460 };
  const narrow = { width: 990, height: 600 };

  test('too low: the case is seen from further away and still reaches from edge to edge', () => {
    const low = layoutClass(structureOf(snapshot()), wide);
    expect(low.width / low.height).toBeCloseTo(wide.width / wide.height);
  });

  test('too narrow: the shelves spread over the height that is left', () => {
    const thin = layoutClass(structureOf(snapshot()), narrow);
    expect(thin.width).toBe(1206);
    expect(thin.height).toBeGreaterThan(harbour.height);
    expect(thin.height * (narrow.width / thin.width)).toBeLessThanOrEqual(narrow.height + 0.5);
  });

  test('whatever its shape, nothing is cut and one direction is filled', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 3_000 }), fc.integer({ min: 200, max: 2_000 }), (width, height) => {
        const layout = layoutClass(structureOf(snapshot()), { width, height });
        const scale = Math.min(1, width / layout.width, height / layout.height);
        expect(layout.width * scale).toBeGreaterThan(width - 1);
      }),
      { numRuns: 60 },
    );
  });
});

describe('where things stand in the classroom', () => {
  test('the measures are the ones of the design', () => {
    expect(harbour.cabinets.map((cabinet) => cabinet.faces.map((face) => [face.x, face.y, face.width, face.height]))).toEqual(
      [58, 244, 430].map((y) => [
        [318, y, 232, 94],
        [654, y, 232, 94],
      ]),
    );
    expect(harbour.shelves[0]).toEqual({ x: 300, y: 152, width: 604, height: 4 });
    expect(cellsOf(harbour).get('1/clicks-0')).toEqual({ x: 328, y: 85 });
    expect(cellsOf(harbour).get('1/clicks-4')).toEqual({ x: 362, y: 115 });
    expect(cellsOf(harbour).get('1/inventory-0')).toEqual({ x: 442, y: 85 });
    expect(cellsOf(harbour).get('2/orders-0')).toEqual({ x: 664, y: 271 });
    expect(harbour.groupsX).toBe(1_018);
  });

  test('the first client stands beside the first shelf, the last beside the last', () => {
    expect(harbour.clients.map((card) => card.port.y)).toEqual([79.5, 220.5, 361.5, 502.5]);
  });

  test('the order of partitions is the same on every shelf', () => {
    const [first, second] = [1, 2].map((id) =>
      harbour.cells.filter((place) => place.cell.brokerId === id).map((place) => [place.cell.topic, place.cell.partition, place.x]),
    );
    expect(second).toEqual(first);
  });

  test('no two cells overlap, and each stands on a face', () => {
    for (const place of harbour.cells) {
      const face = harbour.cabinets
        .find((cabinet) => cabinet.brokerId === place.cell.brokerId)!
        .faces.find((one) => place.x >= one.x && place.x + place.width <= one.x + one.width);
      expect(face).toBeDefined();
      expect(place.y + place.height).toBeLessThanOrEqual(face!.y + face!.height);
    }
    expect(new Set(harbour.cells.map((place) => `${place.x},${place.y}`)).size).toBe(harbour.cells.length);
  });
});

describe('places do not move', () => {
  test('when the drawer takes width: shelves stay, pipes give way', () => {
    const wide = layoutClass(structureOf(snapshot()), { width: 1520, height: 618 });
    expect(cellsOf(wide)).toEqual(cellsOf(harbour));
    expect(wide.cabinets).toEqual(harbour.cabinets);
    expect(wide.clients).toEqual(harbour.clients);
  });

  test('when a broker is lost: it keeps its shelf', () => {
    const state = keepLostBrokers(fromSnapshot(snapshot()), fromSnapshot(snapshot({ brokers: [broker(1), broker(3)] })));
    const lost = layoutClass({ ...structureOf(snapshot()), state }, frame);
    expect(cellsOf(lost)).toEqual(cellsOf(harbour));
    expect(lost.cabinets[1]?.isStopped).toBe(true);
  });

  test('when a topic comes whose name sorts first: it takes a free place', () => {
    const before = structureOf(snapshot());
    const after = layoutClass(structureOf(snapshot({ topics: [topic('aaa', 3), ...snapshot().topics] }), before), frame);
    const old = cellsOf(harbour);
    for (const [key, at] of old) expect(cellsOf(after).get(key)?.x).toBe(at.x);
    expect([...cellsOf(after).keys()].some((key) => key.startsWith('1/aaa'))).toBe(true);
  });

  test('when a topic goes: its place stays free and the others stay put', () => {
    const before = structureOf(snapshot());
    const left = snapshot().topics.filter((one) => one.name !== 'clicks');
    const after = layoutClass(structureOf(snapshot({ topics: left }), before), frame);
    for (const [key, at] of cellsOf(after)) expect(cellsOf(harbour).get(key)).toEqual(at);
  });

  test('whatever topics come and go, a cell that stays keeps its place on its shelf', () => {
    const counts: Readonly<Record<string, number>> = { a: 6, b: 1, c: 3, d: 5, e: 2, f: 6 };
    const histories = fc.array(fc.uniqueArray(fc.constantFrom(...Object.keys(counts)), { minLength: 1 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(histories, (history) => {
        let structure = emptyStructure;
        let known = new Map<string, string>();
        for (const names of history) {
          structure = structureOf(snapshot({ topics: names.map((name) => topic(name, counts[name]!)) }), structure, []);
          const layout = layoutClass(structure, frame);
          const top = new Map(layout.cabinets.map((cabinet) => [cabinet.brokerId, cabinet.faces[0]!.y]));
          const places = new Map(layout.cells.map((place) => [place.key, `${place.x},${place.y - top.get(place.cell.brokerId)!}`]));
          for (const [key, at] of known) if (places.has(key)) expect(places.get(key)).toBe(at);
          known = places;
        }
      }),
    );
  });

  test('when a wide topic goes, the ones behind it do not close up', () => {
    const before = structureOf(snapshot({ topics: [topic('a', 12), topic('b', 12), topic('c', 3)] }));
    const after = structureOf(snapshot({ topics: [topic('b', 12), topic('c', 3)] }), before);
    const old = cellsOf(layoutClass(before, frame));
    for (const [key, at] of cellsOf(layoutClass(after, frame))) expect(old.get(key)).toEqual(at);
  });
});

describe('a crowded classroom', () => {
  test('more brokers than fit make the scene taller, never the shelves overlap', () => {
    const brokers = [1, 2, 3, 4, 5].map((id) => broker(id));
    const layout = layoutClass(structureOf(snapshot({ brokers })), frame);
    expect(layout.height).toBeGreaterThan(frame.height);
    for (let at = 1; at < layout.shelves.length; at += 1)
      expect(layout.cabinets[at]!.faces[0]!.y).toBeGreaterThan(layout.shelves[at - 1]!.y + 40);
    expect(layout.noteRows).toEqual([]);
  });

  test('a seventh client finds a card, because families share', () => {
    const clients = Array.from({ length: 9 }, (_, index) => `web-${index}`);
    const layout = layoutClass(structureOf(snapshot(), emptyStructure, clients), frame);
    expect(layout.clients.map((card) => card.key)).toEqual(['family:web-']);
  });

  test('a topic with many partitions takes rows of six', () => {
    const layout = layoutClass(structureOf(snapshot({ topics: [topic('big', 20)] })), frame);
    const row = layout.cells.filter((place) => place.cell.brokerId === 1 && place.y === layout.cells[0]!.y);
    expect(row).toHaveLength(6);
  });

  test('an empty cluster shows the places that wait', () => {
    const layout = layoutClass(structureOf(snapshot({ topics: [], groups: [], producers: [] }), emptyStructure, []), frame);
    expect(layout.cells).toEqual([]);
    expect(layout.waiting).toHaveLength(3 * 24);
  });
});
