// The seed's randomness: xoshiro128** over 32-bit state, so that a seed gives the same world on every machine.

import type { Random } from '../world/ports.ts';

export interface SeededRandom extends Random {
  /** A number in [0, 1). */
  nextRatio(): number;
  /** True once in `times` on average. */
  oneIn(times: number): boolean;
  /** A generator of its own, so that one part's draws don't shift another's. */
  fork(): SeededRandom;
}

export function seededRandom(seed: number): SeededRandom {
  let spread = seed >>> 0;
  const seedWord = (): number => {
    spread = (spread + 0x9e3779b9) >>> 0;
    let word = spread;
    word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
  let [a, b, c, d] = [seedWord(), seedWord(), seedWord(), seedWord()];
  const rotate = (word: number, by: number): number => ((word << by) | (word >>> (32 - by))) >>> 0;
  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = (b << 9) >>> 0;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d >>> 0, 11);
    return result;
  };
  const nextRatio = (): number => next() / 0x1_0000_0000;
  return {
    nextInt: (bound) => Math.floor(nextRatio() * bound),
    nextBytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
    nextRatio,
    oneIn: (times) => nextRatio() * times < 1,
    fork: () => seededRandom(next()),
  };
}
