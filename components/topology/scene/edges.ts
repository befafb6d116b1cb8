// The flows between cards and cabinets. An edge keeps its number while it carries something, so that a dot can name
// its edge by a small integer while layouts come and go.
// At most maxEdges are kept: clients with ever new ids must not fill the memory of a tab that stays open for days.

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

/** A hundred brokers that replicate to each other, and a thousand clients, fit. */
export const maxEdges = 12_000;
/** Quiet edges that go at once when there is no number left, so that not every newcomer looks for one. */
const freedAtOnce = 1_000;

export class EdgeBook {
  readonly #byId = new Map<string, Edge>();
  readonly #all: Edge[] = [];
  /** Numbers of edges that were let go. */
  #free: number[] = [];

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
    if (this.#free.length === 0 && this.#all.length >= maxEdges) this.#freeQuietest();
    const index = this.#free.pop() ?? this.#all.length;
    const edge: Edge = { ...ends, index, records: new RateWindow(), lastDotMs: -1, measuredPerSecond: null };
    this.#byId.set(id, edge);
    this.#all[index] = edge;
    return edge;
  }

  /** Those that were silent longest; their dots have long arrived. */
  #freeQuietest(): void {
    const heardMs = ({ measuredPerSecond, records }: Edge): number => ((measuredPerSecond ?? 0) > 0 ? Infinity : records.lastMs);
    const bySilence = [...this.#byId].sort(([, one], [, other]) => heardMs(one) - heardMs(other));
    for (const [id, { index }] of bySilence.slice(0, freedAtOnce)) {
      this.#byId.delete(id);
      this.#free.push(index);
    }
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
