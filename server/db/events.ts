// The timeline of each cluster: leader changes, brokers up and down, topic and group changes, with cause and time.
// Invariant: a cluster keeps at most maxEventsPerCluster rows, the newest.

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

/** Newest first. */
export async function listEvents(db: Database, query: EventQuery): Promise<readonly TimelineEntry[]> {
  const range = {
    ...(query.beforeMs === null ? {} : { lt: BigInt(query.beforeMs) }),
    ...(query.sinceMs == null ? {} : { gte: BigInt(query.sinceMs) }),
  };
  const rows = await db.timelineEvent.findMany({
    where: { clusterId: query.clusterId, atMs: range },
    orderBy: [{ atMs: 'desc' }, { id: 'desc' }],
    take: query.limit,
  });
  return rows.map((row) => ({
    id: row.id,
    atMs: Number(row.atMs),
    kind: row.kind,
    subject: row.subject,
    cause: row.cause,
    detail: JSON.parse(row.detail) as Record<string, unknown>,
  }));
}
