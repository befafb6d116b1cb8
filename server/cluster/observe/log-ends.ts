// When each offset of a log came into being, as far as the console has watched: the log end at each look that saw it
// moved. From this follows the age of a group's oldest unread record, without trusting the timestamps that producers
// write and without reading a record.
// Invariant: at most maxMarks marks a partition; the older half is thinned, so an old age is coarser, never too large.

import { assert } from '#engine/base/assert.ts';

interface Mark {
  readonly atMs: number;
  readonly endOffset: number;
}

export interface Age {
  readonly ms: number;
  /** The record was there before the console began to watch: it is this old or older. */
  readonly isAtLeast: boolean;
}

const maxMarks = 32;

export class LogEnds {
  readonly #marks = new Map<string, readonly Mark[]>();

  /** Takes the log end of a partition; a smaller one than before is another log under the same name, or a truncated one. */
  note(key: string, endOffset: number, atMs: number): void {
    const known = this.#marks.get(key) ?? [];
    const last = known.at(-1);
    if (last?.endOffset === endOffset) return;
    const kept = last !== undefined && endOffset < last.endOffset ? [] : known;
    const marks = thinned([...kept, { atMs, endOffset }]);
    assert(marks.length <= maxMarks, 'a partition keeps a bounded number of marks');
    this.#marks.set(key, marks);
  }

  /** The age of the record at `offset`; null when no look has seen a record there. */
  ageOf(key: string, offset: number, nowMs: number): Age | null {
    const marks = this.#marks.get(key) ?? [];
    const index = marks.findIndex((mark) => mark.endOffset > offset);
    const mark = marks[index];
    return mark === undefined ? null : { ms: Math.max(0, nowMs - mark.atMs), isAtLeast: index === 0 };
  }

  /** Forgets the partitions that nobody commits to any more. */
  retain(keys: ReadonlySet<string>): void {
    for (const key of this.#marks.keys()) if (!keys.has(key)) this.#marks.delete(key);
  }
}

/** The first mark stays: it says since when the log is watched. */
function thinned(marks: readonly Mark[]): readonly Mark[] {
  if (marks.length <= maxMarks) return marks;
  const newer = maxMarks / 2;
  return marks.filter((_mark, index) => index === 0 || index >= marks.length - newer || index % 2 === 0);
}
