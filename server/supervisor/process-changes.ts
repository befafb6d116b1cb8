// What a person should hear of one supervised process, given the state it was in and the state it is in. Pure.

import type { LifecycleState } from './lifecycle.ts';
import type { LogLevel } from './output/log-entry.ts';

export interface ProcessChange {
  readonly level: LogLevel;
  readonly event: 'process-ended' | 'process-not-started' | 'process-stopped' | 'process-ready';
}

type StateName = LifecycleState['name'];

/** null: nothing to tell. `wasReady`: the process, or one before it, has been ready already. */
export function changeOf(before: StateName, now: StateName, wasReady: boolean): ProcessChange | null {
  if (before === now || !wasReady) return null;
  if (now === 'backing-off') return { level: 'error', event: 'process-ended' };
  if (now === 'ready') return { level: 'info', event: 'process-ready' };
  if (before === 'starting' && now === 'stopped') return { level: 'error', event: 'process-not-started' };
  return now === 'stopped' ? { level: 'info', event: 'process-stopped' } : null;
}
