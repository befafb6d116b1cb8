// Replays with their reports, so that "what was sent where" can still be read after a restart.
// Invariant: at most maxReplayJobs rows; the oldest go first.

import type { Database } from './database.ts';

export interface StoredReplayJob {
  readonly id: string;
  readonly clusterId: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly state: string;
  /** JSON texts: their shape belongs to the messages room. */
  readonly input: string;
  readonly report: string;
  /** What a list shows, so that it needn't read the report; empty: kept before there were summaries. */
  readonly summary: string;
}

export type ListedReplayJob = Omit<StoredReplayJob, 'input' | 'report'>;

export const maxReplayJobs = 500;

export async function saveReplayJob(db: Database, job: StoredReplayJob): Promise<void> {
  const data = { ...job, startedAtMs: BigInt(job.startedAtMs), endedAtMs: job.endedAtMs === null ? null : BigInt(job.endedAtMs) };
  await db.replayJob.upsert({ where: { id: job.id }, update: data, create: data });
  const surplus = await db.replayJob.findMany({ orderBy: { startedAtMs: 'desc' }, skip: maxReplayJobs, select: { id: true } });
  if (surplus.length > 0) await db.replayJob.deleteMany({ where: { id: { in: surplus.map((row) => row.id) } } });
}

/** Newest first, without inputs and reports: those of all together may be a hundred megabytes. */
export async function listReplayJobs(db: Database, clusterId: string): Promise<readonly ListedReplayJob[]> {
  const omit = { input: true, report: true } as const;
  const rows = await db.replayJob.findMany({ where: { clusterId }, orderBy: { startedAtMs: 'desc' }, take: maxReplayJobs, omit });
  return rows.map(withNumbers);
}

export async function findReplayJob(db: Database, clusterId: string, id: string): Promise<StoredReplayJob | null> {
  const row = await db.replayJob.findFirst({ where: { clusterId, id } });
  return row === null ? null : withNumbers(row);
}

type Numbers = Pick<StoredReplayJob, 'startedAtMs' | 'endedAtMs'>;

function withNumbers<Row extends { readonly startedAtMs: bigint; readonly endedAtMs: bigint | null }>(
  row: Row,
): Omit<Row, keyof Numbers> & Numbers {
  return { ...row, startedAtMs: Number(row.startedAtMs), endedAtMs: row.endedAtMs === null ? null : Number(row.endedAtMs) };
}

/** A job that was running when the console stopped can't go on: says so in its state. */
export async function markInterruptedJobs(db: Database, nowMs: number): Promise<number> {
  const outcome = await db.replayJob.updateMany({ where: { endedAtMs: null }, data: { state: 'interrupted', endedAtMs: BigInt(nowMs) } });
  return outcome.count;
}
