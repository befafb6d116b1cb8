// The segments of one log, oldest first: any number of sealed ones and the active one at the end.
// Invariant: base offsets ascend, and each sealed segment ends where the next begins.

import { assert } from '#engine/base/assert.ts';
import { floorIndex } from './offset-index.ts';
import { ActiveSegment } from './active-segment.ts';
import type { LogDirectory } from './log-directory.ts';
import { SealedSegment } from './sealed-segment.ts';

export type Segment = SealedSegment | ActiveSegment;

export class SegmentList {
  readonly #directory: LogDirectory;
  readonly #partitionPath: string;
  #sealed: SealedSegment[];
  #active: ActiveSegment;

  constructor(
    directory: LogDirectory,
    partitionPath: string,
    loaded: { readonly sealed: readonly SealedSegment[]; readonly active: ActiveSegment },
  ) {
    this.#directory = directory;
    this.#partitionPath = partitionPath;
    this.#sealed = [...loaded.sealed];
    this.#active = loaded.active;
  }

  get active(): ActiveSegment {
    return this.#active;
  }
  get sealed(): readonly SealedSegment[] {
    return this.#sealed;
  }
  get count(): number {
    return this.#sealed.length + 1;
  }
  get firstOffset(): number {
    return this.#sealed[0]?.baseOffset ?? this.#active.baseOffset;
  }

  get sizeBytes(): number {
    let size = this.#active.sizeBytes;
    for (const segment of this.#sealed) size += segment.sizeBytes;
    return size;
  }

  get hasFiles(): boolean {
    return this.#active.hasFile;
  }

  at(index: number): Segment | null {
    if (index === this.#sealed.length) return this.#active;
    return this.#sealed[index] ?? null;
  }

  all(): readonly Segment[] {
    return [...this.#sealed, this.#active];
  }

  /** Position in the list of the segment that holds `offset`, the first one when it is below all. */
  indexOf(offset: number): number {
    if (offset >= this.#active.baseOffset) return this.#sealed.length;
    const bases = this.#sealed.map((segment) => segment.baseOffset);
    return Math.max(0, floorIndex(bases, bases.length, offset));
  }

  /**
   * Seals the active segment, empty or not, and begins a new one at `baseOffset`. Nothing has changed
   * when this throws.
   */
  roll(baseOffset: number, how: { readonly nowMs: number; readonly indexIntervalBytes: number }): void {
    const old = this.#active;
    assert(baseOffset >= old.nextOffset && baseOffset > old.baseOffset, `a segment at ${baseOffset} doesn't follow ${old.nextOffset}`);
    old.writeIndexes();
    this.#active = new ActiveSegment(this.#directory, { partitionPath: this.#partitionPath, baseOffset, createdMs: how.nowMs });
    this.#sealed.push(
      new SealedSegment(
        this.#directory,
        {
          partitionPath: this.#partitionPath,
          baseOffset: old.baseOffset,
          sizeBytes: old.sizeBytes,
          nextOffset: baseOffset,
          indexIntervalBytes: how.indexIntervalBytes,
        },
        old.file(),
      ),
    );
  }

  /** Takes the oldest `count` sealed segments out of the list; their files are the caller's now. */
  takeOldest(count: number): readonly SealedSegment[] {
    return this.#sealed.splice(0, count);
  }

  /** Puts `active` at the end behind those sealed segments that stay. */
  restartAt(active: ActiveSegment, stays: (segment: SealedSegment) => boolean): void {
    this.#sealed = this.#sealed.filter(stays);
    this.#active = active;
  }

  /** Exchanges a run of sealed segments for the one that the cleaner made of them. */
  replace(old: readonly SealedSegment[], cleaned: SealedSegment | null): void {
    const first = this.#sealed.indexOf(old[0]!);
    this.#sealed.splice(first, old.length, ...(cleaned === null ? [] : [cleaned]));
  }
}
