// One record as people and coordinators see it. Null and empty are different values everywhere; header
// keys may repeat and keep their order.

export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

export interface LogRecord {
  readonly offset: number;
  /** Milliseconds since the epoch; -1 when the producer set none. Saturates beyond 2^53 - 1. */
  readonly timestamp: number;
  /** The same with all 64 bits, set only when `timestamp` could not hold it. */
  readonly exactTimestamp: bigint | null;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

/** What a batch is built from. `offsetDelta` is for thinned-out batches; it counts up by one otherwise. */
export interface RecordInput {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly timestamp: number;
  readonly exactTimestamp?: bigint | null;
  readonly headers?: readonly RecordHeader[];
  readonly offsetDelta?: number;
}

export const noHeaders: readonly RecordHeader[] = [];
