// What is known of a moment that has passed. Part of the domain types, as port.ts is: procedures answer these and the
// Live page draws them.

import type { HealthReport } from './health-report.ts';
import type { TopologySnapshot } from './port.ts';

/** One second of throughput as it was measured; null: this cluster can't tell. */
export interface PastSecond {
  readonly atMs: number;
  readonly recordsInPerSecond: number;
  readonly recordsOutPerSecond: number | null;
}

/** How far the record reaches, and what was last written into it. */
export interface RecordSpan {
  /** null: nothing is recorded of this cluster. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** The last moment at which something happened: where a step back from now leads. */
  readonly lastEventMs: number | null;
  /** Why the record isn't being written now; null when it is. */
  readonly failure: string | null;
}

/** What is known to have been there at a moment, while nothing kept describes it: the picture lacks it. */
export interface MissingThings {
  /** Whole topics, or some of their partitions. */
  readonly topics: readonly string[];
  readonly brokerIds: readonly number[];
  readonly groups: readonly string[];
}

export interface PastPicture {
  readonly kind: 'picture';
  readonly atMs: number;
  /** The nearest keyframe with everything told since put upon it. Its offsets and rates are the keyframe's. */
  readonly picture: TopologySnapshot;
  /** A keyframe some seconds earlier, from which flows are measured; null where the record begins. */
  readonly before: TopologySnapshot | null;
  readonly keyframeMs: number;
  /** False where the record has a hole: nobody heard of the cluster around this moment, and the picture is older. */
  readonly isHeard: boolean;
  readonly missing: MissingThings;
  readonly health: HealthReport;
  /** Where a step leads; null where nothing happened before or since. */
  readonly previousMs: number | null;
  readonly nextMs: number | null;
}

export interface Unrecorded {
  readonly kind: 'unrecorded';
  readonly atMs: number;
  /** Where the record begins; null: nothing is recorded of this cluster. */
  readonly fromMs: number | null;
}

export type PastMoment = PastPicture | Unrecorded;
