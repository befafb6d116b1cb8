// What a replay is, in data: what is asked, what a preview promises, how a job goes and what it reports.
// Types only; pages, routers and the job's store share them.

import type { ToldTrouble } from '#server/cluster/trouble.ts';

/** Records picked by hand, or ranges of offsets. A null end means the partition's own end at the time of asking. */
export type ReplaySource =
  | {
      readonly kind: 'picked';
      readonly topic: string;
      readonly records: readonly { readonly partition: number; readonly offset: number }[];
    }
  | { readonly kind: 'ranges'; readonly topic: string; readonly ranges: readonly ReplayRange[] };

export interface ReplayRange {
  readonly partition: number;
  /** null: the oldest offset there is. */
  readonly fromOffset: number | null;
  /** Not included; null: the end as it is now, so that a topic replayed into itself ends. */
  readonly toOffset: number | null;
}

export interface ReplayTarget {
  /** The console's id of the cluster to write to; null: the source's own. */
  readonly clusterId: string | null;
  readonly topic: string;
  /** Record by record into the partition of the same number; else by Kafka's default partitioner. */
  readonly keepPartitions: boolean;
  /** Keep each record's own time; else the time of sending. */
  readonly keepTimestamps: boolean;
}

export interface ReplayRequest {
  readonly clusterId: string;
  readonly source: ReplaySource;
  readonly target: ReplayTarget;
}

// -- preview -------------------------------------------------------------------------------------------

export interface ReplayPreviewPartition {
  readonly partition: number;
  readonly fromOffset: number;
  readonly toOffset: number;
  readonly recordCount: number;
  /** Keys, values and header bytes. */
  readonly sizeBytes: number;
  /** Offsets of the range that hold no record: control batches, compaction, retention. */
  readonly skippedOffsets: number;
}

/** What is known from offsets and settings alone, at once: an upper bound of what would be sent. */
export interface ReplayPreview {
  readonly partitions: readonly { readonly partition: number; readonly fromOffset: number; readonly toOffset: number }[];
  /** Of picked records those that lie in the log, else the width of the ranges. */
  readonly offsetCount: number;
  /** Picked records that lie outside of what the log holds. */
  readonly missing: readonly { readonly partition: number; readonly offset: number }[];
  readonly targetPartitionCount: number;
  readonly isSameTopic: boolean;
  /** What the target will refuse or drop: by its settings, and by the count where there is one. */
  readonly foretold: readonly Foretold[];
}

/** Counted by reading, so exact for the ranges it names. It depends on the source alone: no choice of target counts anew. */
export interface ReplayCount {
  readonly partitions: readonly ReplayPreviewPartition[];
  readonly recordCount: number;
  readonly sizeBytes: number;
  /** Picked records that are no longer there, or never were records. */
  readonly missing: readonly { readonly partition: number; readonly offset: number }[];
  /** null: no record, or none with a time. */
  readonly oldestMs: bigint | null;
  readonly newestMs: bigint | null;
  readonly largestRecordBytes: number;
  readonly keylessCount: number;
}

/** A count on its way: it goes on by itself while somebody asks for it, and can be cancelled. */
export interface CountJob {
  readonly id: string;
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  readonly coveredOffsets: number;
  readonly totalOffsets: number;
  readonly count: ReplayCount | null;
  readonly error: ReplayError | null;
}

/** 'older': of an uncounted source it isn't known whether there are any such records. */
export type Foretold =
  | { readonly kind: 'expires'; readonly which: 'all' | 'some' | 'older'; readonly retentionMs: number }
  | { readonly kind: 'too-large'; readonly limitBytes: number; readonly largestBytes: number }
  | { readonly kind: 'keyless'; readonly count: number }
  | { readonly kind: 'ahead'; readonly limitMs: number }
  | { readonly kind: 'behind'; readonly limitMs: number };

// -- jobs ----------------------------------------------------------------------------------------------

/** 'interrupted': the console stopped while it ran; what was sent stands in the report as last saved. */
export type ReplayState = 'running' | 'done' | 'cancelled' | 'failed' | 'interrupted';

/** A run of records whose source and target offsets both rise by one: `count` of them from the first pair. */
export interface MappingRun {
  readonly sourcePartition: number;
  readonly sourceOffset: number;
  readonly targetPartition: number;
  readonly targetOffset: number;
  readonly count: number;
}

/** All that went from one partition to another, however many runs it took. Always exact. */
export interface MappingSummary {
  readonly sourcePartition: number;
  readonly targetPartition: number;
  readonly count: number;
  readonly firstSourceOffset: number;
  readonly lastSourceOffset: number;
  readonly firstTargetOffset: number;
  readonly lastTargetOffset: number;
}

/** Message and advice are the English words of what is `told`; reports of before that was kept have the words alone. */
export interface ReplayError {
  readonly code: string;
  readonly message: string;
  readonly advice: string | null;
  readonly told?: ToldTrouble;
}

export interface ReplayJob {
  readonly id: string;
  readonly state: ReplayState;
  readonly request: ReplayRequest;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** Offsets covered and to cover: the honest measure of progress, as counting first would read all twice. */
  readonly coveredOffsets: number;
  readonly totalOffsets: number;
  readonly sentRecords: number;
  readonly sentBytes: number;
  readonly skippedOffsets: number;
  readonly summaries: readonly MappingSummary[];
  readonly runCount: number;
  /** False when there were more runs than are kept; the summaries are exact all the same. */
  readonly isMappingComplete: boolean;
  /** Of a failed job: Kafka's or our code, and a sentence. */
  readonly error: ReplayError | null;
}

/** A replay in a list: what its report holds beyond this is asked for one at a time. */
export interface ReplaySummary {
  readonly id: string;
  readonly state: ReplayState;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly fromTopic: string;
  readonly toTopic: string;
  readonly sentRecords: number;
}

export interface MappingPage {
  readonly runs: readonly MappingRun[];
  readonly runCount: number;
  readonly isMappingComplete: boolean;
}
