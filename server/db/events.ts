// The timeline of each cluster: leader changes, brokers up and down, topic and group changes, with cause and time.
// Invariant: a cluster keeps at most maxEventsPerCluster rows, the newest.

import type { PastEvents } from '../cluster/history/keyframe-store.ts';
import type { Database } from './database.ts';

export interface TimelineEntry {
  readonly id: number;
  readonly atMs: number;
  readonly kind: string;
  readonly subject: string;
  readonly cause: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export type NewTimelineEntry = Omit<TimelineEntry, 'id'>;

export const maxEventsPerCluster = 20_000;
/** Trimming waits until this many rows are over, so that it is rare. */
const trimSlack = 1_000;

/** Appends the entries in their order and removes what is over the bound. */
export async function appendEvents(db: Database, clusterId: string, entries: readonly NewTimelineEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await db.timelineEvent.createMany({
    data: entries.map((entry) => ({
      clusterId,
      atMs: BigInt(Math.trunc(entry.atMs)),
      kind: entry.kind,
      subject: entry.subject,
      cause: entry.cause,
      detail: JSON.stringify(entry.detail),
    })),
  });
  await trimEvents(db, clusterId);
}

async function trimEvents(db: Database, clusterId: string): Promise<void> {
  const count = await db.timelineEvent.count({ where: { clusterId } });
  if (count <= maxEventsPerCluster + trimSlack) return;
  const firstKept = await db.timelineEvent.findFirst({
    where: { clusterId },
    orderBy: { id: 'desc' },
    skip: maxEventsPerCluster - 1,
    select: { id: true },
  });
  if (firstKept !== null) await db.timelineEvent.deleteMany({ where: { clusterId, id: { lt: firstKept.id } } });
}

export interface EventQuery {
  readonly clusterId: string;
  /** Only what happened before this moment; null means up to now. */
  readonly beforeMs: number | null;
  /** Only what happened at or after this moment. */
  readonly sinceMs?: number | null;
  readonly limit: number;
}

/** Newest first, as screens list them. Where new partitions were put is left out: it is long, and only pictures need it. */
export async function listEvents(db: Database, query: EventQuery): Promise<readonly TimelineEntry[]> {
  return (await readEvents(db, query)).map(({ detail: { placements: _placements, ...detail }, ...entry }) => ({ ...entry, detail }));
}

/** Newest first. */
async function readEvents(db: Database, query: EventQuery): Promise<readonly TimelineEntry[]> {
  const range = {
    ...(query.beforeMs === null ? {} : { lt: BigInt(Math.trunc(query.beforeMs)) }),
    ...(query.sinceMs == null ? {} : { gte: BigInt(Math.trunc(query.sinceMs)) }),
  };
  const rows = await db.timelineEvent.findMany({
    where: { clusterId: query.clusterId, atMs: range },
    orderBy: [{ atMs: 'desc' }, { id: 'desc' }],
    take: query.limit,
  });
  return rows.map(toEntry);
}

export interface EventCount {
  readonly count: number;
  /** False where so much happened that the oldest events since then are no longer kept. */
  readonly isWhole: boolean;
}

export async function countEvents(
  db: Database,
  { clusterId, kind, sinceMs }: { readonly clusterId: string; readonly kind: string; readonly sinceMs: number },
): Promise<EventCount> {
  const [count, all, oldest] = await Promise.all([
    db.timelineEvent.count({ where: { clusterId, kind, atMs: { gte: BigInt(Math.trunc(sinceMs)) } } }),
    db.timelineEvent.count({ where: { clusterId } }),
    db.timelineEvent.findFirst({ where: { clusterId }, orderBy: { id: 'asc' }, select: { atMs: true } }),
  ]);
  const wasTrimmed = all >= maxEventsPerCluster && oldest !== null && Number(oldest.atMs) >= sinceMs;
  return { count, isWhole: !wasTrimmed };
}

/** All that is kept of some kinds, oldest first: what a broker told once may stand before thousands of others that change nothing. */
export async function eventsOfKinds(db: Database, clusterId: string, kinds: readonly string[]): Promise<readonly TimelineEntry[]> {
  const rows = await db.timelineEvent.findMany({
    where: { clusterId, kind: { in: [...kinds] } },
    orderBy: [{ atMs: 'asc' }, { id: 'asc' }],
  });
  return rows.map(toEntry);
}

interface Row {
  readonly id: number;
  readonly atMs: bigint;
  readonly kind: string;
  readonly subject: string;
  readonly cause: string;
  readonly detail: string;
}

function toEntry(row: Row): TimelineEntry {
  const { id, kind, subject, cause } = row;
  return { id, atMs: Number(row.atMs), kind, subject, cause, detail: JSON.parse(row.detail) as Record<string, unknown> };
}

/** The events as the record of the past asks for them. `routine` kinds are no place to step to. */
export function pastEventsOver(db: Database, routine: readonly string[]): PastEvents {
  const timesOf = (rows: readonly { readonly atMs: bigint }[]): readonly number[] => rows.map((row) => Number(row.atMs));
  const select = { atMs: true };
  return {
    between: async (clusterId, { fromMs, toMs }, limit) =>
      (await readEvents(db, { clusterId, sinceMs: fromMs, beforeMs: toMs + 1, limit })).toReversed(),
    timesBefore: async (clusterId, atMs, limit) => {
      const where = { clusterId, atMs: { lte: BigInt(Math.trunc(atMs)) }, kind: { notIn: [...routine] } };
      return timesOf(await db.timelineEvent.findMany({ where, orderBy: { atMs: 'desc' }, take: limit, select })).toReversed();
    },
    timesAfter: async (clusterId, atMs, limit) => {
      const where = { clusterId, atMs: { gt: BigInt(Math.trunc(atMs)) }, kind: { notIn: [...routine] } };
      return timesOf(await db.timelineEvent.findMany({ where, orderBy: { atMs: 'asc' }, take: limit, select }));
    },
  };
}
