// Replays in the console's own store: the job and the first runs of its mapping, as JSON.

import type { Database } from '#server/db/database.ts';
import { assert } from '#engine/base/assert.ts';
import { findReplayJob, listReplayJobs, saveReplayJob, type ListedReplayJob, type StoredReplayJob } from '#server/db/replay-jobs.ts';
import { toSummary, type JournalledJob, type ReplayJournal } from './replay-jobs.ts';
import type { ReplayJob, ReplaySummary } from './replay-model.ts';

export function journalOver(db: Database): ReplayJournal {
  return {
    save: (entry) => saveReplayJob(db, toStored(entry)),
    list: async (clusterId) => {
      const rows = await listReplayJobs(db, clusterId);
      return Promise.all(rows.map((row) => (row.summary === '' ? summarise(db, row) : summaryOf(row))));
    },
    find: async (clusterId, id) => {
      const stored = await findReplayJob(db, clusterId, id);
      return stored === null ? null : fromStored(stored);
    },
  };
}

type Brief = Pick<ReplaySummary, 'fromTopic' | 'toTopic' | 'sentRecords'>;

function summaryOf({ id, state, startedAtMs, endedAtMs, summary }: ListedReplayJob): ReplaySummary {
  return { id, state: state as ReplayJob['state'], startedAtMs, endedAtMs, ...(JSON.parse(summary) as Brief) };
}

/** Of a job that was kept before summaries were: read once from its report, and kept. */
async function summarise(db: Database, { clusterId, id }: ListedReplayJob): Promise<ReplaySummary> {
  const stored = await findReplayJob(db, clusterId, id);
  assert(stored !== null, 'a listed replay is kept');
  const entry = fromStored(stored);
  await saveReplayJob(db, { ...stored, summary: briefOf(entry.job) });
  return toSummary(entry.job);
}

function briefOf(job: ReplayJob): string {
  const { fromTopic, toTopic, sentRecords } = toSummary(job);
  return JSON.stringify({ fromTopic, toTopic, sentRecords } satisfies Brief);
}

type Report = Omit<ReplayJob, 'id' | 'request' | 'state' | 'startedAtMs' | 'endedAtMs'> & Pick<JournalledJob, 'runs'>;

function toStored({ job, runs }: JournalledJob): StoredReplayJob {
  const { id, request, state, startedAtMs, endedAtMs, ...rest } = job;
  const report: Report = { ...rest, runs };
  return {
    id,
    clusterId: request.clusterId,
    startedAtMs,
    endedAtMs,
    state,
    input: JSON.stringify(request),
    report: JSON.stringify(report),
    summary: briefOf(job),
  };
}

function fromStored(stored: StoredReplayJob): JournalledJob {
  const { runs, ...report } = JSON.parse(stored.report) as Report;
  const { id, startedAtMs, endedAtMs } = stored;
  const request = JSON.parse(stored.input) as ReplayJob['request'];
  return { job: { id, request, state: stored.state as ReplayJob['state'], startedAtMs, endedAtMs, ...report }, runs };
}
