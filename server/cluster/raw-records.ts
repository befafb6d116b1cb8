// The exact part of the port: records as bytes, for work that must lose nothing (replay, search, export).
// Pages use `read`, which cuts long fields and carries base64; jobs use these.

/** One record, byte for byte. The byte arrays are views into the batch they came in: use or copy them soon. */
export interface RawRecord {
  readonly offset: number;
  readonly timestampMs: bigint;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  /** In the record's order, duplicates kept. */
  readonly headers: readonly RawHeader[];
}

export interface RawHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

export interface OffsetRange {
  readonly partition: number;
  readonly fromOffset: number;
  /** Not included. */
  readonly toOffset: number;
}

export interface ScanInput {
  readonly topic: string;
  /** Fixed for the whole scan: records that arrive later are not read, so a scan always ends. */
  readonly ranges: readonly OffsetRange[];
  readonly signal: AbortSignal;
}

/** What one fetch found: offsets from `fromOffset` to before `nextOffset` are covered, gaps included. */
export interface ScanChunk {
  readonly partition: number;
  readonly fromOffset: number;
  readonly nextOffset: number;
  readonly records: readonly RawRecord[];
  /** Offsets without a record for the reader: control batches and what compaction took away. */
  readonly skippedOffsets: number;
}

export interface PartitionOffsets {
  readonly partition: number;
  readonly startOffset: number;
  /** What a consumer can read ends before it. */
  readonly endOffset: number;
}

/** Where a partition's log is to begin anew: the records before are deleted. */
export interface RecordCut {
  readonly partition: number;
  readonly beforeOffset: number;
}

export interface CutOutcome {
  readonly partition: number;
  /** Where the log begins now; null when nothing was deleted. */
  readonly startOffset: number | null;
  /** Kafka's name of the refusal. */
  readonly error: string | null;
}

export interface SendInput {
  readonly topic: string;
  readonly partition: number;
  /** At least one; they become one batch, kept in order. `offset` is not sent. */
  readonly records: readonly RawRecord[];
}

/**
 * Writes batches with acks=all as an idempotent producer: a batch that was sent twice because the answer got
 * lost is stored once. Batches of one partition are sent one after the other.
 */
export interface RecordProducer {
  /** Answers the offset of the first record; the others follow it without gaps. */
  send(input: SendInput): Promise<{ readonly baseOffset: number }>;
  close(): Promise<void>;
}
