// The faults that hold now, shared by all parts of one process's world.

import { noFaults, type FaultSettings, type LinkFault } from '../faults.ts';

export class FaultState {
  #settings: FaultSettings = noFaults;
  readonly #listeners = new Set<() => void>();

  get settings(): FaultSettings {
    return this.#settings;
  }

  set(settings: FaultSettings): void {
    this.#settings = settings;
    for (const changed of this.#listeners) changed();
  }

  /** What is wrong with the link to the peer that listens on this port. */
  linkTo(port: number): LinkFault | undefined {
    return this.#settings.links.find((link) => link.ports.includes(port));
  }

  /** Calls `changed` after each set(), until the returned function is called. */
  listen(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => {
      this.#listeners.delete(changed);
    };
  }
}
