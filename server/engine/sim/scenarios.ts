// What a simulated world is made of and what may go wrong in it. A scenario is data: the same code runs them all.

export interface Scenario {
  readonly name: string;
  readonly replicationFactor: number;
  readonly voters: readonly number[];
  readonly settings: ReadonlyMap<string, string>;
  /** How often each fault is drawn, against the others. */
  readonly faults: Readonly<Record<FaultKind, number>>;
}

export type FaultKind = 'kill-one' | 'kill-all' | 'kill-leader' | 'cut-link' | 'freeze' | 'lose-power' | 'double-failover';

/** One copy of everything: a broker that comes back has lost nothing, and nobody stands in for it meanwhile. */
export const singleCopy: Scenario = {
  name: 'single-copy',
  replicationFactor: 1,
  voters: [1],
  settings: new Map([
    ['offsets.topic.num.partitions', '6'],
    ['offsets.topic.replication.factor', '1'],
  ]),
  faults: { 'kill-one': 3, 'kill-all': 1, 'kill-leader': 0, 'cut-link': 2, freeze: 0, 'lose-power': 0, 'double-failover': 0 },
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
  faults: { 'kill-one': 2, 'kill-all': 1, 'kill-leader': 4, 'cut-link': 4, freeze: 3, 'lose-power': 2, 'double-failover': 3 },
};

export const scenarios: readonly Scenario[] = [singleCopy, replicated];
