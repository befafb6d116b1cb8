// Brokers whose supervisor was killed notice it and stop by themselves. A start that follows at once may still meet
// them; it waits, and ends only processes that it can prove to be brokers of this very directory.

import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const patienceMs = 15_000;
const pollMs = 50;

export interface OrphanWait {
  readonly signal: AbortSignal;
  /** There is one, so that the start takes a while. */
  readonly onWait: (pid: number) => void;
  /** Rejects when another start was faster: what holds the directory then may be its broker, which is no orphan. */
  readonly requireAlone: () => Promise<void>;
}

/** The pid in `pidFile` while it is a live broker of `directory`, else null. */
export function liveBroker(pidFile: string, directory: string): number | null {
  if (!existsSync(pidFile)) return null;
  const pid = Number(readFileSync(pidFile, 'utf8').trim());
  return Number.isSafeInteger(pid) && pid > 1 && isBrokerOf(pid, directory) ? pid : null;
}

function isBrokerOf(pid: number, directory: string): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false; // no such process, or not ours: then it can't be our child
  }
  const commandLine = `/proc/${pid}/cmdline`;
  if (!existsSync(commandLine)) return false; // without /proc a reused pid can't be told apart, so it is left alone
  const words = readFileSync(commandLine, 'utf8').split('\0');
  return words.includes(directory) && words.some((word) => /broker\/main\.(ts|mjs)$/.test(word));
}

/**
 * Resolves when no broker of an earlier run holds `directory` any more; rejects when `signal` aborts before that, or another start
 * was faster. The pid is read before each look for another start: one that spawns a broker has taken the directory's lock by then.
 */
export async function awaitOrphan(pidFile: string, directory: string, wait: OrphanWait): Promise<void> {
  const { signal, onWait, requireAlone } = wait;
  let pid = liveBroker(pidFile, directory);
  if (pid !== null) onWait(pid);
  for (let waitedMs = 0; pid !== null; waitedMs += pollMs) {
    await requireAlone();
    if (waitedMs >= patienceMs) process.kill(pid, 'SIGKILL');
    await delay(pollMs, undefined, { signal });
    pid = liveBroker(pidFile, directory);
  }
}
