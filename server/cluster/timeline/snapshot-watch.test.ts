import { expect, test } from 'vitest';
import type { TimerHandle, Timers } from '#engine/world/ports.ts';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { TopologySnapshot } from '../port.ts';
import type { TimelineFact } from './entry.ts';
import { TimelineRecorder } from './recorder.ts';
import { SnapshotWatch } from './snapshot-watch.ts';

function look(atMs: number, online: readonly number[]): TopologySnapshot {
  return {
    overview: { brokers: online.map((brokerId) => ({ brokerId, state: 'online' })), controllerId: 1 },
    topics: [],
    groups: [],
    producers: null,
    atMs,
  } as unknown as TopologySnapshot;
}

/** Timers that fire only when the test says so. */
function heldTimers(): Timers & { fire(): void } {
  let held: (() => void) | null = null;
  return {
    setTimer: (_delayMs, fire) => {
      held = fire;
      return {} as TimerHandle;
    },
    clearTimer: () => {
      held = null;
    },
    soon: (fire) => fire(),
    fire: () => {
      const now = held;
      held = null;
      now?.();
    },
  };
}

test('a foreign cluster that goes away and comes back is told once each, with what changed meanwhile', async () => {
  const answers = [() => look(1, [1, 2]), () => lost(), () => lost(), () => look(4, [1])];
  const lost = (): never => {
    throw clusterSaid('CLUSTER_LOST', 'nobody answers');
  };
  const stored: TimelineFact[] = [];
  const recorder = new TimelineRecorder('c', { append: (_id, facts) => Promise.resolve(void stored.push(...facts)) });
  const timers = heldTimers();
  let asked = 0;
  const watch = new SnapshotWatch({ port: { topology: async () => answers[asked++]?.() ?? lost() }, recorder, timers, nowMs: () => asked });
  for (let round = 0; round < answers.length; round++) {
    timers.fire();
    await expect.poll(() => asked).toBe(round + 1);
    await new Promise((settle) => {
      setImmediate(settle);
    });
  }
  watch.stop();
  await recorder.settled();
  expect(stored.map((fact) => [fact.kind, fact.subject])).toEqual([
    ['cluster-lost', ''],
    ['cluster-back', ''],
    ['broker-lost', 'broker 2'],
  ]);
});
