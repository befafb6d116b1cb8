// Time from the operating system. The monotonic clock is CLOCK_MONOTONIC, which all processes of one machine share:
// trace events of several brokers can be put in order by it.

import type { Clock, TimerHandle, Timers } from '../ports.ts';

/** setTimeout counts in 32 bits and fires at once beyond that. */
const maxDelayMs = 2 ** 31 - 1;

export const nodeClock: Clock = {
  nowMs: () => Date.now(),
  monotonicUs() {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1_000_000 + Math.floor(nanoseconds / 1_000);
  },
};

export const nodeTimers: Timers = {
  // Timers don't keep the process alive: listeners and the link to the parent do, and stopping must not wait for a timer.
  setTimer: (delayMs, fire) => setTimeout(fire, Math.min(maxDelayMs, Math.max(0, delayMs))).unref() as unknown as TimerHandle,
  clearTimer: (handle) => {
    clearTimeout(handle as unknown as NodeJS.Timeout);
  },
  soon: (fire) => {
    setImmediate(fire);
  },
};
