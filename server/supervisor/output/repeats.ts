// Lines of one kind that come again and again: the first is shown, those that follow are counted, and the count is shown when
// some time has passed. Pure: the caller says what time it is.
//
// Invariant: at most `maxKinds` kinds are remembered after each look; the oldest are told early and forgotten.

import { assert } from '#engine/base/assert.ts';

/** So long after a line, others of its kind are only counted. */
export const quietMs = 30_000;
const maxKinds = 200;

interface Shown {
  readonly atMs: number;
  readonly sentence: string;
  more: number;
}

export interface Repeated {
  readonly sentence: string;
  readonly more: number;
}

export class Repeats {
  readonly #shown = new Map<string, Shown>();

  /** Whether this line is to be shown now. */
  take(kind: string, sentence: string, nowMs: number): boolean {
    const shown = this.#shown.get(kind);
    if (shown !== undefined) {
      shown.more += 1;
      return false;
    }
    this.#shown.set(kind, { atMs: nowMs, sentence, more: 0 });
    return true;
  }

  /** Kinds whose time is over, with what was counted meanwhile; those that came only once are left out. */
  takeDue(nowMs: number): readonly Repeated[] {
    const due = [...this.#shown].filter(([, { atMs }], index) => nowMs - atMs >= quietMs || index < this.#shown.size - maxKinds);
    for (const [kind] of due) this.#shown.delete(kind);
    assert(this.#shown.size <= maxKinds, 'kinds of lines are remembered within their bound');
    return due.flatMap(([, { sentence, more }]) => (more === 0 ? [] : [{ sentence, more }]));
  }
}
