// Facts of the brokers and doings of the lab that the log tells, in the supervisor's name.

import type { TraceEvent } from '#engine/trace/events.ts';
import type { LabFault } from '../lab-messages.ts';
import type { LogEntry } from './log-entry.ts';

/** Brokers hand their facts over many times a second; what comes later than this after a moment happened after it. */
const handOverMs = 1_000;

/**
 * Whether a fact with the time `atMs` that arrives at `nowMs` happened after `sinceMs`. Soon after, the broker's own clock has to say
 * it; from then on it doesn't count, as the lab may have set it wrong.
 */
export function isNewsSince(sinceMs: number, atMs: number, nowMs: number): boolean {
  return atMs > sinceMs || nowMs > sinceMs + handOverMs;
}

/** Only the active controller emits these facts, so each is told once. What else brokers see, they log themselves. */
export function entryOfFact(fact: TraceEvent): Pick<LogEntry, 'level' | 'event' | 'fields'> | null {
  switch (fact.kind) {
    case 'broker-fenced':
      return { level: 'warn', event: fact.kind, fields: { fenced: fact.registeredId, cause: fact.cause } };
    case 'broker-unfenced':
      return { level: 'info', event: fact.kind, fields: { unfenced: fact.registeredId } };
    case 'controller-elected':
      return { level: 'info', event: fact.kind, fields: { controller: fact.controllerId, epoch: fact.epoch } };
    default:
      return null;
  }
}

export function faultWords(fault: LabFault): string {
  const what = fault.kind.replaceAll('-', ' ');
  if ('brokerId' in fault) return `${what}, broker ${fault.brokerId}`;
  return `${what}, from broker ${fault.fromId} to broker ${fault.toId}${fault.kind === 'cut' && fault.bothWays ? ' and back' : ''}`;
}
