// Turns a range of records into dots on an edge: sampling, promotion, and the little lane each kind keeps to.

import { forEachSampled, hashText } from './sampling.ts';
import { travelMs } from './particles.ts';
import type { DotKind, DotPool } from './particles.ts';
import type { Edge } from './edges.ts';
import type { LedgerBook } from './ledger.ts';

/** A live flow whose records all fell through the sieve for this long shows its next one. */
export const promoteAfterMs = 5_000;
/** Records of one batch follow each other at this distance, and never take longer than half the way in all. */
const spacingMs = 13;

export interface RecordRange {
  readonly topic: string;
  readonly partition: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly atMs: number;
}

export interface DotTarget {
  readonly pool: DotPool;
  readonly ledger: LedgerBook;
  readonly ratio: number;
}

const topicSeeds = new Map<string, number>();
/** Topics whose hash is kept; a cluster with more pays a short hash again. */
const maxTopicSeeds = 4_096;

function seedOf(topic: string): number {
  const known = topicSeeds.get(topic);
  if (known !== undefined) return known;
  if (topicSeeds.size >= maxTopicSeeds) topicSeeds.clear();
  const seed = hashText(topic);
  topicSeeds.set(topic, seed);
  return seed;
}

/** Produce keeps left of the middle so that answers can come back on the right; followers fetch in rungs of three. */
function lateralOf(kind: DotKind, index: number): number {
  if (kind === 'produce') return 1.8;
  if (kind === 'replicate') return ((index % 3) - 1) * 2.6;
  return 0;
}

function delayOf(kind: DotKind, index: number, count: number): number {
  const place = kind === 'replicate' ? Math.floor(index / 3) : index;
  return place * Math.min(spacingMs, travelMs / 2 / Math.max(1, count));
}

/** Draws the sampled records of a range; answers how many dots that made. */
export function drawRange(target: DotTarget, edge: Edge, range: RecordRange & { readonly kind: DotKind }): number {
  const offsets: number[] = [];
  forEachSampled(
    { topicSeed: seedOf(range.topic), partition: range.partition, baseOffset: range.baseOffset, lastOffset: range.lastOffset },
    target.ratio,
    (offset) => offsets.push(offset),
  );
  if (edge.lastDotMs < 0) edge.lastDotMs = range.atMs;
  if (offsets.length === 0) return promote(target, edge, range);
  edge.lastDotMs = range.atMs;
  offsets.forEach((offset, index) => {
    const isDrawn = target.pool.add(dotOf(range, edge, { offset, index, count: offsets.length, isPromoted: false }));
    if (range.kind === 'produce') target.ledger.add(isDrawn ? { sampledDots: 1, represented: target.ratio } : { missedDots: 1 });
  });
  return offsets.length;
}

function promote(target: DotTarget, edge: Edge, range: RecordRange & { readonly kind: DotKind }): number {
  if (range.atMs - edge.lastDotMs < promoteAfterMs) return 0;
  edge.lastDotMs = range.atMs;
  const isDrawn = target.pool.add(dotOf(range, edge, { offset: range.baseOffset, index: 0, count: 1, isPromoted: true }));
  if (isDrawn && range.kind === 'produce') target.ledger.add({ promotedDots: 1 });
  return 1;
}

function dotOf(
  range: RecordRange & { readonly kind: DotKind },
  edge: Edge,
  one: { readonly offset: number; readonly index: number; readonly count: number; readonly isPromoted: boolean },
) {
  return {
    kind: range.kind,
    edge: edge.index,
    topic: range.topic,
    partition: range.partition,
    offset: one.offset,
    isPromoted: one.isPromoted,
    startMs: range.atMs + delayOf(range.kind, one.index, one.count),
    lateral: lateralOf(range.kind, one.index),
  };
}

/** One ring for one answered batch that has a dot of its own: unsampled, rings would outnumber the records. */
export function drawAnswer(target: DotTarget, edge: Edge, range: RecordRange): void {
  let isShown = false;
  forEachSampled(
    { topicSeed: seedOf(range.topic), partition: range.partition, baseOffset: range.baseOffset, lastOffset: range.lastOffset },
    target.ratio,
    () => {
      isShown = true;
    },
  );
  if (!isShown) return;
  target.pool.add({
    kind: 'ack',
    edge: edge.index,
    topic: range.topic,
    partition: range.partition,
    offset: range.lastOffset,
    startMs: range.atMs,
    lateral: -4.6,
    isPromoted: false,
  });
}
