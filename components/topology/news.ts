// What is worth saying aloud of a batch of facts: brokers that come and go, and how many leaders moved with them.

import type { TraceEvent } from '#server/engine/trace/events.ts';

export interface News {
  readonly kind: 'down' | 'up' | 'controller' | 'leaders';
  readonly brokerId: number | null;
  readonly leadersMoved: number;
}

/** Adds the facts to what waits to be said; null while nothing does. */
export function newsOf(events: readonly TraceEvent[], waiting: News | null): News | null {
  let news = waiting;
  for (const event of events) {
    const before = news ?? ({ kind: 'leaders', brokerId: null, leadersMoved: 0 } as const);
    if (event.kind === 'broker-fenced') news = { ...before, kind: 'down', brokerId: event.registeredId };
    if (event.kind === 'broker-unfenced') news = { ...before, kind: 'up', brokerId: event.registeredId };
    if (event.kind === 'controller-elected' && before.brokerId === null)
      news = { ...before, kind: 'controller', brokerId: event.controllerId };
    if (event.kind === 'leader-changed' && event.previousLeaderId >= 0) news = { ...before, leadersMoved: before.leadersMoved + 1 };
  }
  return news;
}
