// Replays in the console's own store: the job and the first runs of its mapping, as JSON.

import type { Database } from '#server/db/database.ts';
import { listReplayJobs, saveReplayJob, type StoredReplayJob } from '#server/db/replay-jobs.ts';
import type { JournalledJob, ReplayJournal } from './replay-jobs.ts';
import type { ReplayJob } from './replay-model.ts';

export function journalOver(db: Database): ReplayJournal {
  return {
    save: (entry) => saveReplayJob(db, toStored(entry)),
    list: async (clusterId) => (await listReplayJobs(db, clusterId)).map(fromStored),
  };
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
  };
}

function fromStored(stored: StoredReplayJob): JournalledJob {
  const { runs, ...report } = JSON.parse(stored.report) as Report;
  const { id, startedAtMs, endedAtMs } = stored;
  const request = JSON.parse(stored.input) as ReplayJob['request'];
  return { job: { id, request, state: stored.state as ReplayJob['state'], startedAtMs, endedAtMs, ...report }, runs };
}
