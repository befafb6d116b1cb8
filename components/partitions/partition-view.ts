// Replicas as tapes: where an offset lies on a tape, and of which parts each tape is made. Pure.
// All tapes of a partition share one scale, so that what one lacks stands under what another has. The last records take
// most of the width; what lies before is pressed together behind a break.

import type { State } from '#components/ui/state-shape.tsx';
import type { EpochStart, PartitionReplica, PartitionReplicas } from '#server/cluster/partition-replicas.ts';

export type Health = 'offline' | 'short' | 'elsewhere' | 'good';

export function healthOf({ leaderId, replicas }: PartitionReplicas): Health {
  if (leaderId === null) return 'offline';
  if (replicas.some((replica) => !replica.isInSync)) return 'short';
  return replicas.some((replica) => replica.isPreferred && !replica.isLeader) ? 'elsewhere' : 'good';
}

export function stateOf(health: Health): State {
  if (health === 'offline') return 'offline';
  return health === 'short' ? 'watch' : 'good';
}

export function replicaState(replica: PartitionReplica): State {
  if (!replica.isInSync) return replica.answers ? 'watch' : 'offline';
  return replica.answers ? 'good' : 'unknown';
}

export type Standing = 'eligible' | 'last-known';

/** What a copy that is not in sync may still be called upon for; a cluster that doesn't tell has none. */
export function standingsOf({ eligible, isr }: Pick<PartitionReplicas, 'eligible' | 'isr'>, brokerId: number): readonly Standing[] {
  if (eligible === null || isr.includes(brokerId)) return [];
  return [
    ...(eligible.replicas.includes(brokerId) ? ['eligible' as const] : []),
    ...(eligible.lastKnown.includes(brokerId) ? ['last-known' as const] : []),
  ];
}

/** Those that any copy of this partition has. */
export function presentStandings(partition: PartitionReplicas): readonly Standing[] {
  const present = new Set(partition.replicas.flatMap(({ brokerId }) => standingsOf(partition, brokerId)));
  return (['eligible', 'last-known'] as const).filter((standing) => present.has(standing));
}

const windows = [20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000];
/** Width of what is pressed together, of the whole. */
const pressedShare = 0.22;
const breakShare = 0.025;

export interface Scale {
  readonly from: number;
  /** The first offset drawn to scale; `from` when everything is. */
  readonly windowFrom: number;
  readonly to: number;
  readonly window: number;
  readonly isPressed: boolean;
}

/** Wide enough for the replica furthest behind and for the newest epoch's beginning, as long as that leaves the end readable. */
export function scaleOf({ replicas, epochs }: Pick<PartitionReplicas, 'replicas' | 'epochs'>): Scale {
  const starts = replicas.flatMap((one) => (one.logStartOffset === null ? [] : [one.logStartOffset]));
  const ends = replicas.flatMap((one) => (one.logEndOffset === null ? [] : [one.logEndOffset]));
  const from = Math.min(...starts, ...ends, Infinity);
  const to = Math.max(...ends, -Infinity);
  if (!Number.isFinite(from) || !Number.isFinite(to)) return { from: 0, windowFrom: 0, to: 0, window: 0, isPressed: false };
  const furthest = to - Math.min(...replicas.flatMap((one) => (one.highWatermark === null ? ends : [one.highWatermark])), ...ends);
  const newest = epochs?.at(-1)?.startOffset ?? to;
  const wanted = Math.max(furthest * 1.3, to - newest < 5_000 ? (to - newest) * 1.2 : 0, 50);
  const window = windows.find((one) => one >= wanted) ?? Math.ceil(wanted);
  const isPressed = to - from > window * 1.5;
  return { from, windowFrom: isPressed ? to - window : from, to, window: isPressed ? window : to - from, isPressed };
}

/** Where an offset lies, 0 to 1. */
export function placeOf(scale: Scale, offset: number): number {
  const { from, windowFrom, to, isPressed } = scale;
  const share = (value: number, first: number, last: number): number =>
    last <= first ? 0 : Math.max(0, Math.min(1, (value - first) / (last - first)));
  if (!isPressed) return share(offset, from, to);
  if (offset < windowFrom) return share(offset, from, windowFrom) * pressedShare;
  const head = pressedShare + breakShare;
  return head + share(offset, windowFrom, to) * (1 - head);
}

export interface TapePart {
  /** `untold`: written, and nobody says how much of it is committed. */
  readonly kind: 'committed' | 'uncommitted' | 'untold' | 'missing';
  /** null: the replica doesn't tell which epoch wrote it. */
  readonly epoch: number | null;
  readonly left: number;
  readonly width: number;
}

/** Every part of a replica's tape, from left to right: what is committed by epoch, what is not yet, what it lacks. */
export function partsOf(replica: PartitionReplica, scale: Scale): readonly TapePart[] {
  const { logStartOffset: start, logEndOffset: end, highWatermark } = replica;
  if (start === null || end === null) return [];
  const committed = Math.min(end, Math.max(start, highWatermark ?? start));
  const rest = highWatermark === null ? 'untold' : 'uncommitted';
  const own = epochSpans(replica.epochs, start, end).flatMap(({ epoch, from, to }) => [
    ...part(scale, { kind: 'committed', epoch }, [from, Math.min(to, committed)]),
    ...part(scale, { kind: rest, epoch }, [Math.max(from, committed), to]),
  ]);
  return [...own, ...part(scale, { kind: 'missing', epoch: null }, [end, scale.to])];
}

function part(
  scale: Scale,
  what: Pick<TapePart, 'kind' | 'epoch'>,
  [first, last]: readonly [first: number, last: number],
): readonly TapePart[] {
  const left = placeOf(scale, first);
  return last <= first ? [] : [{ ...what, left, width: placeOf(scale, last) - left }];
}

interface Span {
  readonly epoch: number | null;
  readonly from: number;
  readonly to: number;
}

/** The epochs within [start, end); what lies before the first known one has none. */
export function epochSpans(epochs: readonly EpochStart[] | null, start: number, end: number): readonly Span[] {
  if (epochs === null || epochs.length === 0) return end > start ? [{ epoch: null, from: start, to: end }] : [];
  const first = epochs[0]?.startOffset ?? start;
  const before: Span[] = first > start ? [{ epoch: null, from: start, to: Math.min(first, end) }] : [];
  const spans = epochs.map(({ epoch, startOffset }, index) => ({
    epoch,
    from: Math.max(start, startOffset),
    to: Math.min(end, epochs[index + 1]?.startOffset ?? end),
  }));
  return [...before, ...spans].filter(({ from, to }) => to > from);
}

/** The three tints of epochs take turns; neighbours always differ, and each carries its number. */
export function tintOf(epoch: number | null): 'none' | 0 | 1 | 2 {
  return epoch === null ? 'none' : ((epoch % 3) as 0 | 1 | 2);
}
