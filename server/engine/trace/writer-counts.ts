// Who writes how much, for those who look once a second: single records are told only while somebody watches, this always.
// Invariant: at most maxCounted names are held; whoever comes beyond that is counted, without a name. Nothing is kept
// from one second to the next, so nobody has to be forgotten.

import type { WriterFigures } from './process-link.ts';

/** Names counted apart between two looks. */
export const maxCounted = 256;
/** Names told in one look: the busiest. */
export const maxTold = 32;
/** A client may name itself at great length; so long a name is not repeated every second. */
const maxNameLength = 256;

export class WriterCounts {
  readonly #records = new Map<string, number>();
  #unnamed = 0;

  add(clientId: string, records: number): void {
    const known = this.#records.get(clientId);
    if (known === undefined && (this.#records.size >= maxCounted || clientId.length > maxNameLength)) this.#unnamed += records;
    else this.#records.set(clientId, (known ?? 0) + records);
  }

  /** What was counted since the last call, busiest first. */
  take(): WriterFigures {
    const busiest = [...this.#records].map(([clientId, records]) => ({ clientId, records })).sort((a, b) => b.records - a.records);
    const others = busiest.slice(maxTold).reduce((sum, { records }) => sum + records, this.#unnamed);
    this.#records.clear();
    this.#unnamed = 0;
    return { named: busiest.slice(0, maxTold), others };
  }
}
