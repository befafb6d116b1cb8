// What a log may be told, in Kafka's own words (topic configs with `log.` defaults of the broker).
// Values arrive parsed; -1 means "no limit" where Kafka says so.

export interface LogConfig {
  readonly segmentBytes: number;
  /** Rolls when the first batch of the segment is this much older than the batch to append. */
  readonly segmentMs: number;
  /** At most this much is taken off segmentMs, so that many logs don't roll at once. */
  readonly segmentJitterMs: number;
  readonly segmentIndexBytes: number;
  readonly indexIntervalBytes: number;
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly fileDeleteDelayMs: number;
  /** Records after which an append asks for a flush before it is acknowledged. */
  readonly flushMessages: number;
  readonly flushMs: number;
  readonly maxMessageBytes: number;
  readonly deletes: boolean;
  readonly compacts: boolean;
  readonly deleteRetentionMs: number;
  readonly minCompactionLagMs: number;
  readonly maxCompactionLagMs: number;
  readonly minCleanableDirtyRatio: number;
  readonly stampsAppendTime: boolean;
  readonly timestampBeforeMaxMs: number;
  readonly timestampAfterMaxMs: number;
}

const unbounded = Number.MAX_SAFE_INTEGER;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The defaults of Apache Kafka 4.3. */
export const defaultLogConfig: LogConfig = {
  segmentBytes: 1_073_741_824,
  segmentMs: 7 * dayMs,
  segmentJitterMs: 0,
  segmentIndexBytes: 10_485_760,
  indexIntervalBytes: 4096,
  retentionMs: 7 * dayMs,
  retentionBytes: -1,
  fileDeleteDelayMs: 60_000,
  flushMessages: unbounded,
  flushMs: unbounded,
  maxMessageBytes: 1_048_588,
  deletes: true,
  compacts: false,
  deleteRetentionMs: dayMs,
  minCompactionLagMs: 0,
  maxCompactionLagMs: unbounded,
  minCleanableDirtyRatio: 0.5,
  stampsAppendTime: false,
  timestampBeforeMaxMs: unbounded,
  timestampAfterMaxMs: hourMs,
};
