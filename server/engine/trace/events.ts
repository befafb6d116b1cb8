// The union of every fact a broker lets others see. The console draws these and nothing else, so an
// event is only ever emitted by the code that made it true, after it became true.
// Records are told as ranges of offsets: a viewer that wants single records samples by
// hash(topic, partition, offset), and so sees the same records at every hop.

import type { Why } from '#engine/base/why.ts';

/** What every event carries. */
export interface Stamp {
  readonly brokerId: number;
  /** Counts up by one in each broker process; a gap says that events were dropped. */
  readonly sequence: number;
  /** Clock.monotonicUs(): comparable across the brokers of one machine. */
  readonly atUs: number;
  /** Wall clock, for people. */
  readonly atMs: number;
}

export interface ClientRef {
  readonly connectionId: number;
  readonly clientId: string;
  readonly address: string;
}

interface PartitionRef {
  readonly topic: string;
  readonly partition: number;
}

/** Where a new partition was put. */
export interface PartitionPlacement {
  readonly partition: number;
  /** -1: it began without a leader. */
  readonly leaderId: number;
  readonly leaderEpoch: number;
  /** The preferred leader first. */
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

/** New partitions of one change are told one by one up to this many; a fact stays small, whatever somebody creates. */
export const maxToldPlacements = 256;

export type Fact =
  | { readonly kind: 'broker-started'; readonly host: string; readonly port: number; readonly roles: readonly string[] }
  | { readonly kind: 'broker-stopping'; readonly reason: string }
  | { readonly kind: 'client-connected'; readonly client: ClientRef; readonly software: string }
  | { readonly kind: 'client-disconnected'; readonly client: ClientRef; readonly reason: string }
  /** A request that was not handled, or an answer that was not sent, because somebody asked for that. */
  | {
      readonly kind: 'dropped';
      readonly client: ClientRef;
      readonly api: string;
      readonly what: 'request' | 'response';
      readonly ruleId: string;
    }
  | { readonly kind: 'request-refused'; readonly client: ClientRef; readonly reason: string }
  /** Records appended by a leader. acks is -1, 0 or 1; producerId is -1 when the producer isn't idempotent. */
  | ({
      readonly kind: 'produced';
      readonly client: ClientRef;
      readonly baseOffset: number;
      readonly recordCount: number;
      readonly sizeBytes: number;
      readonly leaderEpoch: number;
      readonly acks: number;
      readonly producerId: number;
    } & PartitionRef)
  /** The answer to that produce left the broker. */
  | ({
      readonly kind: 'acked';
      readonly client: ClientRef;
      readonly baseOffset: number;
      readonly recordCount: number;
      readonly latencyUs: number;
    } & PartitionRef)
  | ({ readonly kind: 'produce-refused'; readonly client: ClientRef; readonly errorCode: number } & PartitionRef)
  /** Records sent to a consumer: offsets baseOffset to lastOffset, both included, whole batches. */
  | ({
      readonly kind: 'consumed';
      readonly client: ClientRef;
      readonly baseOffset: number;
      readonly lastOffset: number;
      readonly sizeBytes: number;
    } & PartitionRef)
  /** Records sent to a follower. */
  | ({
      readonly kind: 'replicated';
      readonly followerId: number;
      readonly baseOffset: number;
      readonly lastOffset: number;
      readonly sizeBytes: number;
    } & PartitionRef)
  | ({ readonly kind: 'high-watermark-advanced'; readonly highWatermark: number } & PartitionRef)
  | ({
      readonly kind: 'leader-changed';
      readonly leaderId: number;
      readonly previousLeaderId: number;
      readonly leaderEpoch: number;
      readonly cause: string;
      readonly why?: Why;
    } & PartitionRef)
  | ({
      readonly kind: 'isr-changed';
      readonly isr: readonly number[];
      /** Of the change: a set that shrinks, grows and shrinks again looks the same twice and is told twice. */
      readonly partitionEpoch?: number;
      readonly cause: string;
      readonly why?: Why;
    } & PartitionRef)
  | { readonly kind: 'controller-elected'; readonly controllerId: number; readonly epoch: number }
  | { readonly kind: 'broker-registered'; readonly registeredId: number; readonly brokerEpoch: number }
  | { readonly kind: 'broker-unfenced'; readonly registeredId: number }
  | { readonly kind: 'broker-fenced'; readonly registeredId: number; readonly cause: string; readonly why?: Why }
  | {
      readonly kind: 'topic-created';
      readonly topic: string;
      readonly topicId: string;
      readonly partitions: number;
      readonly isInternal?: boolean;
      /** Absent where there are more than maxToldPlacements. */
      readonly placements?: readonly PartitionPlacement[];
    }
  | { readonly kind: 'topic-deleted'; readonly topic: string; readonly topicId: string }
  | {
      readonly kind: 'partitions-added';
      readonly topic: string;
      /** How many there are now. */
      readonly partitions: number;
      /** Of the new ones; absent where there are more than maxToldPlacements. */
      readonly placements?: readonly PartitionPlacement[];
    }
  | {
      readonly kind: 'config-changed';
      readonly resource: 'broker' | 'topic' | 'group';
      readonly name: string;
      readonly keys: readonly string[];
    }
  | {
      readonly kind: 'group-state-changed';
      readonly groupId: string;
      readonly state: string;
      readonly generation: number;
      readonly members: number;
      readonly cause: string;
      readonly why?: Why;
    }
  | ({ readonly kind: 'offset-committed'; readonly groupId: string; readonly offset: number } & PartitionRef)
  | ({ readonly kind: 'segment-rolled'; readonly baseOffset: number } & PartitionRef)
  | ({ readonly kind: 'log-truncated'; readonly toOffset: number; readonly cause: string; readonly why?: Why } & PartitionRef)
  | ({ readonly kind: 'log-start-moved'; readonly logStartOffset: number; readonly cause: string; readonly why?: Why } & PartitionRef)
  | ({ readonly kind: 'log-recovered'; readonly removedBytes: number; readonly logEndOffset: number } & PartitionRef)
  | { readonly kind: 'log-directory-failed'; readonly directory: string; readonly reason: string }
  /** A write found no room. Emitted once, until `disk-writable`. */
  | { readonly kind: 'disk-full'; readonly directory: string; readonly path: string }
  /** For some seconds no write was refused, and one went through or there is room again. */
  | { readonly kind: 'disk-writable'; readonly directory: string }
  /** Bytes that were valid once no longer are: emitted once for each log, when they were met. */
  | ({ readonly kind: 'log-damaged'; readonly path: string; readonly reason: string } & PartitionRef)
  /** Compaction of this log failed and is not tried again until the broker restarts; the other logs go on. */
  | ({ readonly kind: 'log-uncleanable'; readonly reason: string } & PartitionRef);

export type TraceEvent = Stamp & Fact;
export type FactKind = Fact['kind'];
