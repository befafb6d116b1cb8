// Records as people read and write them: bytes in base64, cut where they are long, with the batch each came in. Jobs use
// raw-records.ts, which is exact.

/** Bytes exactly as stored, in base64. `null` in their place is Kafka's null: a tombstone or an absent key. */
export interface ByteField {
  readonly base64: string;
  /** Of the whole field; `base64` holds fewer when `isCut`. */
  readonly sizeBytes: number;
  readonly isCut: boolean;
}

export interface RecordView {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Any 64-bit value a producer may have set; -1 is "none". */
  readonly timestampMs: bigint;
  readonly timestampType: 'create' | 'log-append';
  readonly key: ByteField | null;
  readonly value: ByteField | null;
  /** In the record's order, duplicates kept. */
  readonly headers: readonly { readonly key: string; readonly value: ByteField | null }[];
  readonly batch: BatchView;
}

export interface BatchView {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly recordCount: number;
  readonly sizeBytes: number;
  readonly codec: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  readonly leaderEpoch: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly isTransactional: boolean;
  readonly crc: number;
}

export type ReadPosition =
  | { readonly kind: 'newest' }
  | { readonly kind: 'oldest' }
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'timestamp'; readonly timestampMs: number };

export interface ReadInput {
  readonly topic: string;
  /** null reads all partitions. */
  readonly partitions: readonly number[] | null;
  readonly from: ReadPosition;
  /** At most this many records in all. */
  readonly limit: number;
  readonly maxFieldBytes: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
}

export interface ReadResult {
  /** Newest first for 'newest', else oldest first: by offset within a partition, by timestamp between partitions. */
  readonly records: readonly RecordView[];
  /** What was looked at, so that the screen can say what it covered. */
  readonly covered: readonly {
    readonly partition: number;
    readonly fromOffset: number;
    readonly toOffset: number;
    readonly startOffset: number;
    readonly endOffset: number;
    readonly error: string | null;
  }[];
}

export interface ProduceInput {
  readonly topic: string;
  /** null lets Kafka's default partitioner choose: murmur2 of the key, else round robin. */
  readonly partition: number | null;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];
  readonly timestampMs: bigint | null;
}

export interface ProducedAt {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}
