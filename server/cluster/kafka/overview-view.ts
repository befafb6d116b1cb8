// The cluster as a whole, from everything that was asked. Pure.

import type { BrokerNode, ClusterMetadata, PartitionMetadata } from '#engine/client/cluster-metadata.ts';
import type { BrokerState, BrokerSummary, ClusterOverview } from '../port.ts';
import type { ClusterExtras } from './extras.ts';
import type { Disks } from './log-dirs.ts';
import type { Quorum } from './quorum.ts';
import { isTrouble, joinTrouble, noTrouble, type StorageTrouble } from '../storage-trouble.ts';
import { countTopics } from '../topic-counts.ts';
import { isOffline, isUnderReplicated } from './topic-views.ts';

/** A broker the cluster has registered, beyond those that the metadata shows as alive. */
export interface RegisteredBroker extends BrokerNode {
  readonly isFenced: boolean;
}

export interface OverviewParts {
  readonly metadata: ClusterMetadata;
  readonly registered: readonly RegisteredBroker[];
  /** Brokers seen earlier by this adapter, for those that are gone without a trace. */
  readonly remembered: ReadonlyMap<number, BrokerNode>;
  readonly quorum: Quorum | null;
  readonly disks: Disks | null;
  readonly underMinIsr: number | null;
  readonly kafkaVersion: string | null;
  readonly extras: ClusterExtras | null;
  readonly atMs: number;
}

export function toOverview(parts: OverviewParts): ClusterOverview {
  const { metadata, quorum } = parts;
  const partitions = [...metadata.topics.values()].flatMap((topic) => topic.partitions);
  const controllerId = quorum === null ? (metadata.controllerId < 0 ? null : metadata.controllerId) : quorum.leaderId;
  return {
    clusterId: metadata.clusterId,
    controllerId,
    controllerEpoch: quorum?.epoch ?? null,
    voters: quorum?.voters ?? null,
    kafkaVersion: parts.kafkaVersion,
    brokers: toBrokers(parts, partitions, controllerId),
    ...countTopics([...metadata.topics.values()]),
    offlinePartitions: partitions.filter(isOffline).length,
    underReplicatedPartitions: partitions.filter(isUnderReplicated).length,
    underMinIsrPartitions: parts.underMinIsr,
    atMs: parts.atMs,
  };
}

function toBrokers(parts: OverviewParts, partitions: readonly PartitionMetadata[], controllerId: number | null): readonly BrokerSummary[] {
  const leaders = countBy(partitions.map((partition) => partition.leaderId));
  const replicas = countBy(partitions.flatMap((partition) => partition.replicas));
  return knownBrokers(parts, [...replicas.keys()]).map(({ node, state }) => {
    const disk = parts.disks?.get(node.brokerId);
    return {
      brokerId: node.brokerId,
      host: node.host,
      port: node.port,
      rack: node.rack,
      state: parts.extras?.stateOf(node.brokerId, state) ?? state,
      isController: node.brokerId === controllerId,
      isVoter: parts.quorum?.voters.includes(node.brokerId) ?? null,
      leaderCount: leaders.get(node.brokerId) ?? 0,
      replicaCount: replicas.get(node.brokerId) ?? 0,
      diskUsedBytes: disk?.usedBytes ?? null,
      diskTotalBytes: disk?.totalBytes ?? null,
      diskUsableBytes: disk?.usableBytes ?? null,
      ...troubleOf(disk?.trouble ?? noTrouble, parts.extras?.storageOf(node.brokerId) ?? noTrouble),
      rates: parts.extras?.ratesOf(node.brokerId) ?? null,
      process: parts.extras?.processOf(node.brokerId) ?? null,
    };
  });
}

/** The protocol's answer is up to ten seconds old, and it can't tell of single logs; a broker of our own tells at once. */
function troubleOf(asked: StorageTrouble, told: StorageTrouble): Pick<BrokerSummary, 'storage'> {
  const storage = joinTrouble(told, asked);
  return isTrouble(storage) ? { storage } : {};
}

interface KnownBroker {
  readonly node: BrokerNode;
  readonly state: BrokerState;
}

/** Alive ones, fenced ones, and those that replicas or our memory name and the cluster doesn't show: lost. */
function knownBrokers(parts: OverviewParts, replicaIds: readonly number[]): readonly KnownBroker[] {
  const known = new Map<number, KnownBroker>();
  for (const id of replicaIds) if (id >= 0) known.set(id, { node: { brokerId: id, host: '', port: 0, rack: null }, state: 'lost' });
  for (const [id, node] of parts.remembered) known.set(id, { node, state: 'lost' });
  for (const node of parts.registered) known.set(node.brokerId, { node, state: node.isFenced ? 'fenced' : 'online' });
  for (const [id, node] of parts.metadata.brokers) known.set(id, { node, state: 'online' });
  return [...known.values()].sort((a, b) => a.node.brokerId - b.node.brokerId);
}

function countBy(ids: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
