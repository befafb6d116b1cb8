// The event lane as data: throughput of the last minutes and what happened in them, laid on one time axis.
// Pure: samples and events in, coordinates out.

import { electionKindOf, isUncleanElection } from '#components/shell/election-kind.ts';
import type { RateSample } from '#server/cluster/port.ts';

/** One second of throughput: what the live stream and the record both know. */
export type LaneSample = Pick<RateSample, 'atMs' | 'recordsInPerSecond' | 'recordsOutPerSecond'>;

/** One line of the stored timeline, as the API tells it. */
export interface LaneEvent {
  readonly atMs: number;
  readonly kind: string;
  readonly subject: string;
  readonly cause: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export const laneKinds = [
  'elect',
  'unclean',
  'controller',
  'up',
  'down',
  'stopping',
  'follow',
  'isr',
  'shrink',
  'expand',
  'rebalance',
  'topic',
  'topicGone',
  'partitions',
  'config',
  'demo',
  'fault',
  'faultEnded',
  'vote',
  'voteGone',
  'recovered',
  'truncated',
  'logStart',
  'trouble',
  'diskFull',
  'diskRoom',
  'damaged',
  'uncleanable',
  'other',
] as const;
export type LaneKind = (typeof laneKinds)[number];

const kinds: Readonly<Record<string, LaneKind>> = {
  'leader-changed': 'elect',
  'controller-elected': 'controller',
  'broker-started': 'up',
  'broker-unfenced': 'up',
  'broker-back': 'up',
  'broker-registered': 'up',
  'broker-fenced': 'down',
  'broker-lost': 'down',
  'broker-gone': 'down',
  'clients-followed': 'follow',
  'broker-stopping': 'stopping',
  'isr-changed': 'isr',
  'group-state-changed': 'rebalance',
  'topic-created': 'topic',
  'topic-deleted': 'topicGone',
  'partitions-added': 'partitions',
  'config-changed': 'config',
  'demo-started': 'demo',
  'demo-stopped': 'demo',
  'fault-injected': 'fault',
  'fault-ended': 'faultEnded',
  'broker-restarted': 'up',
  'broker-added': 'up',
  'voter-added': 'vote',
  'voter-removed': 'voteGone',
  'log-recovered': 'recovered',
  'log-truncated': 'truncated',
  'log-start-moved': 'logStart',
  'log-directory-failed': 'trouble',
  'disk-full': 'diskFull',
  'disk-writable': 'diskRoom',
  'log-damaged': 'damaged',
  'log-uncleanable': 'uncleanable',
};

export function laneKind(event: LaneEvent): LaneKind {
  return isUncleanElection(event) ? 'unclean' : (kinds[event.kind] ?? 'other');
}

/** Routine of a healthy cluster: shown in the table, not on the lane. A recovery that removed nothing, retention, and
 *  a broker's registration, which its unfencing tells again a moment later. */
export function isRoutine(event: LaneEvent): boolean {
  if (event.kind === 'log-recovered') return event.detail['removedBytes'] === 0;
  // A new partition's first leader is routine; one that leads where nobody was in sync is not.
  if (electionKindOf(event) !== null) return !isUncleanElection(event) && event.subject.startsWith('__');
  if (event.kind === 'leader-changed') return typeof event.detail['previousLeaderId'] === 'number' && event.detail['previousLeaderId'] < 0;
  // A rebalance is marked where it ended; its steps, moments apart, are in the table.
  if (event.kind === 'group-state-changed') return /rebalance$/i.test(String(event.detail['state'] ?? ''));
  // Kafka's own topics follow whatever happens to a broker, fifty partitions at a time.
  if ((event.kind === 'leader-changed' || event.kind === 'isr-changed') && event.subject.startsWith('__')) return true;
  return event.kind === 'log-start-moved' || event.kind === 'broker-registered';
}

export interface LaneFrame {
  readonly width: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Where the axis begins and ends within the case, where nought and the top of the scale lie, and how far the title
 *  reaches into the row of marks and words. */
export const laneBox = { left: 84, right: 92, base: 104, top: 54, height: 128, titleEnd: 262 } as const;

export function timeX(frame: LaneFrame, atMs: number): number {
  const room = frame.width - laneBox.left - laneBox.right;
  return laneBox.left + ((atMs - frame.fromMs) / (frame.toMs - frame.fromMs)) * room;
}

/** The moment under a place of the axis. */
export function timeAt(frame: LaneFrame, x: number): number {
  const room = frame.width - laneBox.left - laneBox.right;
  const share = Math.min(1, Math.max(0, (x - laneBox.left) / room));
  return Math.round(frame.fromMs + share * (frame.toMs - frame.fromMs));
}

/** Where a click on a mark leads: to when all of what it is named after had happened. */
export function momentOf(mark: LaneMark): number {
  return mark.events.findLast((event) => laneKind(event) === mark.kind)?.atMs ?? mark.events.at(-1)!.atMs;
}

/** 1, 2 or 5 times a power of ten, at least ten. */
export function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(10, most)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((top) => top >= most) ?? 10 * power;
}

/** A rate this many times the usual one is a spike: the scale doesn't follow it. */
const spikeFactor = 3;
/** Above the usual rate the scale has this much room. */
const usualRoom = 1.25;
/** The share of the seconds with traffic that the usual rate covers. */
const usualShare = 0.9;
/** What has flowed for most of so many seconds up to now is no spike. */
const recentSamples = 10;

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** The higher of the two rates of a second. */
function higherRate(sample: LaneSample): number {
  return Math.max(sample.recordsInPerSecond, sample.recordsOutPerSecond ?? 0);
}

/** The top of the scale: a robust one, because a single second of a bulk load would press everything else flat. */
export function scaleTop(samples: readonly LaneSample[], fromMs: number): number {
  const rates = samples.filter((sample) => sample.atMs >= fromMs).map(higherRate);
  const most = rates.reduce((highest, rate) => Math.max(highest, rate), 0);
  const usual = Math.max(
    quantile(
      rates.filter((rate) => rate > 0),
      usualShare,
    ),
    quantile(rates.slice(-recentSamples), 0.5),
  );
  return niceTop(most > spikeFactor * usual ? usualRoom * usual : most);
}

/** A stretch above the top of the scale: drawn as cut, with its highest rate beside it. */
export interface Spike {
  readonly x: number;
  readonly peak: number;
  readonly atMs: number;
}

/** Spikes nearer than this are one; the room that a label takes. */
const spikePixels = 56;

export function spikes(samples: readonly LaneSample[], frame: LaneFrame, top: number): readonly Spike[] {
  const found: Spike[] = [];
  for (const sample of samples) {
    const rate = higherRate(sample);
    if (sample.atMs < frame.fromMs || sample.atMs > frame.toMs || rate <= top) continue;
    const spike: Spike = { x: timeX(frame, sample.atMs), peak: rate, atMs: sample.atMs };
    const last = found.at(-1);
    if (last === undefined || spike.x - last.x >= spikePixels) found.push(spike);
    else if (spike.peak > last.peak) found[found.length - 1] = spike;
  }
  return found;
}

/** A gap longer than this breaks the line: nothing was measured there, and nothing is drawn. */
const gapMs = 5_000;

export interface Curve {
  readonly line: string;
  readonly area: string;
}

export function curve(
  samples: readonly LaneSample[],
  frame: LaneFrame,
  look: { readonly top: number; readonly value: (sample: LaneSample) => number | null },
): Curve {
  let line = '';
  let area = '';
  let startX = 0;
  let lastX = 0;
  let lastMs = -Infinity;
  for (const sample of samples) {
    const value = look.value(sample);
    if (sample.atMs < frame.fromMs || sample.atMs > frame.toMs || value === null) continue;
    const x = timeX(frame, sample.atMs);
    const y = laneBox.base - (Math.min(value, look.top) / look.top) * (laneBox.base - laneBox.top);
    const isNew = sample.atMs - lastMs > gapMs;
    if (isNew && line !== '') area += closeArea(lastX, startX);
    if (isNew) startX = x;
    const step = `${isNew ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    line += step;
    area += step;
    [lastX, lastMs] = [x, sample.atMs];
  }
  return { line, area: line === '' ? '' : area + closeArea(lastX, startX) };
}

function closeArea(lastX: number, startX: number): string {
  return `L${lastX.toFixed(1)} ${laneBox.base}L${startX.toFixed(1)} ${laneBox.base}Z`;
}

/** Stretches of the axis in which nothing was measured, from left to right. */
export function unmeasured(
  samples: readonly LaneSample[],
  frame: LaneFrame,
): readonly { readonly fromX: number; readonly toX: number; readonly untilMs: number }[] {
  const within = samples.filter((sample) => sample.atMs >= frame.fromMs && sample.atMs <= frame.toMs).map((sample) => sample.atMs);
  const times = [frame.fromMs, ...within, frame.toMs];
  return times.slice(1).flatMap((untilMs, index) => {
    const sinceMs = times[index]!;
    return untilMs - sinceMs <= gapMs
      ? []
      : [{ fromX: Math.round(timeX(frame, sinceMs)), toX: Math.round(timeX(frame, untilMs)) - 8, untilMs }];
  });
}

export interface LaneMark {
  readonly key: string;
  readonly x: number;
  readonly kind: LaneKind;
  readonly events: readonly LaneEvent[];
  /** Where its words stand; null when there is no room. */
  readonly words: 'right' | 'left' | null;
  /** Under the title, which keeps its place: the mark hangs lower and has no words. */
  readonly isLow: boolean;
}

/** Marks nearer than this are one. */
const mergePixels = 15;
/** Room that words take. */
const wordPixels = 150;

function worst(events: readonly LaneEvent[]): LaneKind {
  const order: readonly LaneKind[] = [
    'trouble',
    'diskFull',
    'damaged',
    'unclean',
    'down',
    'uncleanable',
    'shrink',
    'fault',
    'controller',
    'elect',
    'stopping',
    'up',
    'follow',
    'isr',
    'demo',
    'topicGone',
    'topic',
    'rebalance',
  ];
  const present = events.map(laneKind);
  return order.find((kind) => present.includes(kind)) ?? present[0] ?? 'other';
}

/** Marks from left to right; words go to the newest first, as they are what one looks for. */
export function laneMarks(events: readonly LaneEvent[], frame: LaneFrame): readonly LaneMark[] {
  const seen = events
    .filter((event) => event.atMs >= frame.fromMs && event.atMs <= frame.toMs && !isRoutine(event))
    .toSorted((a, b) => a.atMs - b.atMs);
  const merged: { x: number; events: LaneEvent[] }[] = [];
  for (const event of seen) {
    const x = timeX(frame, event.atMs);
    const last = merged.at(-1);
    if (last !== undefined && x - last.x < mergePixels) last.events.push(event);
    else merged.push({ x, events: [event] });
  }
  return giveWords(merged, frame.width - laneBox.right).map((mark): LaneMark => ({
    ...mark,
    isLow: isUnderTitle(mark),
    kind: worst(mark.events),
    key: `${mark.events[0]!.atMs}-${mark.events[0]!.kind}-${mark.events[0]!.subject}`,
  }));
}

/** Half a mark's width beside the title. */
const markPixels = 9;

function isUnderTitle({ x }: Bare): boolean {
  return x - markPixels < laneBox.titleEnd;
}

interface Bare {
  readonly x: number;
  readonly events: readonly LaneEvent[];
}

/** From the right: words go to the right of their mark up to the next taken place, else to the left, else nowhere. */
function giveWords(marks: readonly Bare[], end: number): readonly (Bare & { readonly words: LaneMark['words'] })[] {
  let takenFrom = end;
  const given = marks.toReversed().map((mark, index, reversed) => {
    if (isUnderTitle(mark)) return { ...mark, words: null };
    const previousX = Math.max(laneBox.titleEnd, reversed[index + 1]?.x ?? 0);
    if (takenFrom - mark.x >= wordPixels) {
      takenFrom = mark.x - 8;
      return { ...mark, words: 'right' as const };
    }
    if (mark.x - previousX >= wordPixels + 8 && takenFrom > mark.x) {
      takenFrom = mark.x - wordPixels;
      return { ...mark, words: 'left' as const };
    }
    takenFrom = Math.min(takenFrom, mark.x - 8);
    return { ...mark, words: null };
  });
  return given.toReversed();
}

/** Whole minutes for the axis, at most eight or so. */
/** A label with air beside it; a phone's lane has room for few. */
const tickRoom = 52;
const mostTicks = 8;
const tickSteps = [60_000, 120_000, 300_000, 600_000, 1_200_000, 1_800_000];

export function axisTicks(frame: LaneFrame): readonly { readonly x: number; readonly atMs: number }[] {
  const most = Math.min(mostTicks, Math.floor((frame.width - laneBox.left - laneBox.right) / tickRoom));
  const everyMs = tickSteps.find((step) => (frame.toMs - frame.fromMs) / step <= most) ?? 1_800_000;
  const ticks: { x: number; atMs: number }[] = [];
  for (let atMs = Math.ceil(frame.fromMs / everyMs) * everyMs; atMs < frame.toMs; atMs += everyMs)
    ticks.push({ x: timeX(frame, atMs), atMs });
  return ticks;
}
