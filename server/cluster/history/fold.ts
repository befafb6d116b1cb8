// A picture of a moment: the last keyframe before it, with every event told since it was asked for put upon it in order.
// A keyframe's answers are older than the moment at which all of them had come, so the events since the first of them was
// asked are applied again: replaying in order ends where the keyframe already was, or puts it right.
// Invariant: only what an event says is changed; what it leaves open (offsets, rates) stays as the keyframe has it. What
// an event says is there, and neither keyframe nor event describe, is named as missing.

import type { BrokerState, BrokerSummary, ClientWrites, GroupDetail, TopologyPartition, TopologySnapshot } from '../port.ts';
import type { MissingThings } from '../past.ts';
import { afterStorageFact, isTrouble, noTrouble, storageKinds } from '../storage-trouble.ts';
import type { TimelineFact } from '../timeline/entry.ts';
import { countTopics } from '../topic-counts.ts';
import { numberIn, textIn, type Detail } from '../event-detail.ts';
import { withoutEarlierTopics } from './earlier-topics.ts';
import { FoldTopics } from './fold-topics.ts';

/** How far an answer may lag behind the moment it was asked for: a broker learns of a change a little later than it happens. */
export const keyframeOverlapMs = 3_000;

export type FoldEvent = Pick<TimelineFact, 'atMs' | 'kind' | 'detail'>;

export interface Folded {
  readonly picture: TopologySnapshot;
  readonly missing: MissingThings;
}

interface Draft {
  readonly frameMs: number;
  readonly brokers: Map<number, BrokerSummary>;
  readonly topics: FoldTopics;
  readonly groups: Map<string, GroupDetail>;
  readonly missingBrokers: Set<number>;
  readonly missingGroups: Set<string>;
  controllerId: number | null;
  controllerEpoch: number | null;
}

/** Events since this moment are put upon the keyframe. */
export function foldsFromMs(frame: Pick<TopologySnapshot, 'sinceMs' | 'atMs'>): number {
  return Math.min(frame.sinceMs ?? frame.atMs, frame.atMs) - keyframeOverlapMs;
}

/** The picture at the last event's moment. Events must stand in the order in which they happened. */
export function foldPicture(frame: TopologySnapshot, events: readonly FoldEvent[], atMs: number): Folded {
  const draft = openDraft(frame);
  for (const event of withoutEarlierTopics(frame.topics, events)) apply(draft, event);
  return {
    picture: closeDraft(frame, draft, atMs),
    missing: {
      topics: draft.topics.missing,
      brokerIds: [...draft.missingBrokers].sort((left, right) => left - right),
      groups: [...draft.missingGroups].sort(),
    },
  };
}

function openDraft(frame: TopologySnapshot): Draft {
  return {
    frameMs: frame.atMs,
    brokers: new Map(frame.overview.brokers.map((broker) => [broker.brokerId, broker])),
    topics: new FoldTopics(frame.topics),
    groups: new Map(frame.groups.map((group) => [group.groupId, group])),
    missingBrokers: new Set(),
    missingGroups: new Set(),
    controllerId: frame.overview.controllerId,
    controllerEpoch: frame.overview.controllerEpoch,
  };
}

function apply(draft: Draft, event: FoldEvent): void {
  applyStorage(draft, event);
  applyState(draft, event);
}

function applyState(draft: Draft, { kind, detail, atMs }: FoldEvent): void {
  switch (kind) {
    case 'leader-changed':
      return draft.topics.lead(detail);
    case 'isr-changed':
      return draft.topics.setIsr(detail);
    case 'controller-elected':
      return electController(draft, detail);
    case 'broker-fenced':
      return setBroker(draft, numberIn(detail, 'registeredId'), 'fenced');
    case 'broker-lost':
    case 'broker-gone':
      return setBroker(draft, numberIn(detail, 'brokerId'), 'lost');
    case 'broker-stopping':
      return setBroker(draft, numberIn(detail, 'brokerId'), 'stopping');
    case 'broker-registered':
      return noteBroker(draft, numberIn(detail, 'registeredId'));
    case 'broker-unfenced':
    case 'broker-back':
      return bringBack(draft, numberIn(detail, 'registeredId') ?? numberIn(detail, 'brokerId'), atMs);
    case 'group-state-changed':
      return changeGroup(draft, detail);
    case 'topic-created':
      return draft.topics.create(detail);
    case 'partitions-added':
      return draft.topics.grow(detail);
    case 'topic-deleted':
      return draft.topics.delete(detail);
    default:
      return undefined;
  }
}

/** What a broker told of its disks and logs. */
function applyStorage(draft: Draft, { kind, detail }: FoldEvent): void {
  if (!storageKinds.includes(kind)) return;
  const about = numberIn(detail, 'brokerId');
  for (const broker of draft.brokers.values()) {
    if (kind !== 'topic-deleted' && broker.brokerId !== about) continue;
    const { storage, ...others } = broker;
    const known = afterStorageFact(storage ?? noTrouble, kind, detail);
    draft.brokers.set(broker.brokerId, isTrouble(known) ? { ...others, storage: known } : others);
  }
}

function electController(draft: Draft, detail: Detail): void {
  const [id, epoch] = [numberIn(detail, 'controllerId'), numberIn(detail, 'epoch')];
  if (id === null || (epoch !== null && draft.controllerEpoch !== null && epoch < draft.controllerEpoch)) return;
  draft.controllerId = id;
  draft.controllerEpoch = epoch ?? draft.controllerEpoch;
}

/** A broker that serves nothing moves nothing: rates and process of the keyframe are no longer its own. */
function setBroker(draft: Draft, brokerId: number | null, state: BrokerState): void {
  const broker = brokerId === null ? undefined : draft.brokers.get(brokerId);
  if (broker === undefined) return;
  // What the supervisor knows of a process is worse, and truer, than that the cluster has fenced it.
  const isWorse = state === 'fenced' && broker.state === 'lost';
  const kept = state === 'stopping' ? {} : { rates: null, ...(state === 'lost' ? { process: null } : {}) };
  draft.brokers.set(broker.brokerId, { ...broker, ...kept, state: isWorse ? 'lost' : state });
}

/** Where a new broker listens, its events don't tell. */
function noteBroker(draft: Draft, brokerId: number | null): void {
  if (brokerId !== null && !draft.brokers.has(brokerId)) draft.missingBrokers.add(brokerId);
}

/** An unfencing older than the keyframe doesn't bring back a broker whose process the keyframe says is gone. */
function bringBack(draft: Draft, brokerId: number | null, atMs: number): void {
  noteBroker(draft, brokerId);
  const broker = brokerId === null ? undefined : draft.brokers.get(brokerId);
  if (broker === undefined || (atMs <= draft.frameMs && broker.state !== 'fenced')) return;
  draft.brokers.set(broker.brokerId, { ...broker, state: 'online' });
}

function changeGroup(draft: Draft, detail: Detail): void {
  const [groupId, state] = [textIn(detail, 'groupId'), textIn(detail, 'state')];
  if (groupId === null || state === null) return;
  const group = draft.groups.get(groupId);
  if (group === undefined) return noteGroup(draft, groupId, state);
  const members = numberIn(detail, 'members') === 0 ? [] : group.members;
  draft.groups.set(groupId, { ...group, state, members });
}

/** Who its members are and where it reads, its events don't tell. */
function noteGroup(draft: Draft, groupId: string, state: string): void {
  if (state === 'Dead') draft.missingGroups.delete(groupId);
  else draft.missingGroups.add(groupId);
}

function closeDraft(frame: TopologySnapshot, draft: Draft, atMs: number): TopologySnapshot {
  const topics = draft.topics.result();
  const partitions = topics.flatMap((topic) => topic.partitions);
  const leads = (brokerId: number): number => partitions.filter((one) => one.leaderId === brokerId).length;
  const brokers = [...draft.brokers.values()].map((broker) => ({
    ...broker,
    isController: broker.brokerId === draft.controllerId,
    leaderCount: draft.topics.hasMoved ? leads(broker.brokerId) : broker.leaderCount,
  }));
  return {
    ...frame,
    overview: toOverview(frame, draft, { topics, partitions, brokers }),
    topics,
    groups: [...draft.groups.values()],
    writes: writesLeft(frame, brokers),
    atMs,
  };
}

/** Whoever writes to a broker that serves nothing writes nothing there. */
function writesLeft({ writes }: TopologySnapshot, brokers: readonly BrokerSummary[]): readonly ClientWrites[] | null {
  const serving = new Set(
    brokers.filter((broker) => broker.state === 'online' || broker.state === 'stopping').map(({ brokerId }) => brokerId),
  );
  return writes?.filter(({ brokerId }) => serving.has(brokerId)) ?? null;
}

function toOverview(
  frame: TopologySnapshot,
  draft: Draft,
  now: Pick<TopologySnapshot, 'topics'> & {
    readonly partitions: readonly TopologyPartition[];
    readonly brokers: readonly BrokerSummary[];
  },
): TopologySnapshot['overview'] {
  const before = frame.overview;
  return {
    ...before,
    controllerId: draft.controllerId,
    controllerEpoch: draft.controllerEpoch,
    brokers: now.brokers,
    ...countTopics(now.topics),
    offlinePartitions: now.partitions.filter((one) => one.leaderId === null).length,
    underReplicatedPartitions: now.partitions.filter((one) => one.isr.length < one.replicas.length).length,
    // Which minimum each topic asks for isn't in the record: after a change it is unknown until the next keyframe.
    underMinIsrPartitions: draft.topics.hasMoved ? null : before.underMinIsrPartitions,
  };
}
