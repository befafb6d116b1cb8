// What a cluster can tell that the Kafka protocol doesn't carry: the seam for the embedded cluster, whose supervisor
// knows its processes and whose brokers send metrics and a trace. An external cluster has none of it.

import type { TraceEvent } from '#engine/trace/events.ts';
import type { QuorumFacts, ReplicaFacts } from '#engine/trace/process-link.ts';
import type { Capabilities } from '../capabilities.ts';
import type { DemoTraffic } from '../demo-traffic.ts';
import type { LabPort } from '../lab.ts';
import type { StorageTrouble } from '../storage-trouble.ts';
import type { BrokerProcess, BrokerRates, BrokerState, RateSample, ClientWrites, TopologyProducer } from '../port.ts';

export interface ClusterExtras {
  /** Capabilities that the protocol knows nothing of: lab, trace, processes, demoTraffic. */
  readonly capabilities: Partial<Capabilities>;
  readonly demo: DemoTraffic | null;
  readonly lab: LabPort | null;
  /** The state of a broker's process where it says more than the metadata does. */
  stateOf(brokerId: number, fromMetadata: BrokerState): BrokerState;
  ratesOf(brokerId: number): BrokerRates | null;
  processOf(brokerId: number): BrokerProcess | null;
  /** What the broker told of its disks and logs. */
  storageOf(brokerId: number): StorageTrouble;
  /** When a group last committed to a partition, at whatever offset; null when no commit was heard of. */
  lastCommitMs(groupId: string, topic: string, partition: number): number | null;
  /** Who produces now; null when that is not traced. */
  producers(): readonly TopologyProducer[] | null;
  /** Who writes how much to which broker, bounded in names. */
  writes(): readonly ClientWrites[] | null;
  /** One replica as its own broker knows it; null when that broker doesn't answer. */
  replicaFacts(brokerId: number, place: { readonly topic: string; readonly partition: number }): Promise<ReplicaFacts | null>;
  /** One node of the metadata quorum as it knows itself, with the last `tail` records of its log. */
  quorumFacts(nodeId: number, tail: number): Promise<QuorumFacts | null>;
  /** Fills a measured sample with what the brokers' metrics say. */
  enrich(measured: RateSample): RateSample;
  /** Calls `take` for every batch of facts until the returned function is called; only while somebody watches. */
  listen(take: (facts: { readonly events: readonly TraceEvent[]; readonly dropped: number }) => void): () => void;
  close(): void;
}
