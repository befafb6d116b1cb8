// What the scene knows of the cluster: the last snapshot, kept current by the facts that came after it.
// A fact from before the snapshot was asked for changes nothing, because the snapshot already tells its outcome. Asking takes a
// moment, so one that came since may be missing in it, and is put upon it again.

import type { BrokerState, BrokerSummary, GroupDetail, TopologyPartition, TopologySnapshot } from '#server/cluster/port.ts';
import type { TraceEvent } from '#server/engine/trace/events.ts';

export interface TopicState {
  readonly name: string;
  readonly isInternal: boolean;
  readonly partitions: ReadonlyMap<number, TopologyPartition>;
}

export interface ProducerState {
  readonly clientId: string;
  readonly topics: readonly string[];
  readonly acks: number | null;
  readonly isIdempotent: boolean;
  readonly connections: number;
}

export interface ClusterState {
  readonly controllerId: number | null;
  readonly controllerEpoch: number | null;
  readonly brokers: readonly BrokerSummary[];
  readonly topics: ReadonlyMap<string, TopicState>;
  readonly groups: readonly GroupDetail[];
  /** null: this cluster doesn't tell who writes. */
  readonly producers: readonly ProducerState[] | null;
  /** What happened since may not be in it. */
  readonly sinceMs: number;
}

export const emptyClusterState: ClusterState = {
  controllerId: null,
  controllerEpoch: null,
  brokers: [],
  topics: new Map(),
  groups: [],
  producers: null,
  sinceMs: 0,
};

function mergeProducers(snapshot: TopologySnapshot): readonly ProducerState[] | null {
  if (snapshot.producers === null) return null;
  const byClient = new Map<string, ProducerState>();
  for (const producer of snapshot.producers) {
    const known = byClient.get(producer.clientId);
    byClient.set(producer.clientId, {
      clientId: producer.clientId,
      topics: [...new Set([...(known?.topics ?? []), ...producer.topics])].toSorted(),
      acks: producer.acks ?? known?.acks ?? null,
      isIdempotent: producer.isIdempotent || known?.isIdempotent === true,
      connections: (known?.connections ?? 0) + 1,
    });
  }
  return [...byClient.values()];
}

export function fromSnapshot(snapshot: TopologySnapshot): ClusterState {
  const topics = snapshot.topics.map((topic): [string, TopicState] => [
    topic.name,
    {
      name: topic.name,
      isInternal: topic.isInternal,
      partitions: new Map(topic.partitions.map((partition) => [partition.partition, partition])),
    },
  ]);
  return {
    controllerId: snapshot.overview.controllerId,
    controllerEpoch: snapshot.overview.controllerEpoch,
    brokers: snapshot.overview.brokers.toSorted((a, b) => a.brokerId - b.brokerId),
    topics: new Map(topics),
    groups: snapshot.groups.toSorted((a, b) => a.groupId.localeCompare(b.groupId)),
    producers: mergeProducers(snapshot),
    sinceMs: snapshot.sinceMs ?? snapshot.atMs,
  };
}

/** A broker that left the metadata keeps its place, marked as lost. */
export function keepLostBrokers(before: ClusterState, after: ClusterState): ClusterState {
  const present = new Set(after.brokers.map((broker) => broker.brokerId));
  const lost = before.brokers.filter((broker) => !present.has(broker.brokerId));
  if (lost.length === 0) return after;
  const kept = lost.map((broker): BrokerSummary => ({
    ...broker,
    state: 'lost',
    isController: false,
    leaderCount: 0,
    rates: null,
    process: null,
  }));
  return { ...after, brokers: [...after.brokers, ...kept].toSorted((a, b) => a.brokerId - b.brokerId) };
}

function withBrokerState(state: ClusterState, brokerId: number, brokerState: BrokerState): ClusterState {
  return { ...state, brokers: state.brokers.map((broker) => (broker.brokerId === brokerId ? { ...broker, state: brokerState } : broker)) };
}

function withPartition(
  state: ClusterState,
  at: { readonly topic: string; readonly partition: number },
  change: Partial<TopologyPartition>,
): ClusterState {
  const topic = state.topics.get(at.topic);
  const partition = topic?.partitions.get(at.partition);
  if (topic === undefined || partition === undefined) return state;
  const partitions = new Map(topic.partitions).set(at.partition, { ...partition, ...change });
  return { ...state, topics: new Map(state.topics).set(at.topic, { ...topic, partitions }) };
}

/** An epoch never goes back: a snapshot that has a later one knows better. */
function withLeader(state: ClusterState, event: Extract<TraceEvent, { readonly kind: 'leader-changed' }>): ClusterState {
  const { leaderId, leaderEpoch } = event;
  const known = state.topics.get(event.topic)?.partitions.get(event.partition)?.leaderEpoch ?? null;
  if (known !== null && known > leaderEpoch) return state;
  return withPartition(state, event, { leaderId: leaderId < 0 ? null : leaderId, leaderEpoch });
}

function withController(state: ClusterState, controllerId: number, controllerEpoch: number): ClusterState {
  return {
    ...state,
    controllerId,
    controllerEpoch,
    brokers: state.brokers.map((broker) => ({ ...broker, isController: broker.brokerId === controllerId })),
  };
}

/** Applies one fact; answers the same object when nothing that is drawn as structure changed. */
export function applyFact(state: ClusterState, event: TraceEvent): ClusterState {
  if (event.atMs < state.sinceMs) return state;
  switch (event.kind) {
    case 'leader-changed':
      return withLeader(state, event);
    case 'isr-changed':
      return withPartition(state, event, { isr: event.isr });
    case 'controller-elected':
      return withController(state, event.controllerId, event.epoch);
    case 'broker-fenced':
      return withBrokerState(state, event.registeredId, 'fenced');
    case 'broker-unfenced':
      return withBrokerState(state, event.registeredId, 'online');
    case 'broker-stopping':
      return withBrokerState(state, event.brokerId, 'stopping');
    default:
      return state;
  }
}
