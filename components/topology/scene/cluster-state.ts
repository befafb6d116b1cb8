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
  /** In the order in which they are given places: internal ones last, else by name. The same array while it holds. */
  readonly topicNames: readonly string[];
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
  topicNames: [],
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

const collator = new Intl.Collator('en', { numeric: true });

/** Sorting ten thousand names takes longer than a frame, so it is done only when the names changed. */
function topicNames(snapshot: TopologySnapshot, before: ClusterState): readonly string[] {
  const isSame =
    snapshot.topics.length === before.topicNames.length &&
    snapshot.topics.every((topic) => before.topics.get(topic.name)?.isInternal === topic.isInternal);
  if (isSame) return before.topicNames;
  return snapshot.topics
    .toSorted((a, b) => Number(a.isInternal) - Number(b.isInternal) || collator.compare(a.name, b.name))
    .map((topic) => topic.name);
}

export function fromSnapshot(snapshot: TopologySnapshot, before: ClusterState = emptyClusterState): ClusterState {
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
    topicNames: topicNames(snapshot, before),
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

/** A state that is being changed. Each map is copied once, however many facts of a frame change it: a dying broker of a
 *  thousand leaders costs one copy of the topics, not a thousand. */
class Draft {
  state: ClusterState;
  #topics: Map<string, TopicState> | null = null;
  /** The partitions of topics that were copied already. */
  readonly #partitions = new Map<string, Map<number, TopologyPartition>>();

  constructor(state: ClusterState) {
    this.state = state;
  }

  partition(at: { readonly topic: string; readonly partition: number }): TopologyPartition | undefined {
    return this.state.topics.get(at.topic)?.partitions.get(at.partition);
  }

  setPartition(at: { readonly topic: string; readonly partition: number }, change: Partial<TopologyPartition>): void {
    const before = this.partition(at);
    if (before === undefined) return;
    this.#partitionsOf(at.topic).set(at.partition, { ...before, ...change });
  }

  #partitionsOf(name: string): Map<number, TopologyPartition> {
    const copied = this.#partitions.get(name);
    if (copied !== undefined) return copied;
    const topic = this.state.topics.get(name)!;
    const partitions = new Map(topic.partitions);
    this.#partitions.set(name, partitions);
    if (this.#topics === null) {
      this.#topics = new Map(this.state.topics);
      this.state = { ...this.state, topics: this.#topics };
    }
    this.#topics.set(name, { ...topic, partitions });
    return partitions;
  }

  setBroker(brokerId: number, state: BrokerState): void {
    this.state = {
      ...this.state,
      brokers: this.state.brokers.map((broker) => (broker.brokerId === brokerId ? { ...broker, state } : broker)),
    };
  }

  setController(controllerId: number, controllerEpoch: number): void {
    const brokers = this.state.brokers.map((broker) => ({ ...broker, isController: broker.brokerId === controllerId }));
    this.state = { ...this.state, controllerId, controllerEpoch, brokers };
  }
}

/** An epoch never goes back: a snapshot that has a later one knows better. */
function setLeader(draft: Draft, event: Extract<TraceEvent, { readonly kind: 'leader-changed' }>): void {
  const { leaderId, leaderEpoch } = event;
  const known = draft.partition(event)?.leaderEpoch ?? null;
  if (known !== null && known > leaderEpoch) return;
  draft.setPartition(event, { leaderId: leaderId < 0 ? null : leaderId, leaderEpoch });
}

function applyTo(draft: Draft, event: TraceEvent): void {
  if (event.atMs < draft.state.sinceMs) return;
  switch (event.kind) {
    case 'leader-changed':
      return setLeader(draft, event);
    case 'isr-changed':
      return draft.setPartition(event, { isr: event.isr });
    case 'controller-elected':
      return draft.setController(event.controllerId, event.epoch);
    case 'broker-fenced':
      return draft.setBroker(event.registeredId, 'fenced');
    case 'broker-unfenced':
      return draft.setBroker(event.registeredId, 'online');
    case 'broker-stopping':
      return draft.setBroker(event.brokerId, 'stopping');
    default:
      return undefined;
  }
}

/** Applies facts in their order; answers the same object when nothing that is drawn as structure changed. */
export function applyFacts(state: ClusterState, events: readonly TraceEvent[]): ClusterState {
  const draft = new Draft(state);
  for (const event of events) applyTo(draft, event);
  return draft.state;
}

const structuralKinds: ReadonlySet<TraceEvent['kind']> = new Set([
  'leader-changed',
  'isr-changed',
  'controller-elected',
  'broker-fenced',
  'broker-unfenced',
  'broker-stopping',
] satisfies TraceEvent['kind'][]);

/** Whether a fact may change what is drawn as structure; all others are traffic. */
export function isStructural(event: TraceEvent): boolean {
  return structuralKinds.has(event.kind);
}
