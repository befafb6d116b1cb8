// How fast a broker may replicate what is throttled (leader.replication.throttled.rate and its follower twin): the bytes of the
// last few samples, over the time they cover. Only copying that nobody waits for is held back: a replica in sync never is.

interface Sample {
  readonly startMs: number;
  bytes: number;
}

export interface QuotaWindow {
  /** replication.quota.window.num */
  readonly samples: number;
  /** replication.quota.window.size.seconds */
  readonly sampleMs: number;
}

export class ReplicationQuota {
  readonly #window: QuotaWindow;
  /** The oldest first. */
  readonly #samples: Sample[] = [];
  bytesPerSecond = Infinity;

  constructor(window: QuotaWindow) {
    this.#window = window;
  }

  record(bytes: number, nowMs: number): void {
    this.#forgetOld(nowMs);
    const last = this.#samples.at(-1);
    if (last !== undefined && nowMs - last.startMs < this.#window.sampleMs) last.bytes += bytes;
    else this.#samples.push({ startMs: nowMs, bytes });
  }

  /** How long to rest until the rate is within its bounds again, at most one sample; 0: go on. */
  restMs(nowMs: number): number {
    if (this.bytesPerSecond === Infinity) return 0;
    this.#forgetOld(nowMs);
    const total = this.#samples.reduce((sum, { bytes }) => sum + bytes, 0);
    const elapsedMs = Math.max(this.#window.sampleMs, nowMs - (this.#samples[0]?.startMs ?? nowMs));
    const neededMs = (total / this.bytesPerSecond) * 1_000;
    return neededMs <= elapsedMs ? 0 : Math.max(1, Math.min(this.#window.sampleMs, Math.ceil(neededMs - elapsedMs)));
  }

  #forgetOld(nowMs: number): void {
    const { samples, sampleMs } = this.#window;
    while ((this.#samples[0]?.startMs ?? nowMs) < nowMs - samples * sampleMs) this.#samples.shift();
  }
}

/** Whose copying is held back: which partitions of a topic, on which brokers. */
export type ThrottledReplicas = (partition: number, brokerId: number) => boolean;

const pairs = /^(\d+:\d+)(\s*,\s*\d+:\d+)*$/;

/** '*' for all, or `partition:broker,partition:broker`; null for what is neither. */
export function parseThrottledReplicas(text: string): ThrottledReplicas | null {
  const trimmed = text.trim();
  if (trimmed === '') return () => false;
  if (trimmed === '*') return () => true;
  if (!pairs.test(trimmed)) return null;
  const named = new Set(trimmed.split(',').map((pair) => pair.trim()));
  return (partition, brokerId) => named.has(`${partition}:${brokerId}`);
}
