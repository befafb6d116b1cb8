// A picture of a moment: the last keyframe before it, with every event told since put upon it in order.
// A keyframe is made of answers that are up to two seconds old when it is stamped, so the events of the moments just
// before it are applied again: replaying in order ends where the keyframe already was, or puts it right.
// Invariant: only what an event says is changed; what it leaves open (offsets, rates) stays as the keyframe has it.

import type { BrokerState, BrokerSummary, ClientWrites, GroupDetail, TopologyPartition, TopologySnapshot } from '../port.ts';
import type { TimelineFact } from '../timeline/entry.ts';
import { countTopics } from '../topic-counts.ts';

/** How old an answer inside a keyframe may be. */
export const keyframeOverlapMs = 3_000;

export type FoldEvent = Pick<TimelineFact, 'atMs' | 'kind' | 'detail'>;

interface Draft {
  readonly frameMs: number;
  readonly brokers: Map<number, BrokerSummary>;
  readonly partitions: Map<string, TopologyPartition>;
  readonly groups: Map<string, GroupDetail>;
  readonly deletedTopics: Set<string>;
  controllerId: number | null;
  controllerEpoch: number | null;
  hasMoved: boolean;
}

type Detail = FoldEvent['detail'];

function numberIn(detail: Detail, name: string): number | null {
  const value = detail[name];
  return typeof value === 'number' ? value : null;
}

function textIn(detail: Detail, name: string): string | null {
  const value = detail[name];
  return typeof value === 'string' ? value : null;
}

function partitionKey(detail: Detail): string {
  return `${textIn(detail, 'topic') ?? ''}-${numberIn(detail, 'partition') ?? -1}`;
}

/** The picture at the last event's moment. Events must stand in the order in which they happened. */
export function foldPicture(frame: TopologySnapshot, events: readonly FoldEvent[], atMs: number): TopologySnapshot {
  const draft = openDraft(frame);
  for (const event of events) apply(draft, event);
  return closeDraft(frame, draft, atMs);
}

function openDraft(frame: TopologySnapshot): Draft {
  return {
    frameMs: frame.atMs,
    brokers: new Map(frame.overview.brokers.map((broker) => [broker.brokerId, broker])),
    partitions: new Map(frame.topics.flatMap((topic) => topic.partitions.map((one) => [`${topic.name}-${one.partition}`, one]))),
    groups: new Map(frame.groups.map((group) => [group.groupId, group])),
    deletedTopics: new Set(),
    controllerId: frame.overview.controllerId,
    controllerEpoch: frame.overview.controllerEpoch,
    hasMoved: false,
  };
}

function apply(draft: Draft, { kind, detail, atMs }: FoldEvent): void {
  switch (kind) {
    case 'leader-changed':
      return moveLeader(draft, detail);
    case 'isr-changed':
      return changeIsr(draft, detail);
    case 'controller-elected':
      return electController(draft, detail);
    case 'broker-fenced':
      return setBroker(draft, numberIn(detail, 'registeredId'), 'fenced');
    case 'broker-lost':
    case 'broker-gone':
      return setBroker(draft, numberIn(detail, 'brokerId'), 'lost');
    case 'broker-stopping':
      return setBroker(draft, numberIn(detail, 'brokerId'), 'stopping');
    case 'broker-unfenced':
    case 'broker-back':
      return bringBack(draft, numberIn(detail, 'registeredId') ?? numberIn(detail, 'brokerId'), atMs);
    case 'group-state-changed':
      return changeGroup(draft, detail);
    case 'topic-deleted':
      return void draft.deletedTopics.add(textIn(detail, 'topic') ?? '');
    default:
      return undefined;
  }
}

function moveLeader(draft: Draft, detail: Detail): void {
  const key = partitionKey(detail);
  const partition = draft.partitions.get(key);
  const [leaderId, leaderEpoch] = [numberIn(detail, 'leaderId'), numberIn(detail, 'leaderEpoch')];
  if (partition === undefined || leaderId === null) return;
  // An epoch never goes back: what is older than the keyframe's own epoch it knows already.
  if (leaderEpoch !== null && partition.leaderEpoch !== null && leaderEpoch < partition.leaderEpoch) return;
  draft.partitions.set(key, { ...partition, leaderId: leaderId < 0 ? null : leaderId, leaderEpoch: leaderEpoch ?? partition.leaderEpoch });
  draft.hasMoved = true;
}

function changeIsr(draft: Draft, detail: Detail): void {
  const key = partitionKey(detail);
  const partition = draft.partitions.get(key);
  const isr = detail['isr'];
  if (partition === undefined || !Array.isArray(isr)) return;
  draft.partitions.set(key, { ...partition, isr: isr.filter((id) => typeof id === 'number') });
  draft.hasMoved = true;
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

/** An unfencing older than the keyframe doesn't bring back a broker whose process the keyframe says is gone. */
function bringBack(draft: Draft, brokerId: number | null, atMs: number): void {
  const broker = brokerId === null ? undefined : draft.brokers.get(brokerId);
  if (broker === undefined || (atMs <= draft.frameMs && broker.state !== 'fenced')) return;
  draft.brokers.set(broker.brokerId, { ...broker, state: 'online' });
}

function changeGroup(draft: Draft, detail: Detail): void {
  const group = draft.groups.get(textIn(detail, 'groupId') ?? '');
  const state = textIn(detail, 'state');
  if (group === undefined || state === null) return;
  const members = numberIn(detail, 'members') === 0 ? [] : group.members;
  draft.groups.set(group.groupId, { ...group, state, members });
}

function closeDraft(frame: TopologySnapshot, draft: Draft, atMs: number): TopologySnapshot {
  const topics = frame.topics
    .filter((topic) => !draft.deletedTopics.has(topic.name))
    .map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((one) => draft.partitions.get(`${topic.name}-${one.partition}`) ?? one),
    }));
  const partitions = topics.flatMap((topic) => topic.partitions);
  const leads = (brokerId: number): number => partitions.filter((one) => one.leaderId === brokerId).length;
  const brokers = [...draft.brokers.values()].map((broker) => ({
    ...broker,
    isController: broker.brokerId === draft.controllerId,
    leaderCount: draft.hasMoved ? leads(broker.brokerId) : broker.leaderCount,
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
    underMinIsrPartitions: draft.hasMoved ? null : before.underMinIsrPartitions,
  };
}
