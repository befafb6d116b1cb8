// What the runner asks of a load process, and what it answers. A load process is a process of its own, so that its
// work never hides in the broker's figures.

export interface LoadPlan {
  readonly host: string;
  readonly port: number;
  /** Where each partition's leader listens, when they don't all listen at `port`. */
  readonly leaderPorts?: readonly number[];
  readonly kind: 'produce' | 'fetch' | 'echo';
  readonly topic: string;
  readonly partitions: number;
  readonly recordBytes: number;
  readonly recordsPerBatch: number;
  /** Requests sent and not answered, over all connections. */
  readonly inFlight: number;
  /** With leaderPorts: one to each leader, whatever stands here. */
  readonly connections: number;
  readonly acks: number;
  readonly seconds: number;
  /** Fetch: where the log ends, so that the reader goes round in it. */
  readonly endOffset: number;
  readonly fetchBytes: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly records: number;
  /** Payload as the log stores it: batches, without request framing. */
  readonly bytes: number;
  readonly seconds: number;
  readonly errors: number;
  /** Request to answer, microseconds. */
  readonly p50Us: number;
  readonly p99Us: number;
  readonly generatorCpuSeconds: number;
}

/** Records at an even rate, over as many connections as there are leaders, acknowledged by all in sync. */
export interface PacedPlan {
  readonly leaderPorts: readonly number[];
  readonly topic: string;
  readonly recordBytes: number;
  readonly recordsPerSecond: number;
  readonly seconds: number;
}

export interface PacedResult {
  readonly records: number;
  readonly errors: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
}
