// From what is known to what stands where: topics, clients and groups claim their slots, flows that carry
// something get a pipe. Invariant: a card that stays keeps its slot.

import { otherWriters, toClientCards, toGroupCards, unknownWriters } from './cards.ts';
import { isFlowing } from './edges.ts';
import { capacityFor, partitionCountOf } from './layout.ts';
import { clientCapacities, groupCapacities } from './layout-class.ts';
import { teamClientCapacities, teamGroupCapacities } from './layout-team.ts';
import { claimSlots } from './places.ts';
import { emptyClusterState } from './cluster-state.ts';
import type { ClientCard } from './cards.ts';
import type { ClusterState, TopicState } from './cluster-state.ts';
import type { DetailLevel } from './detail-level.ts';
import type { Edge } from './edges.ts';
import type { Structure } from './layout.ts';

export interface StructureInput {
  readonly state: ClusterState;
  readonly level: DetailLevel;
  readonly showInternal: boolean;
  /** Whether an idle topic is to be folded away; absent: none is. */
  readonly isFolded?: (topic: TopicState) => boolean;
  /** Clients that write, the busiest first. */
  readonly writers: readonly string[];
  /** Others write too, and nobody knows their names. */
  readonly hasOtherWriters?: boolean;
  /** Client ids that read without a group, in the order they were first seen. */
  readonly readers: readonly string[];
  readonly edges: readonly Edge[];
  readonly nowMs: number;
}

export const emptyStructure: Structure = {
  state: emptyClusterState,
  showInternal: false,
  topicSlots: [],
  topicSizes: [],
  folded: [],
  clientSlots: [],
  clients: new Map(),
  groupSlots: [],
  groups: new Map(),
  edges: [],
};

function visibleTopics({ state, showInternal }: StructureInput): readonly string[] {
  return showInternal ? state.topicNames : state.topicNames.filter((name) => state.topics.get(name)?.isInternal === false);
}

/** A topic that needs someone's eye stays in the picture however idle it is. */
function isWhole(topic: TopicState): boolean {
  return [...topic.partitions.values()].every(
    (partition) => partition.leaderId !== null && partition.isr.length >= partition.replicas.length,
  );
}

function foldedTopics(input: StructureInput, names: readonly string[]): readonly string[] {
  const { isFolded } = input;
  if (isFolded === undefined) return [];
  return names.filter((name) => {
    const topic = input.state.topics.get(name)!;
    return isFolded(topic) && isWhole(topic);
  });
}

function clientCards(input: StructureInput): readonly ClientCard[] {
  if (input.state.producers === null && input.writers.length === 0) return input.state.topics.size === 0 ? [] : [unknownWriters];
  const steps = input.level === 'class' ? clientCapacities : teamClientCapacities;
  const others = input.hasOtherWriters === true ? [otherWriters] : [];
  const capacity = capacityFor(input.writers.length + others.length, steps);
  return [...toClientCards(input.writers, Math.max(1, capacity - others.length)), ...others];
}

export function buildStructure(before: Structure, input: StructureInput): Structure {
  const clients = clientCards(input);
  const groupSteps = input.level === 'class' ? groupCapacities : teamGroupCapacities;
  const groups = toGroupCards(input.state.groups, input.readers, capacityFor(input.state.groups.length + input.readers.length, groupSteps));
  const cards = new Set([...clients, ...groups].map((card) => card.key));
  const visible = visibleTopics(input);
  const folded = foldedTopics(input, visible);
  const isFolded = new Set(folded);
  // Folding makes room: what is left is dealt anew, once. Later on a topic more or less moves no other.
  const dealt = (folded.length === 0) === (before.folded.length === 0) ? before : emptyStructure;
  const topicSlots = claimSlots(
    dealt.topicSlots,
    visible.filter((name) => !isFolded.has(name)),
  );
  return {
    state: input.state,
    showInternal: input.showInternal,
    folded,
    topicSlots,
    topicSizes: topicSlots.map((name, slot) =>
      Math.max(dealt.topicSizes[slot] ?? 0, name === null ? 0 : partitionCountOf(input.state, name)),
    ),
    clientSlots: claimSlots(
      before.clientSlots,
      clients.map((card) => card.key),
    ),
    clients: new Map(clients.map((card) => [card.key, card])),
    groupSlots: claimSlots(
      before.groupSlots,
      groups.map((card) => card.key),
    ),
    groups: new Map(groups.map((card) => [card.key, card])),
    edges: input.edges.filter((edge) => isFlowing(edge, input.nowMs) && (edge.cardKey === null || cards.has(edge.cardKey))),
  };
}

/** The card a client stands on; undefined when it has none yet. */
export function cardOfClient(structure: Structure, clientId: string): string | undefined {
  for (const card of structure.clients.values()) if (card.clientIds.includes(clientId)) return card.key;
  return undefined;
}

export function cardOfGroup(structure: Structure, groupId: string): string | undefined {
  for (const card of structure.groups.values()) if (card.groupIds.includes(groupId)) return card.key;
  return undefined;
}

/** Hashes of one topic: of where its replicas are, and of who leads and is in sync. */
interface Placement {
  readonly places: number;
  readonly states: number;
}

/** Kept by topic, because a fact changes one topic and leaves all others as they are. */
const placements = new WeakMap<TopicState, Placement>();

function mix(hash: number, value: number): number {
  return Math.imul((hash << 7) ^ (hash >>> 25) ^ value, 0x9e3779b1);
}

function placementOf(topic: TopicState): Placement {
  const known = placements.get(topic);
  if (known !== undefined) return known;
  let [places, states] = [0, 0];
  for (const { partition, leaderId, replicas, isr } of topic.partitions.values()) {
    places = mix(mix(places, partition), -2);
    for (const brokerId of replicas) places = mix(places, brokerId);
    states = mix(mix(states, partition), leaderId ?? -1);
    for (const brokerId of isr) states = mix(states, brokerId);
  }
  const placement = { places, states };
  placements.set(topic, placement);
  return placement;
}

export interface LayoutKeys {
  /** Changes whenever something must stand elsewhere. */
  readonly places: string;
  /** Changes whenever a replica or a broker is in another state. */
  readonly states: string;
}

/** Keys that change whenever the layout must be made again. */
export function layoutKeys(structure: Structure): LayoutKeys {
  const { state } = structure;
  let [places, states] = [0, 0];
  for (const topic of state.topics.values()) {
    const placement = placementOf(topic);
    places = mix(places, placement.places);
    states = mix(states, placement.states);
  }
  const brokers = state.brokers.map((broker) => `${broker.brokerId}:${broker.rack}`);
  const edges = structure.edges.map((edge) => edge.index);
  return {
    places: [structure.topicSlots, places, brokers, structure.clientSlots, structure.groupSlots, edges].join('|'),
    states: [states, state.brokers.map((broker) => broker.state)].join('|'),
  };
}
