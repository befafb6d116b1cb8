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

/** By the topics of a state: two hashes of where every replica is. Kept, because facts leave most states as they are. */
const placements = new WeakMap<ClusterState['topics'], string>();

function placement(topics: ClusterState['topics']): string {
  const known = placements.get(topics);
  if (known !== undefined) return known;
  let [first, second] = [0, 0];
  const add = (value: number): void => {
    first = Math.imul(first ^ value, 0x9e3779b1);
    second = Math.imul((second << 7) ^ (second >>> 25) ^ value, 0x85ebca6b);
  };
  for (const topic of topics.values()) {
    for (const { partition, leaderId, replicas, isr } of topic.partitions.values()) {
      add(partition);
      add(leaderId ?? -1);
      for (const brokerId of replicas) add(brokerId);
      add(-2);
      for (const brokerId of isr) add(brokerId);
    }
    add(-3);
  }
  const key = `${first} ${second}`;
  placements.set(topics, key);
  return key;
}

/** A key that changes whenever the layout must be made again. */
export function layoutKey(structure: Structure): string {
  const brokers = structure.state.brokers.map((broker) => `${broker.brokerId}:${broker.rack}:${broker.state}`);
  return [
    structure.topicSlots,
    placement(structure.state.topics),
    brokers,
    structure.clientSlots,
    structure.groupSlots,
    structure.edges.map((edge) => edge.index),
  ].join('|');
}
