// The live picture, and the stream that keeps it so. The trace's event union is the one engine type that comes through, and as
// a type alone: the canvas draws exactly what the brokers said.

import type { TraceEvent } from '#engine/trace/events.ts';
import type { ClusterOverview } from './broker-model.ts';
import type { GroupDetail } from './group-model.ts';

export interface TopologyPartition {
  readonly partition: number;
  readonly leaderId: number | null;
  readonly leaderEpoch: number | null;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly endOffset: number | null;
}

export interface TopologyProducer {
  readonly clientId: string;
  readonly address: string;
  readonly topics: readonly string[];
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly acks: number | null;
  readonly isIdempotent: boolean;
}

export interface ClientWrites {
  /** null: all clients beyond those that are told by name. */
  readonly clientId: string | null;
  readonly brokerId: number;
  readonly recordsPerSecond: number;
}

export interface TopologySnapshot {
  readonly overview: ClusterOverview;
  readonly topics: readonly {
    readonly name: string;
    readonly topicId: string | null;
    readonly isInternal: boolean;
    readonly partitions: readonly TopologyPartition[];
  }[];
  readonly groups: readonly GroupDetail[];
  /** Known only where the cluster is traced, else null. */
  readonly producers: readonly TopologyProducer[] | null;
  /** Who writes to which broker, measured whether or not records are watched; absent or null where nobody can tell. */
  readonly writes?: readonly ClientWrites[] | null;
  /** Asking for all this took until `atMs` and began here: what changed since may be missing. Absent in pictures that an
   *  earlier release kept. */
  readonly sinceMs?: number;
  readonly atMs: number;
}

/** One second of the cluster's traffic, measured, not estimated. null: this cluster can't tell. */
export interface RateSample {
  readonly atMs: number;
  readonly bytesInPerSecond: number | null;
  readonly bytesOutPerSecond: number | null;
  readonly recordsInPerSecond: number;
  readonly recordsOutPerSecond: number | null;
  readonly produceP99Ms: number | null;
  readonly fetchP99Ms: number | null;
  /** By broker id: the share of time in which its thread was idle. */
  readonly idleRatios: readonly { readonly brokerId: number; readonly idleRatio: number }[] | null;
}

/** One step of the live picture. Facts come only from clusters whose `trace` capability is available. */
export type LiveBatch =
  /** `dropped` counts facts lost since the last batch, in the broker, on the way or here: the screen shows it. */
  | { readonly kind: 'facts'; readonly events: readonly TraceEvent[]; readonly dropped: number }
  | { readonly kind: 'snapshot'; readonly snapshot: TopologySnapshot }
  | { readonly kind: 'rates'; readonly sample: RateSample }
  /** The cluster went out of reach, or is back. Pictures drawn meanwhile are old, and have to say so. */
  | { readonly kind: 'reachability'; readonly reachability: Reachability };

/** `id` rises within one adapter's life; a subscriber that names the last one it saw goes on behind it. */
export interface LiveMessage {
  readonly id: string;
  readonly batch: LiveBatch;
}

export interface LiveOptions {
  /** Ends the stream. */
  readonly signal: AbortSignal;
  readonly lastEventId: string | null;
}

export interface Reachability {
  readonly isReachable: boolean;
  readonly sinceMs: number;
  /** While out of reach: each address that was tried, with what happened there. */
  readonly tries: readonly { readonly address: string; readonly reason: string }[];
}
