// What a broker process and the process that forked it say to each other. The types live here, inside the
// engine, because the engine imports nothing from outside itself; `supervisor/ipc.ts` checks them at run time.
// A broker also runs without a parent: then nobody listens and nothing changes.

import type { FaultSettings } from '#engine/world/faults.ts';
import type { TraceEvent } from './events.ts';

/** Latencies of one kind of request over the last second, in microseconds; null when there was none. */
export interface LatencyFigures {
  readonly count: number;
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  readonly maxUs: number | null;
}

/** One second of a broker's work. Counters are totals since the process started; rates are the reader's to derive. */
export interface BrokerMetrics {
  readonly brokerId: number;
  readonly atMs: number;
  readonly atUs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly bytesReplicatedIn: number;
  readonly bytesReplicatedOut: number;
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly requests: number;
  readonly refusedRequests: number;
  readonly connections: number;
  readonly delayedFetches: number;
  readonly delayedProduces: number;
  readonly produce: LatencyFigures;
  readonly fetch: LatencyFigures;
  /** Share of the last second in which the event loop had nothing to do, 0 to 1. */
  readonly idleRatio: number;
  /** Share of one core in the last second, 0 and up. */
  readonly cpuRatio: number;
  readonly residentBytes: number;
  /** Files, sockets and pipes the process holds open, and how many the operating system grants it; null where it doesn't tell. */
  readonly openFiles: number | null;
  readonly openFilesLimit: number | null;
  /** Replicas that this broker holds, and how many the controller lets it hold at most. */
  readonly partitions: number;
  readonly partitionLimit: number;
  readonly traceDropped: number;
  /** Who wrote since the last look. */
  readonly writers: WriterFigures;
}

/** Records written, by client: the busiest by name, all others as one sum. */
export interface WriterFigures {
  readonly named: readonly { readonly clientId: string; readonly records: number }[];
  readonly others: number;
}

// -- what a parent may ask of a broker about itself --------------------------------------------------

export type BrokerQuestion =
  | { readonly kind: 'replica'; readonly topic: string; readonly partition: number }
  /** `tail`: how many of the metadata log's last records. */
  | { readonly kind: 'quorum'; readonly tail: number };

export type BrokerAnswer =
  | { readonly kind: 'replica'; readonly replica: ReplicaFacts | null }
  | { readonly kind: 'quorum'; readonly quorum: QuorumFacts };

/** One replica as its own broker knows it. */
export interface ReplicaFacts {
  readonly role: 'leader' | 'follower' | 'unassigned';
  readonly leaderEpoch: number;
  readonly logStartOffset: number;
  readonly highWatermark: number;
  readonly logEndOffset: number;
  readonly sizeBytes: number;
  /** leader-epoch-checkpoint: the first offset of each epoch, ascending. */
  readonly epochs: readonly { readonly epoch: number; readonly startOffset: number }[];
}

/** One node of the metadata quorum as it knows itself. */
export interface QuorumFacts {
  readonly nodeId: number;
  readonly role: string;
  readonly epoch: number;
  readonly leaderId: number | null;
  /** Whom it voted for in this epoch; null: for nobody, or not known any more. */
  readonly votedId: number | null;
  /** Milliseconds until it would stand for election; null for who doesn't. */
  readonly electionInMs: number | null;
  /** Who granted the leader of this epoch its vote, as that leader wrote into the log; null: not in the log any more, or not yet. */
  readonly grantedBy: readonly number[] | null;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly snapshot: { readonly offset: number; readonly epoch: number; readonly sizeBytes: number; readonly atMs: number } | null;
  /** Oldest first. */
  readonly tail: readonly MetadataLogRecord[];
}

export interface MetadataLogRecord {
  readonly offset: number;
  readonly epoch: number;
  readonly atMs: number;
  /** Kafka's name of the record, such as PartitionChangeRecord. */
  readonly name: string;
  readonly version: number;
  /** Its fields as JSON, without those that say nothing. */
  readonly fields: string;
}

/** Broker to parent. */
export type BrokerMessage =
  | {
      readonly type: 'ready';
      readonly brokerId: number;
      readonly clusterId: string;
      readonly pid: number;
      readonly startedInMs: number;
    }
  | { readonly type: 'trace'; readonly events: readonly TraceEvent[]; readonly dropped: number }
  | { readonly type: 'metrics'; readonly metrics: BrokerMetrics }
  /** null: the broker can't tell, because it starts or stops. */
  | { readonly type: 'answer'; readonly askId: number; readonly answer: BrokerAnswer | null }
  /** The last word before the process exits non-zero. */
  | { readonly type: 'fatal'; readonly reason: string; readonly advice: string | null }
  | { readonly type: 'stopped' };

/** One request or answer that is to disappear; see `broker/intercept.ts`. */
export interface DropOrder {
  /** Unique for good: an order that was carried out doesn't come back when the list is told again. */
  readonly ruleId: string;
  readonly apiKey: number;
  readonly what: 'request' | 'response';
}

/**
 * Parent to broker. `trace` switches the per-record facts (produced, acked, consumed, replicated) off when nobody looks;
 * `faults` says all that is to go wrong from now on, in place of what was said before.
 */
export type ParentMessage =
  | { readonly type: 'stop' }
  | { readonly type: 'trace'; readonly records: boolean }
  | { readonly type: 'ask'; readonly askId: number; readonly question: BrokerQuestion }
  | { readonly type: 'faults'; readonly settings: FaultSettings; readonly drops: readonly DropOrder[] };
