// All replays of this console: preview, count, start, watch, cancel, and the report afterwards. Running jobs live here;
// finished ones also in the journal, so that "what was sent where" outlives the process.
// Invariant: at most maxRunning jobs at work and maxRemembered in memory.

import { ClusterError } from '#server/cluster/cluster-error.ts';
import type { ClusterPort } from '#server/cluster/port.ts';
import type { PortLease } from './port-lease.ts';
import { ReplayCounts } from './replay-counts.ts';
import { messageOf, toReplayError } from './replay-error.ts';
import { foretell, rulesOf } from './replay-foretell.ts';
import { ReplayMapping } from './replay-mapping.ts';
import type { MappingPage, MappingRun, ReplayJob, ReplayPreview, ReplayRequest, ReplayState, ReplaySummary } from './replay-model.ts';
import { planReplay, type ReplayPlan } from './replay-plan.ts';
import { estimateReplay } from './replay-preview.ts';
import { runReplay, type ReplayProgress } from './replay-runner.ts';

const maxRunning = 4;
const maxRemembered = 100;
/** Runs of the mapping that go into the journal with a job. */
export const maxJournalledRuns = 2_000;

export interface JournalledJob {
  readonly job: ReplayJob;
  readonly runs: readonly MappingRun[];
}

/** Where finished jobs are kept: `server/db/replay-jobs.ts` in the product. */
export interface ReplayJournal {
  save(entry: JournalledJob): Promise<void>;
  /** Newest first, without their reports. */
  list(clusterId: string): Promise<readonly ReplaySummary[]>;
  find(clusterId: string, id: string): Promise<JournalledJob | null>;
}

export interface ReplayJobsOptions {
  /** A cluster's port, held open until released. */
  readonly lease: (clusterId: string) => Promise<PortLease>;
  readonly journal: ReplayJournal;
  readonly nowMs: () => number;
  readonly newId: () => string;
}

interface Entry {
  readonly id: string;
  readonly request: ReplayRequest;
  readonly startedAtMs: number;
  readonly totalOffsets: number;
  readonly progress: ReplayProgress;
  readonly mapping: ReplayMapping;
  readonly abort: AbortController;
  state: ReplayState;
  endedAtMs: number | null;
  error: ReplayJob['error'];
}

interface Prepared {
  readonly source: PortLease;
  readonly target: PortLease;
  readonly plan: ReplayPlan;
  readonly targetPartitionCount: number;
  readonly isSameTopic: boolean;
}

export class ReplayJobs {
  readonly #options: ReplayJobsOptions;
  readonly #entries = new Map<string, Entry>();

  readonly counts: ReplayCounts;

  constructor(options: ReplayJobsOptions) {
    this.#options = options;
    this.counts = new ReplayCounts(options);
  }

  /** Reads no record: what offsets and the target's settings tell, and what a count told before. */
  async preview(request: ReplayRequest): Promise<ReplayPreview> {
    const prepared = await this.#prepare(request);
    try {
      const rules = rulesOf(await prepared.target.port.topicConfigs(request.target.topic));
      const count = this.counts.known(request.clusterId, request.source);
      return {
        ...estimateReplay(prepared.plan),
        targetPartitionCount: prepared.targetPartitionCount,
        isSameTopic: prepared.isSameTopic,
        foretold: foretell(rules, count, { keepTimestamps: request.target.keepTimestamps, nowMs: this.#options.nowMs() }),
      };
    } finally {
      release(prepared);
    }
  }

  /** Answers the job's id as soon as its ranges are fixed; the work goes on by itself. */
  async start(request: ReplayRequest): Promise<string> {
    this.#requireRoom();
    const prepared = await this.#prepare(request);
    try {
      // Others may have begun meanwhile.
      this.#requireRoom();
    } catch (error) {
      release(prepared);
      throw error;
    }
    const entry = this.#remember(request, prepared.plan);
    await this.#journal(entry);
    void this.#run(entry, prepared);
    return entry.id;
  }

  /** Answers the job as it stands; a job that has ended stays as it is. */
  async cancel(clusterId: string, id: string): Promise<ReplayJob> {
    const entry = this.#entries.get(id);
    if (entry?.request.clusterId === clusterId && entry.state === 'running') {
      entry.state = 'cancelled';
      entry.abort.abort();
    }
    return this.get(clusterId, id);
  }

  async get(clusterId: string, id: string): Promise<ReplayJob> {
    return (await this.#find(clusterId, id)).job;
  }

  async mapping(clusterId: string, id: string, page: { readonly skip: number; readonly limit: number }): Promise<MappingPage> {
    const entry = this.#entries.get(id);
    const { job, runs } = await this.#find(clusterId, id);
    const shown = entry === undefined ? runs.slice(page.skip, page.skip + page.limit) : entry.mapping.runs(page.skip, page.limit);
    return {
      runs: shown,
      runCount: job.runCount,
      isMappingComplete: entry === undefined ? job.isMappingComplete && runs.length === job.runCount : job.isMappingComplete,
    };
  }

  /** Newest first. */
  async list(clusterId: string): Promise<readonly ReplaySummary[]> {
    const here = [...this.#entries.values()]
      .filter((entry) => entry.request.clusterId === clusterId)
      .map((entry) => toSummary(toJob(entry)));
    const kept = (await this.#options.journal.list(clusterId)).filter((job) => !this.#entries.has(job.id));
    return [...here, ...kept].sort((a, b) => b.startedAtMs - a.startedAtMs);
  }

  /** Cancels what runs; for the end of the process. */
  close(): void {
    this.counts.close();
    for (const entry of this.#entries.values()) entry.abort.abort();
  }

  #requireRoom(): void {
    const running = [...this.#entries.values()].filter((entry) => entry.state === 'running');
    if (running.length >= maxRunning)
      throw new ClusterError('INVALID_INPUT', { kind: 'replays-running', params: { count: maxRunning } }, { advice: 'wait-for-replay' });
  }

  async #find(clusterId: string, id: string): Promise<JournalledJob> {
    const entry = this.#entries.get(id);
    if (entry?.request.clusterId === clusterId) return { job: toJob(entry), runs: [] };
    const kept = await this.#options.journal.find(clusterId, id);
    if (kept === null) throw new ClusterError('UNKNOWN_JOB', { kind: 'unknown-job', params: { id } });
    return kept;
  }

  async #prepare(request: ReplayRequest): Promise<Prepared> {
    const targetClusterId = request.target.clusterId ?? request.clusterId;
    const source = await this.#options.lease(request.clusterId);
    const target = await this.#options.lease(targetClusterId).catch((error: unknown) => {
      source.release();
      throw error;
    });
    try {
      const plan = planReplay(request.source, await source.port.offsets(request.source.topic));
      const targetPartitionCount = await checkTarget(target.port, request, plan);
      const isSameTopic = targetClusterId === request.clusterId && request.target.topic === request.source.topic;
      return { source, target, plan, targetPartitionCount, isSameTopic };
    } catch (error) {
      release({ source, target });
      throw error;
    }
  }

  #remember(request: ReplayRequest, plan: ReplayPlan): Entry {
    const entry: Entry = {
      id: this.#options.newId(),
      request,
      startedAtMs: this.#options.nowMs(),
      totalOffsets: plan.totalOffsets,
      progress: { coveredOffsets: 0, sentRecords: 0, sentBytes: 0, skippedOffsets: 0 },
      mapping: new ReplayMapping(),
      abort: new AbortController(),
      state: 'running',
      endedAtMs: null,
      error: null,
    };
    this.#entries.set(entry.id, entry);
    this.#forgetOldest();
    return entry;
  }

  #forgetOldest(): void {
    for (const [id, entry] of this.#entries) {
      if (this.#entries.size <= maxRemembered) return;
      if (entry.state !== 'running') this.#entries.delete(id);
    }
  }

  async #run(entry: Entry, prepared: Prepared): Promise<void> {
    try {
      await runReplay({
        source: prepared.source.port,
        target: prepared.target.port,
        plan: prepared.plan,
        to: entry.request.target,
        targetPartitionCount: prepared.targetPartitionCount,
        progress: entry.progress,
        mapping: entry.mapping,
        signal: entry.abort.signal,
        nowMs: this.#options.nowMs,
      });
      if (entry.state === 'running') entry.state = entry.abort.signal.aborted ? 'cancelled' : 'done';
    } catch (error) {
      if (entry.abort.signal.aborted) entry.state = 'cancelled';
      else Object.assign(entry, { state: 'failed', error: toReplayError(error) });
    } finally {
      entry.endedAtMs = this.#options.nowMs();
      release(prepared);
      await this.#journal(entry);
    }
  }

  /** Kept at the start too, so that the next console knows of a job that this one left running. A journal that can't be written doesn't undo what was sent: the job says so in its error. */
  async #journal(entry: Entry): Promise<void> {
    try {
      await this.#options.journal.save({ job: toJob(entry), runs: entry.mapping.runs(0, maxJournalledRuns) });
    } catch (error) {
      entry.error ??= toReplayError(new ClusterError('JOURNAL_FAILED', { kind: 'journal-lost', params: { words: messageOf(error) } }));
    }
  }
}

async function checkTarget(target: ClusterPort, request: ReplayRequest, plan: ReplayPlan): Promise<number> {
  const topic = await target.describeTopic(request.target.topic);
  if (topic.isInternal)
    throw new ClusterError('INVALID_INPUT', { kind: 'internal-target', params: { topic: topic.name } }, { advice: 'own-topic' });
  const highest = Math.max(-1, ...plan.ranges.map((range) => range.partition));
  if (request.target.keepPartitions && highest >= topic.partitions.length) {
    throw new ClusterError(
      'INVALID_INPUT',
      { kind: 'narrow-target', params: { topic: topic.name, count: topic.partitions.length, highest } },
      { advice: 'widen-target' },
    );
  }
  return topic.partitions.length;
}

function release(prepared: Pick<Prepared, 'source' | 'target'>): void {
  prepared.source.release();
  prepared.target.release();
}

function toJob(entry: Entry): ReplayJob {
  const { id, state, request, startedAtMs, endedAtMs, totalOffsets, error, mapping } = entry;
  return {
    id,
    state,
    request,
    startedAtMs,
    endedAtMs,
    totalOffsets,
    error,
    ...entry.progress,
    summaries: mapping.summaries(),
    runCount: mapping.runCount,
    isMappingComplete: mapping.isComplete,
  };
}

export function toSummary(job: ReplayJob): ReplaySummary {
  const { id, state, startedAtMs, endedAtMs, request, sentRecords } = job;
  return { id, state, startedAtMs, endedAtMs, fromTopic: request.source.topic, toTopic: request.target.topic, sentRecords };
}
