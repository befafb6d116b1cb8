// What a simulated world is made of and what may go wrong in it. A scenario is data: the same code runs them all.

import type { DiskFaultKind } from './disk-strikes.ts';

export interface Scenario {
  readonly name: string;
  readonly replicationFactor: number;
  /** The brokers are 1 to 3. Voters beyond are controllers and nothing else, and nothing happens to them. */
  readonly voters: readonly number[];
  readonly settings: ReadonlyMap<string, string>;
  /** How often each fault is drawn, against the others. */
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** Records are acknowledged when they are on the device: power may go anywhere at any time. */
  readonly isSynced?: boolean;
  /** An administrator makes, moves and deletes topics all the while. */
  readonly churns?: boolean;
}

export type FaultKind =
  | 'kill-one'
  | 'kill-all'
  | 'kill-leader'
  | 'stop-one'
  | 'cut-link'
  | 'freeze'
  | 'lose-power'
  | 'double-failover'
  | 'one-by-one'
  | 'last-loses-power'
  | 'all-lose-power'
  | 'fail-all-syncs'
  | DiskFaultKind;

export const noFaults: Scenario['faults'] = {
  'kill-one': 0,
  'kill-all': 0,
  'kill-leader': 0,
  'stop-one': 0,
  'cut-link': 0,
  freeze: 0,
  'lose-power': 0,
  'double-failover': 0,
  'one-by-one': 0,
  'last-loses-power': 0,
  'all-lose-power': 0,
  'fail-all-syncs': 0,
  'fail-sync': 0,
  'stall-disk': 0,
  'fill-disk': 0,
  'fail-io': 0,
  'no-descriptors': 0,
};

/** One copy of everything: a broker that comes back has lost nothing, and nobody stands in for it meanwhile. */
export const singleCopy: Scenario = {
  name: 'single-copy',
  replicationFactor: 1,
  voters: [1],
  settings: new Map([
    ['offsets.topic.num.partitions', '6'],
    ['offsets.topic.replication.factor', '1'],
  ]),
  faults: { ...noFaults, 'kill-one': 3, 'kill-all': 1, 'cut-link': 2 },
};

/** Three copies, two of which must have a record before it is acknowledged. */
export const replicated: Scenario = {
  name: 'replicated',
  replicationFactor: 3,
  voters: [1, 2, 3],
  settings: new Map([
    ['offsets.topic.num.partitions', '3'],
    ['offsets.topic.replication.factor', '3'],
    ['min.insync.replicas', '2'],
    ['replica.lag.time.max.ms', '3000'],
    ['broker.session.timeout.ms', '3000'],
    ['broker.heartbeat.interval.ms', '500'],
  ]),
  faults: { ...noFaults, 'kill-one': 2, 'kill-all': 1, 'kill-leader': 4, 'cut-link': 4, freeze: 3, 'lose-power': 2, 'double-failover': 3 },
};

/**
 * Brokers go until none is left, while the controller sees it all: who comes back first must not be who leads, unless it holds
 * what was acknowledged (KIP-966). With voters among the brokers nobody could note the second death.
 */
export const lastStanding: Scenario = {
  ...replicated,
  name: 'last-standing',
  voters: [4],
  faults: { ...noFaults, 'kill-one': 1, 'kill-leader': 1, freeze: 1, 'one-by-one': 4, 'last-loses-power': 4 },
};

/** Disks that fail, stall and run full beside all that happens to processes and links. */
const badDisks: Scenario = {
  ...replicated,
  name: 'bad-disks',
  settings: new Map([
    ...replicated.settings,
    ['log.roll.ms', '2000'],
    ['log.flush.offset.checkpoint.interval.ms', '1000'],
    ['replica.high.watermark.checkpoint.interval.ms', '1000'],
  ]),
  faults: {
    ...replicated.faults,
    'stop-one': 4,
    'fail-sync': 6,
    'stall-disk': 3,
    'fill-disk': 3,
    'fail-io': 3,
    'no-descriptors': 1,
  },
};

/** Every record is on the device of those in sync before it is acknowledged, so all may lose power at once. */
export const synced: Scenario = {
  ...badDisks,
  name: 'synced',
  settings: new Map([...badDisks.settings, ['log.flush.interval.messages', '1']]),
  faults: { ...badDisks.faults, 'lose-power': 4, 'all-lose-power': 6, 'fail-all-syncs': 3 },
  isSynced: true,
};

/** Topics come and go, move, roll, expire and compact while disks, links and processes fail. */
export const churn: Scenario = {
  ...badDisks,
  name: 'churn',
  settings: new Map([
    ...badDisks.settings,
    ['log.segment.delete.delay.ms', '500'],
    ['log.retention.check.interval.ms', '1000'],
    ['log.cleaner.backoff.ms', '500'],
  ]),
  churns: true,
};

export const scenarios: readonly Scenario[] = [singleCopy, replicated, lastStanding, badDisks, synced, churn];
