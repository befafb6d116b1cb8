// Where the focus goes: arrows from cell to cell, over the edge of a cabinet into the next one; pages from broker
// to broker, keeping the partition where the other broker has a copy.

import type { CellPlace, Layout } from './layout.ts';

export type Move = 'left' | 'right' | 'up' | 'down' | 'previous-broker' | 'next-broker' | 'first' | 'last';

const moves: Readonly<Record<string, Move>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  PageUp: 'previous-broker',
  PageDown: 'next-broker',
  Home: 'first',
  End: 'last',
};

export function moveOfKey(key: string): Move | null {
  return moves[key] ?? null;
}

/** Cells that can be looked at: places without a copy are skipped. */
export function reachable(layout: Layout): readonly CellPlace[] {
  return layout.cells.filter((place) => place.cell.state !== 'absent');
}

function nearest(from: CellPlace, candidates: readonly CellPlace[], cost: (dx: number, dy: number) => number | null): CellPlace {
  let best = from;
  let bestCost = Infinity;
  for (const place of candidates) {
    const price = place === from ? null : cost(place.x - from.x, place.y - from.y);
    if (price === null || price >= bestCost) continue;
    best = place;
    bestCost = price;
  }
  return best;
}

/** Straight on is cheap, sideways is dear, backwards is impossible. */
const costs: Readonly<Record<'left' | 'right' | 'up' | 'down', (dx: number, dy: number) => number | null>> = {
  left: (dx, dy) => (dx < 0 ? -dx + Math.abs(dy) * 8 : null),
  right: (dx, dy) => (dx > 0 ? dx + Math.abs(dy) * 8 : null),
  up: (dx, dy) => (dy < 0 ? -dy + Math.abs(dx) * 3 : null),
  down: (dx, dy) => (dy > 0 ? dy + Math.abs(dx) * 3 : null),
};

function otherBroker(layout: Layout, from: CellPlace, step: 1 | -1): CellPlace {
  const order = layout.cabinets.map((cabinet) => cabinet.brokerId);
  for (let at = order.indexOf(from.cell.brokerId) + step; at >= 0 && at < order.length; at += step) {
    const there = reachable(layout).filter((place) => place.cell.brokerId === order[at]);
    const same = there.find((place) => place.cell.topic === from.cell.topic && place.cell.partition === from.cell.partition);
    const target = same ?? there[0];
    if (target !== undefined) return target;
  }
  return from;
}

/** The key of the cell a move leads to; the same key at the end of the world. */
export function moveFocus(layout: Layout, key: string, move: Move): string {
  const places = reachable(layout);
  const from = places.find((place) => place.key === key) ?? places[0];
  if (from === undefined) return key;
  switch (move) {
    case 'first':
      return places[0]!.key;
    case 'last':
      return places.at(-1)!.key;
    case 'next-broker':
      return otherBroker(layout, from, 1).key;
    case 'previous-broker':
      return otherBroker(layout, from, -1).key;
    default:
      return nearest(from, places, costs[move]).key;
  }
}
