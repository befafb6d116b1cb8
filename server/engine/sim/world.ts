// The World of one simulated process: seeded time, randomness, network and disk in place of Node's. Compression is the
// real one: it neither waits nor fails by chance.

import { nodeCompression } from '../world/node/compression.ts';
import type { FileSystem, World } from '../world/ports.ts';
import type { SimNetwork } from './network.ts';
import type { SeededRandom } from './random.ts';
import { simTimers, type HoldBack, type Scheduler } from './scheduler.ts';

/** Wall clock of the world's first moment: some day in 2026. */
export const epochMs = 1_780_000_000_000;

export interface SimWorldOptions {
  readonly scheduler: Scheduler;
  readonly network: SimNetwork;
  readonly disk: FileSystem;
  readonly random: SeededRandom;
  /** Who this process is on the network. */
  readonly node: number;
  /** A process that was killed has no timers any more. */
  readonly isAlive: () => boolean;
  /** A process that can be frozen keeps its due timers for later. */
  readonly holdBack?: HoldBack;
}

export function simWorld({ scheduler, network, disk, random, node, isAlive, holdBack }: SimWorldOptions): World {
  return {
    clock: { nowMs: () => epochMs + Math.floor(scheduler.nowUs / 1_000), monotonicUs: () => scheduler.nowUs },
    timers: simTimers(scheduler, isAlive, holdBack),
    random,
    files: disk,
    network: network.of(node),
    compression: nodeCompression,
  };
}
