// A world in which things can be made to go wrong on purpose while it runs. The broker's process wraps its own in one when it
// has a parent that may ask for faults; every room of the engine stays as it is. Without faults it costs a look a call.

import type { FaultSettings } from '../faults.ts';
import type { World } from '../ports.ts';
import { FaultState } from './fault-state.ts';
import { faultyFiles } from './files.ts';
import { faultyNetwork } from './network.ts';

export interface FaultyWorld {
  readonly world: World;
  /** Takes effect at once, on what is open too. */
  readonly setFaults: (settings: FaultSettings) => void;
}

export function faultyWorld(inner: World): FaultyWorld {
  const state = new FaultState();
  const { timers, clock } = inner;
  const skewed = { nowMs: () => clock.nowMs() + state.settings.clockSkewMs, monotonicUs: () => clock.monotonicUs() };
  return {
    world: {
      ...inner,
      clock: skewed,
      files: faultyFiles(inner.files, state, timers),
      network: faultyNetwork({ network: inner.network, clock, timers, state }),
    },
    setFaults: (settings) => {
      state.set(settings);
    },
  };
}
