import { describe, expect, test } from 'vitest';
import { moveOfKey, reachable, moveFocus } from './roving.ts';
import { Scene } from './scene.ts';
import { broker, partition, snapshot } from './harbour.fixture.ts';
import type { Layout } from './layout.ts';
import type { TopologySnapshot } from '#server/cluster/port.ts';

function layoutOf(of: TopologySnapshot): Layout {
  const scene = new Scene();
  scene.setViewport({ width: 1_206, height: 618 });
  scene.takeSnapshot(of);
  return scene.layout!;
}

describe('walking over the cells', () => {
  const layout = layoutOf(snapshot());

  test.each([
    ['right', '1/clicks-0', '1/clicks-1'],
    ['right over the end of a topic', '1/clicks-2', '1/inventory-0'],
    ['right into the other cabinet', '1/inventory-2', '1/orders-0'],
    ['left', '1/clicks-1', '1/clicks-0'],
    ['down', '1/clicks-1', '1/clicks-4'],
    ['down onto the next shelf', '1/clicks-4', '2/clicks-1'],
    ['up onto the shelf above', '2/clicks-1', '1/clicks-4'],
  ])('%s', (move, from, to) => {
    expect(moveFocus(layout, from, move.split(' ')[0] as 'left')).toBe(to);
  });

  test('stops at the edge of the world', () => {
    expect(moveFocus(layout, '1/clicks-0', 'left')).toBe('1/clicks-0');
    expect(moveFocus(layout, '1/clicks-0', 'up')).toBe('1/clicks-0');
    expect(moveFocus(layout, '3/clicks-0', 'next-broker')).toBe('3/clicks-0');
  });

  test('pages from broker to broker and keeps the partition', () => {
    expect(moveFocus(layout, '1/orders-4', 'next-broker')).toBe('2/orders-4');
    expect(moveFocus(layout, '3/orders-4', 'previous-broker')).toBe('2/orders-4');
  });

  test('first and last', () => {
    expect(moveFocus(layout, '2/orders-4', 'first')).toBe('1/clicks-0');
    expect(moveFocus(layout, '2/orders-4', 'last')).toBe('3/payments-2');
  });

  test('every cell can be reached from the first one', () => {
    const seen = new Set<string>([layout.cells[0]!.key]);
    const open = [...seen];
    while (open.length > 0) {
      const from = open.pop()!;
      for (const move of ['left', 'right', 'up', 'down', 'next-broker'] as const) {
        const to = moveFocus(layout, from, move);
        if (!seen.has(to)) {
          seen.add(to);
          open.push(to);
        }
      }
    }
    expect(seen.size).toBe(layout.cells.length);
  });

  test('with one copy a partition, places without a copy are skipped, by pages too', () => {
    const single = Array.from({ length: 3 }, (_, number) =>
      partition(number, 3, { replicas: [number + 1], isr: [number + 1], leaderId: number + 1 }),
    );
    const sparse = layoutOf(
      snapshot({
        brokers: [broker(1), broker(2), broker(3)],
        topics: [{ name: 'orders', topicId: null, isInternal: false, partitions: single }],
      }),
    );
    expect(reachable(sparse).map((place) => place.key)).toEqual(['1/orders-0', '2/orders-1', '3/orders-2']);
    expect(moveFocus(sparse, '1/orders-0', 'next-broker')).toBe('2/orders-1');
    expect(moveFocus(sparse, '1/orders-0', 'last')).toBe('3/orders-2');
  });

  test('a cell that is gone is left for the first one', () => {
    expect(moveFocus(layout, '9/gone-0', 'right')).not.toBe('9/gone-0');
  });

  test('only keys of the contract move', () => {
    expect(['ArrowLeft', 'PageDown', 'Home'].map(moveOfKey)).toEqual(['left', 'next-broker', 'first']);
    expect(moveOfKey('a')).toBeNull();
  });
});
