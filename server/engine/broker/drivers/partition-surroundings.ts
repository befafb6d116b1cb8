// What a replica may ask of the broker it stands in: clock, settings, the others of the cluster, and where its wishes go.

import { sweepMs } from '#engine/replication/fetch-session.ts';
import type { IsrProposal } from '#engine/replication/partition-leader.ts';
import type { Trace } from '#engine/trace/trace.ts';
import type { Clock, Timers } from '#engine/world/ports.ts';
import { rackAwareSelector } from '../config-definitions.ts';
import type { Purgatory } from '../purgatory.ts';
import type { HostedPartition } from './hosted-partition.ts';
import type { PartitionDriverOptions } from './hosted-partitions.ts';
import type { IsrChanges } from './isr-changes.ts';
import type { ReplicaFetchers } from './replica-fetchers.ts';

export interface PartitionSurroundings {
  readonly brokerId: number;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly trace: Trace;
  readonly fetches: Purgatory;
  readonly onDelayedProduces: (change: number) => void;
  /** replica.lag.time.max.ms */
  readonly maxLagMs: number;
  /** A follower that polls is heard of this often. */
  readonly maxSilenceMs: number;
  readonly isSureOfSession: () => boolean;
  /** Null where consumers read from leaders only. */
  readonly rackOf: ((brokerId: number) => string | null) | null;
  /** Is this life of the broker registered and serving? Anybody else can't be in sync. */
  readonly isServing: (brokerId: number, brokerEpoch: number) => boolean;
  /** The log of this replica begins elsewhere now: the leader it copies has to hear of it. */
  readonly onStartMoved: (partition: HostedPartition) => void;
  /** Takes the proposal to the controller; its answer comes back by onIsrSettled, or never. */
  readonly proposeIsr: (partition: HostedPartition, proposal: IsrProposal) => void;
}

export function surroundingsOf(
  options: PartitionDriverOptions,
  { fetches, isrChanges, fetchers }: { readonly fetches: Purgatory; readonly isrChanges: IsrChanges; readonly fetchers: ReplicaFetchers },
): PartitionSurroundings {
  const { world, trace, metrics, config, metadata, isSureOfSession } = options;
  return {
    isSureOfSession,
    brokerId: config.nodeId,
    clock: world.clock,
    timers: world.timers,
    trace,
    fetches,
    onDelayedProduces: (change) => {
      metrics.counters.delayedProduces += change;
    },
    maxLagMs: config.get('replica.lag.time.max.ms'),
    maxSilenceMs: config.get('replica.fetch.wait.max.ms') * 2 + sweepMs,
    rackOf: config.get('replica.selector.class') === rackAwareSelector ? (brokerId) => metadata.broker(brokerId)?.rack ?? null : null,
    isServing: (brokerId, brokerEpoch) => {
      const broker = metadata.broker(brokerId);
      if (broker === undefined || broker.isFenced || broker.isShuttingDown) return false;
      return brokerEpoch === -1 || brokerEpoch === broker.brokerEpoch;
    },
    onStartMoved: (partition) => {
      fetchers.restate(partition);
    },
    proposeIsr: (partition, proposal) => {
      isrChanges.propose(partition, proposal);
    },
  };
}
