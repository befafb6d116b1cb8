// Whether the volume of a log directory takes what is written to it. A full disk heals without a restart, so it is an episode:
// from the first write that finds no room until none was refused for a while. Small writes may still fit where large ones don't,
// so one that went through doesn't end it by itself.

import type { Trace } from '#engine/trace/trace.ts';

/** So long no write may have been refused. */
export const quietMs = 5_000;
/** When nobody writes any more, this much room ends an episode too. */
const minRoomBytes = 1024 * 1024;

interface Episode {
  /** Since the last look. */
  wasRefused: boolean;
  hasWritten: boolean;
  quietSinceMs: number;
}

export class DiskRoom {
  readonly #directory: string;
  readonly #trace: Trace;
  #episode: Episode | null = null;

  constructor(directory: string, trace: Trace) {
    this.#directory = directory;
    this.#trace = trace;
  }

  get isFull(): boolean {
    return this.#episode !== null;
  }

  onRefused(path: string): void {
    if (this.#episode !== null) {
      this.#episode.wasRefused = true;
      return;
    }
    this.#episode = { wasRefused: true, hasWritten: false, quietSinceMs: 0 };
    this.#trace({ kind: 'disk-full', directory: this.#directory, path });
  }

  onWritten(): void {
    if (this.#episode !== null) this.#episode.hasWritten = true;
  }

  /** Looks whether the episode is over; called now and then. */
  tick(nowMs: number, usableBytes: () => number): void {
    const episode = this.#episode;
    if (episode === null) return;
    // A wall clock that was set back must not keep the episode open until it has caught up.
    if (episode.wasRefused || nowMs < episode.quietSinceMs) {
      Object.assign(episode, { wasRefused: false, hasWritten: false, quietSinceMs: nowMs });
      return;
    }
    if (nowMs - episode.quietSinceMs < quietMs) return;
    if (!episode.hasWritten && usableBytes() < minRoomBytes) return;
    this.#episode = null;
    this.#trace({ kind: 'disk-writable', directory: this.#directory });
  }
}
