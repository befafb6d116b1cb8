// Facts that the scene has applied and that a snapshot on its way may not know yet: it was put together from answers that were
// asked for before. Without them a leader that was just elected would be taken back until the next snapshot.
// At most maxFacts are kept, the newest.

import type { TraceEvent } from '#server/engine/trace/events.ts';
import { applyFacts, type ClusterState } from './cluster-state.ts';

export const maxFacts = 4_000;
/** What is left when there would be more: half of them go at once, so that not every fact moves all others. */
const keptFacts = maxFacts / 2;

export class RecentFacts {
  #facts: TraceEvent[] = [];

  add(event: TraceEvent): void {
    this.#facts.push(event);
    if (this.#facts.length > maxFacts) this.#facts = this.#facts.slice(-keptFacts);
  }

  /** The snapshot's state with what has happened since it was asked for; what is older is let go. */
  onto(state: ClusterState): ClusterState {
    this.#facts = this.#facts.filter((event) => event.atMs >= state.sinceMs);
    return applyFacts(state, this.#facts);
  }
}
