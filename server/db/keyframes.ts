// The pictures of the last hour, a whole one every few seconds.
// Invariant: of each cluster no frame is older than keptMs by its newest one, and there are at most maxKeyframes rows and
// maxKeyframeBytes bytes, but for what comes between two looks at the sizes.

import { keptMs, maxKeyframeBytes, maxKeyframes } from '../cluster/history/bounds.ts';
import type { KeyframeStore, Range } from '../cluster/history/keyframe-store.ts';
import type { PastSecond } from '../cluster/past.ts';
import type { Database } from './database.ts';

export interface KeyframeBounds {
  readonly maxRows: number;
  readonly maxBytes: number;
  /** The sizes are added up once in so many appends. */
  readonly appendsALook: number;
}

const productBounds: KeyframeBounds = { maxRows: maxKeyframes, maxBytes: maxKeyframeBytes, appendsALook: 12 };
/** Bytes of a row beside its picture: numbers, index, seconds. */
const rowBytes = 600;

export function keyframesOver(db: Database, bounds: KeyframeBounds = productBounds): KeyframeStore {
  const appends = new Map<string, number>();
  return {
    append: async (clusterId, frame) => {
      const seconds = JSON.stringify(frame.seconds.map((one) => [one.atMs, one.recordsInPerSecond, one.recordsOutPerSecond]));
      await db.keyframe.create({
        data: {
          clusterId,
          atMs: BigInt(Math.trunc(frame.atMs)),
          sizeBytes: frame.picture.length + seconds.length + rowBytes,
          picture: new Uint8Array(frame.picture),
          seconds,
        },
      });
      await db.keyframe.deleteMany({ where: { clusterId, atMs: { lt: BigInt(Math.trunc(frame.atMs) - keptMs) } } });
      const count = (appends.get(clusterId) ?? 0) + 1;
      appends.set(clusterId, count);
      if (count % bounds.appendsALook === 0) await trimKeyframes(db, clusterId, bounds);
    },
    newest: async (clusterId, range) => {
      const row = await db.keyframe.findFirst({
        where: { clusterId, atMs: within(range) },
        orderBy: [{ atMs: 'desc' }, { id: 'desc' }],
        select: { atMs: true, picture: true },
      });
      return row === null ? null : { atMs: Number(row.atMs), picture: row.picture };
    },
    span: async (clusterId, fromMs) => {
      const { _min, _max } = await db.keyframe.aggregate({
        where: { clusterId, atMs: { gte: BigInt(Math.trunc(fromMs)) } },
        _min: { atMs: true },
        _max: { atMs: true },
      });
      return _min.atMs === null || _max.atMs === null ? null : { fromMs: Number(_min.atMs), toMs: Number(_max.atMs) };
    },
    seconds: (clusterId, range) => readSeconds(db, clusterId, range),
  };
}

function within({ fromMs, toMs }: Range): { readonly gte: bigint; readonly lte: bigint } {
  return { gte: BigInt(Math.trunc(fromMs)), lte: BigInt(Math.trunc(toMs)) };
}

/** A frame holds the seconds before it, so the one after the range is read too; */
const lateMs = 60_000;
/** and those that came while it was put together. */
const earlyMs = 5_000;

async function readSeconds(db: Database, clusterId: string, range: Range): Promise<readonly PastSecond[]> {
  const rows = await db.keyframe.findMany({
    where: { clusterId, atMs: within({ fromMs: range.fromMs - earlyMs, toMs: range.toMs + lateMs }) },
    orderBy: [{ atMs: 'asc' }, { id: 'asc' }],
    select: { seconds: true },
  });
  return rows
    .flatMap((row) => JSON.parse(row.seconds) as [number, number, number | null][])
    .filter(([atMs]) => atMs >= range.fromMs && atMs <= range.toMs)
    .map(([atMs, recordsInPerSecond, recordsOutPerSecond]) => ({ atMs, recordsInPerSecond, recordsOutPerSecond }));
}

/** Lets go of the oldest frames until rows and bytes are within the bounds. */
async function trimKeyframes(db: Database, clusterId: string, { maxRows, maxBytes }: KeyframeBounds): Promise<void> {
  const rows = await db.keyframe.findMany({
    where: { clusterId },
    orderBy: [{ atMs: 'desc' }, { id: 'desc' }],
    select: { id: true, sizeBytes: true },
  });
  let bytes = 0;
  const firstOver = rows.findIndex((row, index) => (bytes += row.sizeBytes) > maxBytes || index >= maxRows);
  if (firstOver < 0) return;
  await db.keyframe.deleteMany({ where: { clusterId, id: { in: rows.slice(firstOver).map((row) => row.id) } } });
}

/** What an earlier run of the console left behind and nobody appends to any more. */
export async function sweepKeyframes(db: Database, nowMs: number): Promise<number> {
  return (await db.keyframe.deleteMany({ where: { atMs: { lt: BigInt(nowMs - keptMs) } } })).count;
}
