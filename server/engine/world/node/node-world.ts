// The real world: Node's clock, timers, disk, sockets and codecs behind the engine's ports. The only room of the
// engine besides `broker/main` that may name a `node:` module, so that everything else also runs simulated.

import type { World } from '../ports.ts';
import { nodeClock, nodeTimers } from './clock.ts';
import { nodeCompression } from './compression.ts';
import { nodeFiles } from './files.ts';
import { nodeNetwork } from './network.ts';
import { nodeRandom } from './random.ts';

export function nodeWorld(): World {
  return { clock: nodeClock, timers: nodeTimers, random: nodeRandom, files: nodeFiles, network: nodeNetwork, compression: nodeCompression };
}
