// Disturbs the cluster through its lab, by a seed: mostly one fault at a time, now and then two, each for some seconds. What a
// majority of healthy brokers can survive must be survived; safety must hold through anything.

import { seededRandom, type SeededRandom } from '#engine/sim/random.ts';
import type { LabFault } from '#server/supervisor/lab-messages.ts';

export interface Strike {
  readonly fault: LabFault;
  readonly durationMs: number;
  /** Until the next strike, counted from the beginning of this one. */
  readonly pauseMs: number;
}

const makers: readonly ((random: SeededRandom, pick: () => number) => LabFault)[] = [
  (_, pick) => ({ kind: 'kill', brokerId: pick() }),
  (_, pick) => ({ kind: 'kill', brokerId: pick() }),
  (_, pick) => ({ kind: 'stop', brokerId: pick() }),
  (_, pick) => ({ kind: 'freeze', brokerId: pick() }),
  (_, pick) => ({ kind: 'freeze', brokerId: pick() }),
  (random, pick) => ({ ...link(pick), kind: 'cut', bothWays: random.oneIn(2) }),
  (random, pick) => ({ ...link(pick), kind: 'cut', bothWays: random.oneIn(2) }),
  (random, pick) => ({ ...link(pick), kind: 'slow-link', delayMs: 20 + random.nextInt(400) }),
  (random, pick) => ({ kind: 'slow-clients', brokerId: pick(), delayMs: 20 + random.nextInt(400) }),
  (random, pick) => ({ kind: 'slow-disk', brokerId: pick(), delayMs: 1 + random.nextInt(30) }),
  (_, pick) => ({ kind: 'full-disk', brokerId: pick() }),
  (_, pick) => ({ kind: 'failing-sync', brokerId: pick() }),
  (random, pick) => ({ kind: 'skewed-clock', brokerId: pick(), skewMs: (random.oneIn(2) ? -1 : 1) * (1_000 + random.nextInt(600_000)) }),
  (random, pick) => ({ kind: 'drop', brokerId: pick(), apiKey: random.oneIn(2) ? 0 : 1, what: random.oneIn(2) ? 'request' : 'response' }),
];

function link(pick: () => number): { readonly fromId: number; readonly toId: number } {
  const fromId = pick();
  for (;;) {
    const toId = pick();
    if (toId !== fromId) return { fromId, toId };
  }
}

/** A sweep's strikes: as long as it takes to be missed by a session, and as long again to heal. */
const sweepHoldMs = 3_500;
const sweepPauseMs = 6_400;

/** Every kind of fault as often as it has a maker, in the seed's order, one at a time: a round of known length. */
export function* sweep(seed: number, brokers: number): Generator<Strike> {
  const random = seededRandom(seed);
  const pick = (): number => 1 + random.nextInt(brokers);
  const left = [...makers];
  while (left.length > 0) {
    const [make] = left.splice(random.nextInt(left.length), 1);
    yield { fault: make!(random, pick), durationMs: sweepHoldMs, pauseMs: sweepPauseMs };
  }
}

/** Endless; the same seed strikes the same way. */
export function* strikes(seed: number, brokers: number): Generator<Strike> {
  const random = seededRandom(seed);
  const pick = (): number => 1 + random.nextInt(brokers);
  for (;;) {
    const fault = makers[random.nextInt(makers.length)]!(random, pick);
    const durationMs = 1_500 + random.nextInt(9_000);
    const overlaps = random.oneIn(6);
    yield { fault, durationMs, pauseMs: overlaps ? Math.floor(durationMs / 2) : durationMs + 1_500 + random.nextInt(4_000) };
  }
}
