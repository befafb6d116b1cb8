// The numbers beside the picture, of the moment shown, made once a second: React reads these and no others.

import { edgeRate } from './edges.ts';
import type { Edge } from './edges.ts';
import type { Ledger } from './ledger.ts';

export interface Figures {
  /** Records a second of the whole picture; null: this cluster can't tell. */
  readonly producePerSecond: number | null;
  readonly replicatePerSecond: number;
  readonly consumePerSecond: number | null;
  readonly byCard: ReadonlyMap<string, number>;
  readonly byBrokerIn: ReadonlyMap<number, number>;
  readonly byBrokerOut: ReadonlyMap<number, number>;
  readonly ratio: number;
  readonly ledger: Ledger;
  readonly atMs: number;
}

function addTo<Key>(sums: Map<Key, number>, key: Key, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}

export function makeFigures(
  edges: readonly Edge[],
  at: { readonly nowMs: number; readonly ratio: number; readonly ledger: Ledger; readonly isMeasured: boolean },
): Figures {
  const totals = { produce: 0, replicate: 0, consume: 0 };
  const byCard = new Map<string, number>();
  const byBrokerIn = new Map<number, number>();
  const byBrokerOut = new Map<number, number>();
  for (const edge of edges) {
    const rate = edgeRate(edge, at.nowMs);
    totals[edge.kind] += rate;
    if (edge.cardKey !== null) addTo(byCard, edge.cardKey, rate);
    if (edge.kind === 'produce') addTo(byBrokerIn, edge.brokerId, rate);
    if (edge.kind === 'consume') addTo(byBrokerOut, edge.brokerId, rate);
  }
  const knows = edges.length > 0 || !at.isMeasured;
  return {
    producePerSecond: knows ? totals.produce : null,
    replicatePerSecond: totals.replicate,
    consumePerSecond: knows ? totals.consume : null,
    byCard,
    byBrokerIn,
    byBrokerOut,
    ratio: at.ratio,
    ledger: at.ledger,
    atMs: at.nowMs,
  };
}
