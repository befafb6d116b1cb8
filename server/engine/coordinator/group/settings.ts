// The broker settings that groups obey, by their Kafka names.

export interface GroupSettings {
  /** group.initial.rebalance.delay.ms: how long the first member waits for others to come. */
  readonly initialRebalanceDelayMs: number;
  /** group.min.session.timeout.ms */
  readonly minSessionTimeoutMs: number;
  /** group.max.session.timeout.ms */
  readonly maxSessionTimeoutMs: number;
  /** group.max.size */
  readonly maxGroupSize: number;
  /** offset.metadata.max.bytes; Kafka counts characters, and so do we. */
  readonly maxMetadataLength: number;
  /** offsets.retention.minutes, in milliseconds. */
  readonly offsetsRetentionMs: number;
  /** offsets.retention.check.interval.ms */
  readonly retentionCheckIntervalMs: number;
}

/**
 * A member whose join is parked can't send heartbeats yet, and a client that went away while parked
 * can't be told from one that waits; so a first join lasts at most this long.
 */
export const newMemberJoinTimeoutMs = 300_000;

export const defaultGroupSettings: GroupSettings = {
  initialRebalanceDelayMs: 3_000,
  minSessionTimeoutMs: 6_000,
  maxSessionTimeoutMs: 1_800_000,
  maxGroupSize: 0x7fff_ffff,
  maxMetadataLength: 4_096,
  offsetsRetentionMs: 10_080 * 60_000,
  retentionCheckIntervalMs: 600_000,
};
