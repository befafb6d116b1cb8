import { describe, expect, test } from 'vitest';
import { EdgeBook } from './edges.ts';
import { leastSpanMs, measureEdges, writtenPerSecond } from './measured.ts';
import { snapshot, startMs, topic } from './harbour.fixture.ts';
import type { TopologySnapshot } from '#server/cluster/port.ts';

function at(endOffsets: readonly (number | null)[], atMs: number, name = 'orders'): TopologySnapshot {
  const orders = topic(name, endOffsets.length);
  return snapshot({
    producers: null,
    groups: [],
    atMs,
    topics: [{ ...orders, partitions: orders.partitions.map((one, index) => ({ ...one, endOffset: endOffsets[index]! })) }],
  });
}

describe('rates measured from offsets', () => {
  test('what was written between two snapshots, by the leader that took it', () => {
    expect([...writtenPerSecond(at([0, 10], startMs), at([100, 30], startMs + 2_000))]).toEqual([
      [1, 50],
      [2, 10],
    ]);
  });

  test('an offset that could not be read is no rate, not nought', () => {
    expect([...writtenPerSecond(at([null, 10], startMs), at([100, 30], startMs + 2_000))]).toEqual([[2, 10]]);
  });

  test('a topic that was deleted and made anew does not run backwards', () => {
    expect(writtenPerSecond(at([500], startMs), at([3], startMs + 1_000)).get(1)).toBe(0);
  });

  test("the cluster's own topics are no traffic of its clients", () => {
    expect(writtenPerSecond(at([0], startMs, '__consumer_offsets'), at([100], startMs + 1_000, '__consumer_offsets')).size).toBe(0);
  });

  test('snapshots that are too close tell nothing', () => {
    const edges = new EdgeBook();
    measureEdges(edges, at([0], startMs), at([100], startMs + leastSpanMs - 1));
    expect(edges.all).toEqual([]);
  });

  test('a flow that stopped is nought in the next measure', () => {
    const edges = new EdgeBook();
    measureEdges(edges, at([0, 0], startMs), at([100, 100], startMs + 1_000));
    measureEdges(edges, at([100, 100], startMs + 1_000), at([200, 100], startMs + 2_000));
    expect(edges.all.map((edge) => [edge.brokerId, edge.measuredPerSecond])).toEqual([
      [1, 100],
      [2, 0],
    ]);
  });
});
