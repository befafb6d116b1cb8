// What a replica may ask of the broker it stands in: clock, settings, the others of the cluster, and where its wishes go.

import { sweepMs } from '#engine/replication/fetch-session.ts';
import { rackAwareSelector } from '../config-definitions.ts';
import type { Purgatory } from '../purgatory.ts';
import type { PartitionSurroundings } from './hosted-partition.ts';
import type { PartitionDriverOptions } from './hosted-partitions.ts';
import type { IsrChanges } from './isr-changes.ts';

export function surroundingsOf(
  options: PartitionDriverOptions,
  { fetches, isrChanges }: { readonly fetches: Purgatory; readonly isrChanges: IsrChanges },
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
    proposeIsr: (partition, proposal) => {
      isrChanges.propose(partition, proposal);
    },
  };
}
