// Randomness from the operating system, for ids, jitter and tie breaks.

import { randomBytes, randomInt } from 'node:crypto';
import type { Random } from '../ports.ts';

export const nodeRandom: Random = {
  nextInt: (bound) => randomInt(bound),
  nextBytes: (length) => randomBytes(length),
};
