// What the health sentence is made of. Pages turn the codes into words in the reader's language.

export type HealthLevel = 'healthy' | 'lagging' | 'offline';

/** In order of severity, worst first. */
export type HealthCode =
  | 'CLUSTER_LOST'
  | 'NO_QUORUM'
  | 'NO_CONTROLLER'
  | 'BROKERS_UNREACHABLE'
  | 'OFFLINE_PARTITIONS'
  | 'LOG_DIRECTORY_FAILED'
  | 'DISK_FULL'
  | 'UNDER_MIN_ISR'
  | 'LOGS_DAMAGED'
  | 'BROKERS_MISSING'
  | 'UNDER_REPLICATED'
  | 'LOGS_UNCLEANABLE'
  | 'GROUPS_STOPPED'
  | 'GROUPS_STALLED'
  | 'GROUPS_FALLING_BEHIND'
  /** This console failed while it looked at the cluster; it tries again. */
  | 'OBSERVER_FAILED'
  | 'HEALTHY';

export interface HealthReason {
  readonly code: HealthCode;
  readonly level: HealthLevel;
  /** Numbers and names for the sentence, such as `{ count: 14, brokerIds: '2, 3' }`. */
  readonly values: Readonly<Record<string, number | string>>;
  /** The things named in `values`, for who looks one up: a name may hold what joins them. */
  readonly names?: readonly string[];
  /** The page that lists exactly these, below the cluster's own address. */
  readonly href: string;
}

export interface HealthReport {
  readonly level: HealthLevel;
  readonly code: HealthCode;
  readonly values: Readonly<Record<string, number | string>>;
  /** Worst first; empty when healthy. */
  readonly reasons: readonly HealthReason[];
  /** Since when `code` holds, as far as this console has watched. */
  readonly sinceMs: number;
}
