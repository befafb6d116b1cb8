// The frames that were unpacked last, kept at hand: scrubbing asks for many moments near each other. How many depends on how
// large they are, because one picture of a large cluster takes as much memory as hundreds of a small one.
// Invariant: at most maxFrames are kept, and more than framesOfAMoment only while they take at most maxBytes, compressed.

import { assert } from '#engine/base/assert.ts';
import type { TopologySnapshot } from '../port.ts';
import { decodePicture } from './keyframe-codec.ts';
import type { StoredKeyframe } from './keyframe-store.ts';

export const maxFrames = 8;
export const maxBytes = 2 * 1024 * 1024;
/** A moment is shown from its picture and the one before. */
const framesOfAMoment = 2;

interface Unpacked {
  readonly picture: Promise<TopologySnapshot>;
  readonly sizeBytes: number;
}

export class UnpackedFrames {
  /** In the order of the last use. */
  readonly #frames = new Map<string, Unpacked>();

  get(clusterId: string, frame: StoredKeyframe): Promise<TopologySnapshot> {
    const key = `${clusterId} ${frame.atMs}`;
    const { picture } = this.#frames.get(key) ?? { picture: decodePicture(frame.picture) };
    this.#frames.delete(key);
    this.#frames.set(key, { picture, sizeBytes: frame.picture.length });
    this.#trim();
    return picture;
  }

  #trim(): void {
    for (const key of this.#frames.keys()) {
      if (!this.#isOver()) break;
      this.#frames.delete(key);
    }
    assert(!this.#isOver(), 'unpacked pictures are kept within their bounds');
  }

  #isOver(): boolean {
    if (this.#frames.size > maxFrames) return true;
    const bytes = [...this.#frames.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return this.#frames.size > framesOfAMoment && bytes > maxBytes;
  }
}
