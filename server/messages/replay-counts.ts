// Exact counts of what replays would send, as jobs: a count begins when it is asked for, goes on by itself, and ends when it is
// cancelled or nobody has asked for it for a while. The same source is counted once, whoever asks and whatever its target.
// Invariant: at most maxRunning counts at work and maxRemembered in memory.

import { assert } from '#engine/base/assert.ts';
import { ClusterError, isClusterError } from '#server/cluster/cluster-error.ts';
import type { CountJob, ReplayCount, ReplayError, ReplaySource } from './replay-model.ts';
import { toReplayError } from './replay-error.ts';
import { planReplay } from './replay-plan.ts';
import { countReplay } from './replay-preview.ts';
import type { PortLease } from './port-lease.ts';

const maxRunning = 4;
const maxRemembered = 20;
/** A page that counts asks twice a second. */
const unaskedMs = 15_000;
/** The ends of a log move: an older count is made anew. */
const freshMs = 60_000;

export interface ReplayCountsOptions {
  readonly lease: (clusterId: string) => Promise<PortLease>;
  readonly nowMs: () => number;
  readonly newId: () => string;
}

interface Entry {
  readonly id: string;
  readonly key: string;
  readonly abort: AbortController;
  state: CountJob['state'];
  coveredOffsets: number;
  totalOffsets: number;
  count: ReplayCount | null;
  error: ReplayError | null;
  endedAtMs: number | null;
  askedAtMs: number;
}

export class ReplayCounts {
  readonly #options: ReplayCountsOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: ReplayCountsOptions) {
    this.#options = options;
  }

  /** Answers the count of this source that runs or ended just now, else begins one. */
  start(clusterId: string, source: ReplaySource): CountJob {
    const known = this.#usable(clusterId, source);
    if (known !== null) return toJob(known);
    this.#makeRoom();
    const entry = newEntry(this.#options.newId(), keyOf(clusterId, source), this.#options.nowMs());
    this.#entries.set(entry.id, entry);
    assert(this.#entries.size <= maxRemembered, 'more counts than are remembered');
    void this.#run(entry, clusterId, source);
    return toJob(entry);
  }

  get(clusterId: string, id: string): CountJob {
    const entry = this.#entries.get(id);
    if (entry === undefined || !entry.key.startsWith(prefixOf(clusterId)))
      throw new ClusterError('UNKNOWN_JOB', { kind: 'unknown-job', params: { id } });
    entry.askedAtMs = this.#options.nowMs();
    return toJob(entry);
  }

  cancel(clusterId: string, id: string): CountJob {
    const entry = this.#entries.get(id);
    if (entry?.key.startsWith(prefixOf(clusterId)) === true) stop(entry);
    return this.get(clusterId, id);
  }

  /** The finished count of a source, as long as it holds; null: none. */
  known(clusterId: string, source: ReplaySource): ReplayCount | null {
    return this.#usable(clusterId, source)?.count ?? null;
  }

  close(): void {
    for (const entry of this.#entries.values()) stop(entry);
  }

  #usable(clusterId: string, source: ReplaySource): Entry | null {
    const key = keyOf(clusterId, source);
    const now = this.#options.nowMs();
    const isUsable = (entry: Entry): boolean =>
      entry.key === key && (entry.state === 'running' || (entry.state === 'done' && now - (entry.endedAtMs ?? 0) < freshMs));
    return [...this.#entries.values()].findLast(isUsable) ?? null;
  }

  /** The oldest give way: whoever began a later one has left the earlier. */
  #makeRoom(): void {
    const running = [...this.#entries.values()].filter((entry) => entry.state === 'running');
    for (const entry of running.slice(0, Math.max(0, running.length - maxRunning + 1))) stop(entry);
    for (const [id, entry] of this.#entries) {
      if (this.#entries.size < maxRemembered) return;
      if (entry.state !== 'running') this.#entries.delete(id);
    }
  }

  async #run(entry: Entry, clusterId: string, source: ReplaySource): Promise<void> {
    try {
      entry.count = await this.#countLeased(entry, clusterId, source);
      if (entry.state === 'running') entry.state = 'done';
    } catch (error) {
      if (!entry.abort.signal.aborted) Object.assign(entry, { state: 'failed', error: toReplayError(error) });
      else if (!isClusterError(error)) throw error;
    } finally {
      entry.endedAtMs = this.#options.nowMs();
    }
  }

  async #countLeased(entry: Entry, clusterId: string, source: ReplaySource): Promise<ReplayCount> {
    const lease = await this.#options.lease(clusterId);
    try {
      const plan = planReplay(source, await lease.port.offsets(source.topic));
      entry.totalOffsets = plan.totalOffsets;
      const onCovered = (offsets: number): void => {
        entry.coveredOffsets += offsets;
        if (this.#options.nowMs() - entry.askedAtMs > unaskedMs) stop(entry);
      };
      return await countReplay(lease.port, plan, { signal: entry.abort.signal, onCovered });
    } finally {
      lease.release();
    }
  }
}

function newEntry(id: string, key: string, nowMs: number): Entry {
  return {
    id,
    key,
    abort: new AbortController(),
    state: 'running',
    coveredOffsets: 0,
    totalOffsets: 0,
    count: null,
    error: null,
    endedAtMs: null,
    askedAtMs: nowMs,
  };
}

function stop(entry: Entry): void {
  if (entry.state !== 'running') return;
  entry.state = 'cancelled';
  entry.abort.abort();
}

function prefixOf(clusterId: string): string {
  return `${JSON.stringify(clusterId)} `;
}

function keyOf(clusterId: string, source: ReplaySource): string {
  return prefixOf(clusterId) + JSON.stringify(source);
}

function toJob({ id, state, coveredOffsets, totalOffsets, count, error }: Entry): CountJob {
  return { id, state, coveredOffsets, totalOffsets, count: state === 'done' ? count : null, error };
}
