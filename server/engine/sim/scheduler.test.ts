import { expect, test } from 'vitest';
import { Scheduler, simTimers } from './scheduler.ts';

test('a timer that fell due while the process stood still can be cleared before it goes on, as by a real loop', async () => {
  const scheduler = new Scheduler();
  const held: (() => void)[] = [];
  let standsStill = true;
  const timers = simTimers(
    scheduler,
    () => true,
    (run) => {
      if (standsStill) held.push(run);
      return standsStill;
    },
  );
  const fired: string[] = [];
  timers.setTimer(1, () => fired.push('kept'));
  const cleared = timers.setTimer(1, () => fired.push('cleared'));
  await scheduler.run(2_000);
  timers.clearTimer(cleared);
  standsStill = false;
  for (const run of held) run();
  expect(fired).toEqual(['kept']);
});
