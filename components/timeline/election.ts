// An election as the record tells it: a broker is lost, the cluster fences it, new leaders are named, clients find them.
// Every step stands on stored events and carries their time; what no event tells is said to be unknown, never filled in.
// Pure: events in, stories out.

import { electionKindOf, type ElectionKind } from '#components/shell/election-kind.ts';
import type { LaneEvent } from './lane-model.ts';

export const electionSteps = ['silent', 'fenced', 'named', 'followed'] as const;
export type ElectionStepKind = (typeof electionSteps)[number];

export interface ElectionStep {
  readonly kind: ElectionStepKind;
  /** When it was done: for leaders and clients, the last of them so far; null: no event tells. */
  readonly atMs: number | null;
}

export interface ElectionMove {
  readonly topic: string;
  readonly partition: number;
  readonly fromId: number;
  /** null: nobody could be named yet. */
  readonly toId: number | null;
  readonly leaderEpoch: number | null;
  /** Why it could be named though nobody was in sync; null: it was in sync. */
  readonly how: ElectionKind | null;
  readonly atMs: number;
  /** When the first client wrote to or read from the new leader; null: not seen. */
  readonly followedMs: number | null;
}

export interface Election {
  /** The broker that was lost. */
  readonly brokerId: number;
  readonly startMs: number;
  readonly endMs: number;
  /** How it was lost, by the name of the fault or of the event; null: the record only has the fencing. */
  readonly cause: string | null;
  readonly steps: readonly ElectionStep[];
  /** One a partition, Kafka's own topics left out. */
  readonly moves: readonly ElectionMove[];
  /** Partitions of Kafka's own topics that moved with them. */
  readonly internalMoves: number;
  /** Who wore the crown afterwards, when the lost broker had worn it. */
  readonly controller: { readonly brokerId: number; readonly epoch: number; readonly atMs: number } | null;
}

/** Events this far apart may still be one story: a frozen broker is missed only when its session ends. */
const storyMs = 45_000;
/** A leader may be named a moment before the events that say why: they come from different brokers. */
const slackMs = 750;
const faultsThatSilence: ReadonlySet<string> = new Set(['kill', 'stop', 'freeze']);

interface Draft {
  readonly brokerId: number;
  readonly startMs: number;
  lastMs: number;
  cause: string | null;
  silentMs: number | null;
  fencedMs: number | null;
  isOver: boolean;
}

/** Stories of this stretch of the record, oldest first. */
export function electionsOf(events: readonly LaneEvent[]): readonly Election[] {
  const ordered = events.toSorted((a, b) => a.atMs - b.atMs);
  return draftsOf(ordered)
    .map((draft) => closeStory(draft, ordered))
    .filter((story) => story.moves.length + story.internalMoves > 0);
}

function numberIn(event: LaneEvent, name: string): number | null {
  const value = event.detail[name];
  return typeof value === 'number' ? value : null;
}

interface Loss {
  readonly brokerId: number;
  readonly isFencing: boolean;
  readonly cause: string | null;
}

/** What an event says of a lost broker; null: nothing. */
function lossOf(event: LaneEvent): Loss | null {
  const fault = event.detail['kind'];
  const brokerId = numberIn(event, 'brokerId');
  switch (event.kind) {
    case 'broker-fenced': {
      const fencedId = numberIn(event, 'registeredId');
      return fencedId === null ? null : { brokerId: fencedId, isFencing: true, cause: null };
    }
    case 'broker-lost':
      return brokerId === null ? null : { brokerId, isFencing: true, cause: null };
    case 'broker-gone':
    case 'broker-stopping':
      return brokerId === null ? null : { brokerId, isFencing: false, cause: event.kind };
    case 'fault-injected':
      return brokerId === null || typeof fault !== 'string' || !faultsThatSilence.has(fault)
        ? null
        : { brokerId, isFencing: false, cause: fault };
    default:
      return null;
  }
}

function isReturn(event: LaneEvent, brokerId: number): boolean {
  return (
    (event.kind === 'broker-unfenced' && numberIn(event, 'registeredId') === brokerId) ||
    (event.kind === 'broker-back' && numberIn(event, 'brokerId') === brokerId)
  );
}

function draftsOf(ordered: readonly LaneEvent[]): readonly Draft[] {
  const drafts: Draft[] = [];
  for (const event of ordered) {
    for (const draft of drafts) if (isReturn(event, draft.brokerId)) draft.isOver = true;
    const loss = lossOf(event);
    if (loss === null) continue;
    const open = drafts.findLast((draft) => draft.brokerId === loss.brokerId && !draft.isOver && event.atMs - draft.lastMs <= storyMs);
    const draft: Draft = open ?? {
      brokerId: loss.brokerId,
      startMs: event.atMs,
      lastMs: event.atMs,
      cause: null,
      silentMs: null,
      fencedMs: null,
      isOver: false,
    };
    if (open === undefined) drafts.push(draft);
    draft.lastMs = event.atMs;
    draft.cause ??= loss.cause;
    if (loss.isFencing) draft.fencedMs ??= event.atMs;
    else draft.silentMs ??= event.atMs;
  }
  return drafts;
}

function closeStory(draft: Draft, ordered: readonly LaneEvent[]): Election {
  const windowMs = draft.lastMs + storyMs;
  const since = ordered.filter((event) => event.atMs >= draft.startMs - slackMs);
  const all = movesOf(draft.brokerId, since, windowMs);
  const moves = all.filter((move) => !move.topic.startsWith('__'));
  const told = moves.length > 0 ? moves : all;
  const named = told.filter((move) => move.toId !== null);
  const followed = moves.map((move) => move.followedMs).filter((atMs) => atMs !== null);
  const steps: readonly ElectionStep[] = [
    { kind: 'silent', atMs: draft.silentMs },
    { kind: 'fenced', atMs: draft.fencedMs },
    { kind: 'named', atMs: latest(named.map((move) => move.atMs)) },
    { kind: 'followed', atMs: latest(followed) },
  ];
  const times = [draft.startMs, ...steps.map((step) => step.atMs).filter((atMs) => atMs !== null)];
  return {
    brokerId: draft.brokerId,
    startMs: Math.min(...times),
    endMs: Math.max(...times),
    cause: draft.cause,
    steps,
    moves,
    internalMoves: all.length - moves.length,
    controller: crownOf(
      draft.brokerId,
      since.filter((event) => event.atMs <= windowMs),
    ),
  };
}

function latest(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.max(...times);
}

/** The last word on each partition that the lost broker led; one that nobody could lead is waited for, however long that takes. */
function movesOf(brokerId: number, events: readonly LaneEvent[], windowMs: number): readonly ElectionMove[] {
  const moves = new Map<string, ElectionMove>();
  /** Led again by the lost broker as if it had not been away: what comes later is another story. */
  const back = new Set<string>();
  for (const event of events) {
    const [topic, partition] = [event.detail['topic'], numberIn(event, 'partition')];
    if (typeof topic !== 'string' || partition === null) continue;
    const key = `${topic}-${partition}`;
    const known = moves.get(key);
    if (event.atMs > (back.has(key) ? windowMs : toldUntil(known, windowMs))) continue;
    if (event.kind === 'leader-changed') {
      const next = toMove(event, { topic, partition, brokerId, known });
      if (next !== null) moves.set(key, next);
      else if (known !== undefined && numberIn(event, 'leaderId') === brokerId) back.add(key);
    }
    if (event.kind !== 'clients-followed' || known === undefined || known.followedMs !== null) continue;
    if ((numberIn(event, 'leaderEpoch') ?? -1) >= (known.leaderEpoch ?? -1)) moves.set(key, { ...known, followedMs: event.atMs });
  }
  return [...moves.values()].toSorted((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition);
}

function toldUntil(known: ElectionMove | undefined, windowMs: number): number {
  if (known === undefined) return windowMs;
  if (known.toId === null) return Infinity;
  return known.atMs > windowMs ? known.atMs + storyMs : windowMs;
}

interface MoveOf {
  readonly topic: string;
  readonly partition: number;
  readonly brokerId: number;
  readonly known: ElectionMove | undefined;
}

function toMove(event: LaneEvent, { topic, partition, brokerId, known }: MoveOf): ElectionMove | null {
  const [fromId, toId] = [numberIn(event, 'previousLeaderId'), numberIn(event, 'leaderId')];
  // Out of the lost broker's hands, or out of nobody's after that.
  const isOurs = fromId === brokerId || (known !== undefined && known.toId === null);
  const how = electionKindOf(event);
  // The lost broker itself, where nobody else could lead: its own return ended the wait.
  if (!isOurs || (toId === brokerId && how === null)) return null;
  const leaderEpoch = numberIn(event, 'leaderEpoch');
  const isNamed = toId !== null && toId >= 0;
  return { topic, partition, fromId: brokerId, toId: isNamed ? toId : null, leaderEpoch, how, atMs: event.atMs, followedMs: null };
}

function crownOf(brokerId: number, events: readonly LaneEvent[]): Election['controller'] {
  const elected = events.findLast((event) => event.kind === 'controller-elected' && numberIn(event, 'controllerId') !== brokerId);
  const [newId, epoch] = elected === undefined ? [null, null] : [numberIn(elected, 'controllerId'), numberIn(elected, 'epoch')];
  return elected === undefined || newId === null || epoch === null ? null : { brokerId: newId, epoch, atMs: elected.atMs };
}

/** The elections among its moves that need a word of their own, the worst first; null: every new leader was in sync. */
export function hardestMoves({ moves }: Election): { readonly how: ElectionKind; readonly count: number } | null {
  const worstFirst: readonly ElectionKind[] = ['unclean', 'last-known', 'eligible'];
  const how = worstFirst.find((kind) => moves.some((move) => move.how === kind));
  return how === undefined ? null : { how, count: moves.filter((move) => move.how === how).length };
}

/** How long a finished election is still told beside the live picture: long enough to reach it with a keyboard and a
 *  screen reader; who has read it puts it away. */
const toldLiveMs = 120_000;
const beforeMs = 2_000;
const afterMs = 15_000;

/** The election to tell at a moment of the record, or now. */
export function electionAt(elections: readonly Election[], at: { readonly atMs: number | null; readonly nowMs: number }): Election | null {
  if (at.atMs === null) return elections.findLast((one) => at.nowMs - one.endMs < toldLiveMs && one.startMs <= at.nowMs) ?? null;
  const { atMs } = at;
  return elections.findLast((one) => atMs >= one.startMs - beforeMs && atMs <= one.endMs + afterMs) ?? null;
}

/** The step that holds at a moment: the last in the telling whose time has come; -1 before the first. */
export function stepAt(election: Election, atMs: number): number {
  return election.steps.findLastIndex((step) => step.atMs !== null && step.atMs <= atMs);
}

/** Steps with a time, in the telling's order: where "back" and "next" lead. */
export function toldSteps(election: Election): readonly number[] {
  return election.steps.flatMap((step, index) => (step.atMs === null ? [] : [index]));
}

/** Cells to ring at a moment: new leaders that were named by then. */
export function newLeadersAt(
  election: Election,
  atMs: number,
): readonly { readonly topic: string; readonly partition: number; readonly brokerId: number }[] {
  return election.moves.flatMap(({ topic, partition, toId, atMs: movedMs }) =>
    toId === null || movedMs > atMs ? [] : [{ topic, partition, brokerId: toId }],
  );
}
