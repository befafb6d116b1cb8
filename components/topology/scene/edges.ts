// The flows between cards and cabinets. An edge keeps its number for the whole session, so that a dot can name
// its edge by a small integer while layouts come and go.

import { RateWindow } from './rate-window.ts';

export type FlowKind = 'produce' | 'replicate' | 'consume';

export interface Edge {
  readonly index: number;
  readonly kind: FlowKind;
  /** The client's card, or null where the flow starts at a broker. */
  readonly cardKey: string | null;
  readonly brokerId: number;
  /** Replication only: the broker that copies. */
  readonly followerId: number | null;
  readonly records: RateWindow;
  /** When a sampled dot last rode this edge; promotion looks at it. */
  lastDotMs: number;
  /** Where the cluster isn't traced: records a second, measured. */
  measuredPerSecond: number | null;
}

/** A flow is drawn while it has carried something in the last half minute. */
export const edgeQuietMs = 30_000;

export class EdgeBook {
  readonly #byId = new Map<string, Edge>();
  readonly #all: Edge[] = [];

  get all(): readonly Edge[] {
    return this.#all;
  }

  at(index: number): Edge {
    return this.#all[index]!;
  }

  client(kind: 'produce' | 'consume', cardKey: string, brokerId: number): Edge {
    return this.#claim(`${kind}:${cardKey}:${brokerId}`, { kind, cardKey, brokerId, followerId: null });
  }

  replica(leaderId: number, followerId: number): Edge {
    return this.#claim(`replicate:${leaderId}:${followerId}`, { kind: 'replicate', cardKey: null, brokerId: leaderId, followerId });
  }

  #claim(id: string, ends: Pick<Edge, 'kind' | 'cardKey' | 'brokerId' | 'followerId'>): Edge {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const edge: Edge = { ...ends, index: this.#all.length, records: new RateWindow(), lastDotMs: -1, measuredPerSecond: null };
    this.#byId.set(id, edge);
    this.#all.push(edge);
    return edge;
  }
}

export function edgeRate(edge: Edge, nowMs: number): number {
  return edge.measuredPerSecond ?? edge.records.perSecond(nowMs);
}

/** Whether the edge has a pipe now. */
export function isFlowing(edge: Edge, nowMs: number): boolean {
  if (edge.measuredPerSecond !== null) return edge.measuredPerSecond > 0;
  return edge.records.lastMs >= 0 && nowMs - edge.records.lastMs < edgeQuietMs;
}
