import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyFacts, fromSnapshot, type ClusterState } from './cluster-state.ts';
import { layoutMap } from './layout-map.ts';
import { mapGrid } from './map-frame.ts';
import { broker, event, produced, snapshot, startMs, topic } from './harbour.fixture.ts';
import { renderDelayMs } from './fact-queue.ts';
import { Scene } from './scene.ts';
import { buildStructure, emptyStructure } from './structure.ts';
import type { CellMap } from './cell-map.ts';
import type { Layout } from './layout.ts';

const viewport = { width: 1_480, height: 640 };

/** So many topics of so many partitions, three replicas each. */
function large(brokers: number, topics: number, partitions: number) {
  return snapshot({
    brokers: Array.from({ length: brokers }, (_, index) => broker(index + 1, { rack: 'abc'[index % 3]! })),
    topics: Array.from({ length: topics }, (_, index) => topic(`t-${index}`, partitions, brokers)),
    groups: [],
    producers: [],
  });
}

function layoutOf(of: ReturnType<typeof snapshot>, cell = 5): Layout & { readonly map: CellMap } {
  const input = {
    state: fromSnapshot(of),
    level: 'fleet',
    showInternal: false,
    writers: [],
    readers: [],
    edges: [],
    nowMs: startMs,
  } as const;
  const layout = layoutMap(buildStructure(emptyStructure, input), viewport, { level: 'fleet', cell });
  return { ...layout, map: layout.map! };
}

function mapOf(state: ClusterState): CellMap {
  const input = { state, level: 'fleet', showInternal: false, writers: [], readers: [], edges: [], nowMs: startMs } as const;
  return layoutMap(buildStructure(emptyStructure, input), viewport, { level: 'fleet', cell: 5 }).map!;
}

const sizes = fc.record({
  brokers: fc.integer({ min: 1, max: 40 }),
  topics: fc.integer({ min: 1, max: 12 }),
  partitions: fc.integer({ min: 1, max: 9 }),
});

describe('a map of cells', () => {
  test('has every replica once, on the broker that holds it, in the order of topics and partitions', () => {
    fc.assert(
      fc.property(sizes, ({ brokers, topics, partitions }) => {
        const { map } = layoutOf(large(brokers, topics, partitions));
        expect(map.count).toBe(topics * partitions * Math.min(3, brokers));
        const keys = Array.from({ length: map.count }, (_, index) => map.keyAt(index));
        expect(new Set(keys).size).toBe(map.count);
        for (let index = 0; index < map.count; index += 1) {
          const { topic: name, partition, brokerId, state } = map.cellAt(index);
          expect(map.replicasOf(name, partition)).toContain(index);
          expect(['leader', 'follower']).toContain(state);
          expect(map.cabinetOf(index).brokerId).toBe(brokerId);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('no two cells overlap, all stand on the face of their broker, and a point finds the cell that is drawn there', () => {
    fc.assert(
      fc.property(sizes, fc.constantFrom(5, 4, 3, 2), ({ brokers, topics, partitions }, cell) => {
        const { map } = layoutOf(large(brokers, topics, partitions), cell);
        const places = new Set<string>();
        for (let index = 0; index < map.count; index += 1) {
          const { x, y, width } = map.rect(index);
          const { face } = map.cabinetOf(index);
          places.add(`${x},${y}`);
          expect(x >= face.x && y >= face.y && x + width <= face.x + face.width && y + width <= face.y + face.height).toBe(true);
          expect(map.indexAt({ x: x + width / 2, y: y + width / 2 })).toBe(index);
        }
        expect(places.size).toBe(map.count);
      }),
      { numRuns: 30 },
    );
  });

  test('the focus reaches every cell by arrows alone, and never leaves the map', () => {
    const { map } = layoutOf(large(6, 5, 6));
    const reached = new Set([0]);
    const open = [0];
    for (let from = open.pop(); from !== undefined; from = open.pop()) {
      for (const move of ['left', 'right', 'up', 'down', 'previous-broker', 'next-broker', 'first', 'last'] as const) {
        const to = map.moveFocus(from, move);
        expect(to >= 0 && to < map.count).toBe(true);
        if (reached.has(to)) continue;
        reached.add(to);
        open.push(to);
      }
    }
    expect(reached.size).toBe(map.count);
  });

  test('from broker to broker the focus keeps its partition where the other has it', () => {
    const { map } = layoutOf(large(3, 4, 6));
    const from = map.replicasOf('t-2', 4)[0]!;
    expect(map.cellAt(map.moveFocus(from, 'next-broker'))).toMatchObject({ topic: 't-2', partition: 4, brokerId: 2 });
  });
});

describe('states that change in place', () => {
  const brokers = fc.integer({ min: 2, max: 9 });
  const changes = fc.array(fc.record({ topic: fc.nat(4), partition: fc.nat(3), leaderId: fc.integer({ min: -1, max: 3 }) }), {
    maxLength: 12,
  });

  test('show the same as a map made anew, whatever leaders moved and whatever broker stopped', () => {
    fc.assert(
      fc.property(brokers, changes, fc.nat(9), (count, moved, stopped) => {
        const before = fromSnapshot(large(count, 5, 4));
        const facts = moved.map((one) =>
          event(startMs + 1, 1, {
            kind: 'leader-changed',
            topic: `t-${one.topic}`,
            partition: one.partition,
            leaderId: one.leaderId,
            previousLeaderId: 1,
            leaderEpoch: 3,
            cause: '',
          }),
        );
        const after = applyFacts(before, [
          ...facts,
          event(startMs + 2, 1, { kind: 'broker-fenced', registeredId: stopped, cause: 'session' }),
        ]);
        const [lay, fresh] = [before, after].map((state) => mapOf(state));
        const updated = lay!.withStates(after);
        expect([...updated.states]).toEqual([...fresh!.states]);
        for (let index = 0; index < updated.count; index += 1) expect(updated.cellAt(index)).toEqual(fresh!.cellAt(index));
        expect([...mapOf(before).states], 'the map before is left as it was').toEqual([...lay!.states]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the room of a map', () => {
  test('a hundred brokers with 30,000 replicas fit at five pixels on a large screen, and with 150,000 at two', () => {
    const counts = (mostCells: number) => ({ brokers: 100, mostCells });
    expect(mapGrid({ level: 'fleet', cell: 5 }, counts(300), 2_000).height).toBeLessThanOrEqual(820);
    expect(mapGrid({ level: 'fleet', cell: 2 }, counts(1_500), 2_000).height).toBeLessThanOrEqual(820);
  });
});

describe('a large cluster in the scene', () => {
  const leaders = 1_000;
  const t0 = startMs + 10_000;

  function dying(): Scene {
    const scene = new Scene();
    scene.setViewport(viewport);
    scene.takeSnapshot(large(100, 3_000, 1));
    scene.advance(t0 - 1_000);
    return scene;
  }

  test('is drawn as a map of the fleet, and no cell is an object of the layout', () => {
    const scene = dying();
    expect(scene.level).toBe('fleet');
    expect(scene.layout!.cells).toEqual([]);
    expect(scene.layout!.map!.count).toBe(9_000);
  });

  test('a broker that dies with a thousand leaders costs one restructuring, and all of them have moved', () => {
    const scene = dying();
    const moved = Array.from({ length: leaders }, (_, index) =>
      event(t0 + index / leaders, 1, {
        kind: 'leader-changed',
        topic: `t-${index}`,
        partition: 0,
        leaderId: 2,
        previousLeaderId: 1,
        leaderEpoch: 3,
        cause: '',
      }),
    );
    scene.takeFacts([...moved, event(t0, 1, { kind: 'broker-fenced', registeredId: 1, cause: 'session' })], 0, t0 + 2);
    const before = scene.version;
    // Within the second that began before, so that no figures are made.
    scene.advance(t0 + renderDelayMs + 2);
    const isNewSecond = 1;
    expect(scene.version - before).toBeLessThanOrEqual(1 + isNewSecond);
    for (let index = 0; index < leaders; index += 1) expect(scene.state.topics.get(`t-${index}`)!.partitions.get(0)!.leaderId).toBe(2);
    expect(scene.layout!.map!.countOf(1, 'leader')).toBe(0);
    expect(scene.layout!.cabinets[0]!.isStopped).toBe(true);
  });

  test('what is written is counted, and no dot is drawn', () => {
    const scene = dying();
    scene.takeFacts([produced(t0, { topic: 't-1', partition: 0, baseOffset: 0, recordCount: 7 })], 0, t0);
    scene.advance(t0 + renderDelayMs + 50);
    expect(scene.ledger.records).toBe(7);
    expect(scene.pool.count).toBe(0);
  });
});
