// min.insync.replicas of the topics that lack a replica: asked for each once in a while, and at once for one that is new
// among them. A topic that doesn't tell stays unknown; nothing is made up about it.
// Invariant: only topics of the last question are kept.

import type { Clock } from '#engine/world/ports.ts';

const maxAgeMs = 30_000;

interface Known {
  readonly minimum: number | null;
  readonly askedUs: number;
}

export class MinIsr {
  readonly #clock: Clock;
  readonly #ask: (topics: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  #known: ReadonlyMap<string, Known> = new Map();
  #drops = 0;

  constructor(clock: Clock, ask: (topics: readonly string[]) => Promise<ReadonlyMap<string, string>>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** By topic; one that doesn't tell is absent. */
  async of(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const askedUs = this.#clock.monotonicUs();
    const fresh = topics.flatMap((topic) => {
      const known = this.#known.get(topic);
      return known !== undefined && askedUs - known.askedUs < maxAgeMs * 1_000 ? [[topic, known] as const] : [];
    });
    const minima = new Map<string, Known>(fresh);
    const missing = topics.filter((topic) => !minima.has(topic));
    const drops = this.#drops;
    const answers = missing.length === 0 ? new Map<string, string>() : await this.#ask(missing);
    for (const topic of missing) minima.set(topic, { minimum: toWhole(answers.get(topic)), askedUs });
    if (drops === this.#drops) this.#known = minima;
    return new Map([...minima].flatMap(([topic, { minimum }]) => (minimum === null ? [] : [[topic, minimum] as const])));
  }

  /** A config was changed: what was asked before, or is on its way, is no answer any more. */
  drop(): void {
    this.#drops += 1;
    this.#known = new Map();
  }
}

function toWhole(text: string | undefined): number | null {
  const value = Number(text);
  return text === undefined || !Number.isInteger(value) ? null : value;
}
