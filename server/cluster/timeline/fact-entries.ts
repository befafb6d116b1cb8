// Which trace facts belong on the timeline, and as what. Per-record facts don't: they are the picture, not history.
// Several brokers may tell the same change of the cluster within moments; the first telling counts. What has an epoch is
// the same happening when its epoch is the same. What has none is the same when another broker says the very same: a
// broker never tells one thing twice, so what it says again has happened again.

import { formatHostPort } from '#engine/base/host-port.ts';
import type { Fact, TraceEvent } from '#engine/trace/events.ts';
import type { ConsoleWhy, TimelineFact } from './entry.ts';

/** `why` only where the fact doesn't carry one by itself. */
type Told = Pick<TimelineFact, 'subject' | 'cause'> & { readonly why?: ConsoleWhy };

/** How long the same telling counts as the same happening; a topic that was made anew begins with old epochs. */
const sameFactMs = 15_000;
/** Remembered facts; older ones are forgotten first. */
const maxRemembered = 4_096;

function tell(fact: TraceEvent): Told | null {
  switch (fact.kind) {
    case 'broker-started':
      return { subject: formatHostPort(fact), cause: fact.roles.join(', ') };
    case 'broker-stopping':
      return { subject: '', cause: fact.reason, ...stopWhy(fact.reason) };
    case 'leader-changed':
    case 'isr-changed':
    case 'log-truncated':
    case 'log-start-moved':
      return { subject: `${fact.topic}-${fact.partition}`, cause: fact.cause };
    case 'log-recovered':
      // Every log is looked through after a crash; only one that lost something is news, and hundreds would hide the rest.
      return fact.removedBytes === 0
        ? null
        : {
            subject: `${fact.topic}-${fact.partition}`,
            cause: `${fact.removedBytes} bytes removed`,
            why: { kind: 'bytes-removed', params: { bytes: fact.removedBytes } },
          };
    case 'controller-elected':
      return {
        subject: `broker ${fact.controllerId}`,
        cause: `epoch ${fact.epoch}`,
        why: { kind: 'epoch', params: { epoch: fact.epoch } },
      };
    case 'broker-registered':
    case 'broker-unfenced':
      return { subject: `broker ${fact.registeredId}`, cause: '' };
    case 'broker-fenced':
      return { subject: `broker ${fact.registeredId}`, cause: fact.cause };
    case 'topic-created':
    case 'partitions-added':
      return {
        subject: fact.topic,
        cause: `${fact.partitions} partitions`,
        why: { kind: 'partition-count', params: { count: fact.partitions } },
      };
    case 'topic-deleted':
      return { subject: fact.topic, cause: '' };
    case 'config-changed':
      return { subject: `${fact.resource} ${fact.name}`, cause: fact.keys.join(', ') };
    case 'group-state-changed':
      return { subject: fact.groupId, cause: fact.cause };
    case 'dropped':
      return droppedTold(fact);
    default:
      return storageTold(fact);
  }
}

/** What a broker tells of its disks and logs: where, and what the system said. */
function storageTold(fact: TraceEvent): Told | null {
  const broker = fact.brokerId;
  switch (fact.kind) {
    case 'log-directory-failed': {
      const { directory, reason } = fact;
      return {
        subject: `broker ${broker}`,
        cause: `${directory}: ${reason}`,
        why: { kind: 'directory-failed', params: { directory, reason } },
      };
    }
    case 'disk-full':
    case 'disk-writable': {
      const { directory } = fact;
      const kind = fact.kind === 'disk-full' ? 'no-room' : 'room-again';
      return { subject: `broker ${broker}`, cause: directory, why: { kind, params: { directory } } };
    }
    case 'log-damaged':
    case 'log-uncleanable': {
      const { topic, partition, reason } = fact;
      const kind = fact.kind === 'log-damaged' ? 'bytes-damaged' : 'compaction-failed';
      return { subject: `${topic}-${partition}`, cause: `broker ${broker}: ${reason}`, why: { kind, params: { broker, reason } } };
    }
    default:
      return null;
  }
}

function droppedTold({ api, what, client }: Extract<Fact, { readonly kind: 'dropped' }>): Told {
  const name = client.clientId === '' ? client.address : client.clientId;
  return { subject: api, cause: `${what} of ${name}`, why: { kind: 'dropped', params: { what, client: name } } };
}

/** The reasons that `broker/main.ts` gives; a signal is told by its name. */
function stopWhy(reason: string): Pick<Told, 'why'> {
  if (reason === 'asked by the parent') return { why: { kind: 'stop-asked', params: {} } };
  return reason === 'the parent process is gone' ? { why: { kind: 'stop-orphaned', params: {} } } : {};
}

/** What a change of the cluster is known by, whoever tells it and whatever cause it saw; null: it has no epoch. */
function epochKey(fact: Fact): string | null {
  if (fact.kind === 'leader-changed') return `${fact.kind} ${fact.topic}-${fact.partition} ${fact.leaderEpoch}`;
  if (fact.kind === 'topic-created' || fact.kind === 'topic-deleted') return `${fact.kind} ${fact.topicId}`;
  if (fact.kind === 'controller-elected') return `${fact.kind} ${fact.epoch}`;
  if (fact.kind !== 'isr-changed' || fact.partitionEpoch === undefined) return null;
  return `${fact.kind} ${fact.topic}-${fact.partition} ${fact.partitionEpoch}`;
}

interface Seen {
  readonly atMs: number;
  readonly brokerId: number;
}

/** Turns the trace into timeline facts, each happening once. */
export class FactTeller {
  readonly #seen = new Map<string, Seen>();

  take(events: readonly TraceEvent[]): TimelineFact[] {
    return events.flatMap((event) => this.#one(event));
  }

  #one(event: TraceEvent): TimelineFact[] {
    const { brokerId, sequence: _sequence, atUs: _atUs, atMs, ...fact } = event;
    const told = tell(event);
    if (told === null) return [];
    const isOwnNews = /^(log|disk)-/.test(event.kind) || event.kind === 'broker-started' || event.kind === 'broker-stopping';
    if (!isOwnNews && this.#isKnown(fact, { atMs, brokerId })) return [];
    const subject = event.kind === 'broker-started' || event.kind === 'broker-stopping' ? `broker ${brokerId}` : told.subject;
    return [
      {
        atMs,
        kind: event.kind,
        subject,
        cause: told.cause,
        detail: { ...fact, brokerId, ...(told.why === undefined ? {} : { why: told.why }) },
      },
    ];
  }

  #isKnown(fact: Fact, now: Seen): boolean {
    const ofEpoch = epochKey(fact);
    const key = ofEpoch ?? JSON.stringify(fact);
    const before = this.#seen.get(key);
    const isRecent = before !== undefined && Math.abs(now.atMs - before.atMs) < sameFactMs;
    if (isRecent && (ofEpoch !== null || before.brokerId !== now.brokerId)) return true;
    this.#seen.delete(key);
    this.#seen.set(key, now);
    const oldest = this.#seen.size > maxRemembered ? this.#seen.keys().next() : null;
    if (oldest !== null && oldest.done !== true) this.#seen.delete(oldest.value);
    return false;
  }
}
