// The record end to end over a real database file: what goes in, what comes out, what is let go, and what a console that
// starts anew still knows.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordMs } from '#server/api/schemas/history.ts';
import { openDatabase, type Database } from '../../db/database.ts';
import { appendEvents, listEvents, pastEventsOver } from '../../db/events.ts';
import { keyframesOver, sweepKeyframes } from '../../db/keyframes.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import type { PastPicture, PastSecond } from '../past.ts';
import type { TopologySnapshot } from '../port.ts';
import { keptMs, keyframeEveryMs, keyframePauseMs, maxKeyframeBytes, maxKeyframes, slowestKeyframeMs } from './bounds.ts';
import { HistoryReader } from './history-reader.ts';
import { HistoryRecorder } from './history-recorder.ts';
import { decodePicture, encodePicture } from './keyframe-codec.ts';
import type { KeyframeStore } from './keyframe-store.ts';
import { routineKinds } from './moments.ts';
import { brokerOf, pictureOf } from './picture.fixture.ts';

let directory: string;
let file: string;
let db: Database;
const startMs = 1_700_000_000_000;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'logarium-history-'));
  file = join(directory, 'console.db');
  await migrateDatabase(file);
  db = openDatabase(file);
});

afterAll(async () => {
  await db.$disconnect();
  rmSync(directory, { recursive: true });
});

function readerOver(database: Database, nowMs: number): HistoryReader {
  return new HistoryReader({
    frames: keyframesOver(database),
    events: pastEventsOver(database, routineKinds),
    nowMs: () => nowMs,
    failureOf: () => null,
  });
}

function secondsFrom(atMs: number, count: number): PastSecond[] {
  return Array.from({ length: count }, (_, index) => ({
    atMs: atMs + index * 1_000,
    recordsInPerSecond: index,
    recordsOutPerSecond: null,
  }));
}

async function record(clusterId: string, pictures: readonly TopologySnapshot[], seconds: readonly PastSecond[] = []): Promise<void> {
  const recorder = new HistoryRecorder({ clusterId, store: keyframesOver(db), seconds: () => seconds });
  for (const picture of pictures) {
    recorder.take(picture);
    await recorder.settled();
  }
  expect(recorder.failure).toBeNull();
}

async function pictureAt(reader: HistoryReader, clusterId: string, atMs: number): Promise<PastPicture> {
  const answer = await reader.at(clusterId, atMs);
  if (answer.kind !== 'picture') throw new Error(`nothing is recorded of ${atMs}`);
  return answer;
}

test('a picture comes back from the store as it was', async () => {
  const picture = pictureOf({ atMs: startMs });
  expect(await decodePicture(await encodePicture(picture))).toEqual(picture);
});

test('the page draws its axis by the same hour that is kept', () => expect(recordMs).toBe(keptMs));

describe('a leader that was killed', () => {
  const atMs = startMs + 7_000;
  const moved = (partition: number, leaderId: number) => ({
    atMs: atMs + 110,
    kind: 'leader-changed',
    subject: `orders-${partition}`,
    cause: '',
    detail: { topic: 'orders', partition, leaderId, previousLeaderId: 2, leaderEpoch: 1 },
  });

  beforeAll(async () => {
    const dead = [brokerOf(1), brokerOf(2, 'lost'), brokerOf(3)];
    await record('killed', [
      pictureOf({ atMs: startMs, endOffset: 10 }),
      pictureOf({ atMs: startMs + 5_000, endOffset: 60 }),
      pictureOf({ atMs: startMs + 10_000, brokers: dead, leaders: [1, 3, 3], epochs: [0, 1, 0], isr: [1, 3], endOffset: 90 }),
    ]);
    await appendEvents(db, 'killed', [
      { atMs, kind: 'broker-gone', subject: 'broker 2', cause: 'SIGKILL', detail: { brokerId: 2, pid: 102 } },
      { atMs: atMs + 100, kind: 'broker-fenced', subject: 'broker 2', cause: '', detail: { registeredId: 2 } },
      moved(1, 3),
      { atMs: atMs + 900, kind: 'log-start-moved', subject: 'orders-0', cause: 'retention', detail: {} },
    ]);
  });

  const reader = () => readerOver(db, startMs + 60_000);
  const look = async (at: number) => {
    const { picture, health } = await pictureAt(reader(), 'killed', at);
    const [, second] = picture.topics[0]!.partitions;
    return [picture.overview.brokers[1]!.state, second!.leaderId, second!.leaderEpoch, health.code];
  };

  test('is seen alive before, gone while nobody is named yet, and replaced after, to the millisecond', async () => {
    expect(await look(atMs - 1)).toEqual(['online', 2, 0, 'HEALTHY']);
    expect(await look(atMs)).toEqual(['lost', 2, 0, 'BROKERS_MISSING']);
    expect(await look(atMs + 109)).toEqual(['lost', 2, 0, 'BROKERS_MISSING']);
    expect(await look(atMs + 110)).toEqual(['lost', 3, 1, 'BROKERS_MISSING']);
    expect(await look(startMs + 12_000)).toEqual(['lost', 3, 1, 'BROKERS_MISSING']);
  });

  test('offsets are those of the keyframe, and flows have an earlier picture to be measured from', async () => {
    const { picture, before, keyframeMs } = await pictureAt(reader(), 'killed', startMs + 11_000);
    expect([keyframeMs, picture.topics[0]!.partitions[0]!.endOffset]).toEqual([startMs + 10_000, 90]);
    expect([before?.atMs, before?.topics[0]?.partitions[0]?.endOffset]).toEqual([startMs, 10]);
  });

  test('steps lead from moment to moment and leave routine out', async () => {
    const first = await pictureAt(reader(), 'killed', startMs);
    expect([first.previousMs, first.nextMs]).toEqual([null, atMs]);
    const second = await pictureAt(reader(), 'killed', atMs);
    expect([second.previousMs, second.nextMs]).toEqual([null, atMs + 110]);
    const third = await pictureAt(reader(), 'killed', atMs + 110);
    expect([third.previousMs, third.nextMs]).toEqual([atMs, null]);
    expect(await reader().span('killed')).toEqual({
      fromMs: startMs,
      toMs: startMs + 10_000,
      lastEventMs: atMs + 110,
      failure: null,
    });
  });

  test('is still there for a console that starts anew', async () => {
    const again = openDatabase(file);
    try {
      const { picture } = await pictureAt(readerOver(again, startMs + 600_000), 'killed', atMs + 50);
      expect(picture.overview.brokers.map((broker) => broker.state)).toEqual(['online', 'lost', 'online']);
    } finally {
      await again.$disconnect();
    }
  });

  test('where nobody heard of the cluster any more the last picture is given as what it is: old', async () => {
    expect((await pictureAt(reader(), 'killed', startMs + 14_000)).isHeard).toBe(true);
    expect(await pictureAt(reader(), 'killed', startMs + 50_000)).toMatchObject({ isHeard: false, keyframeMs: startMs + 10_000 });
  });
});

describe('a topic made while the cluster was being looked at', () => {
  const madeMs = startMs + 1_000;
  const placements = [{ partition: 0, leaderId: 2, leaderEpoch: 0, replicas: [2, 1], isr: [2, 1] }];

  beforeAll(async () => {
    // Groups were slow to answer: the topics of this picture are those of twenty seconds before its last answer came.
    await record('slow', [{ ...pictureOf({ atMs: startMs + 20_000 }), sinceMs: startMs }]);
    const detail = { topic: 'paid', topicId: 'paid-id', partitions: 1, isInternal: false, placements };
    await appendEvents(db, 'slow', [{ atMs: madeMs, kind: 'topic-created', subject: 'paid', cause: '', detail }]);
  });

  test('is in every picture of the moments after', async () => {
    const { picture, missing } = await pictureAt(readerOver(db, startMs + 60_000), 'slow', startMs + 21_000);
    expect(picture.topics.map((topic) => topic.name)).toEqual(['orders', 'paid']);
    expect(picture.topics[1]?.partitions).toMatchObject([{ leaderId: 2, replicas: [2, 1] }]);
    expect(missing.topics).toEqual([]);
  });

  test('is listed without what only pictures need', async () => {
    const [entry] = await listEvents(db, { clusterId: 'slow', beforeMs: null, limit: 1 });
    expect(entry?.detail).toEqual({ topic: 'paid', topicId: 'paid-id', partitions: 1, isInternal: false });
  });
});

describe('the edges of the record', () => {
  test('before it begins there is no picture, and where it begins is said', async () => {
    await record('young', [pictureOf({ atMs: startMs })]);
    const reader = readerOver(db, startMs + 1_000);
    expect(await reader.at('young', startMs - 1)).toEqual({ kind: 'unrecorded', atMs: startMs - 1, fromMs: startMs });
    expect(await reader.at('never', startMs)).toEqual({ kind: 'unrecorded', atMs: startMs, fromMs: null });
    expect(await reader.span('never')).toMatchObject({ fromMs: null, toMs: null, lastEventMs: null });
  });

  test('the future is now', async () => {
    expect((await readerOver(db, startMs + 1_000).at('young', startMs + 9e6)).atMs).toBe(startMs + 1_000);
  });

  test('what is older than the hour is not shown even while it still lies in the file', async () => {
    const reader = readerOver(db, startMs + keptMs + 1);
    expect(await reader.at('young', startMs + 10)).toEqual({ kind: 'unrecorded', atMs: startMs + 10, fromMs: null });
    expect(await reader.seconds('young', { fromMs: 0, toMs: startMs })).toEqual([]);
  });
});

describe('throughput', () => {
  test('each second is kept once, in order, though every picture offers all that is remembered', async () => {
    const seconds = secondsFrom(startMs, 12);
    let heard = 0;
    const recorder = new HistoryRecorder({ clusterId: 'rates', store: keyframesOver(db), seconds: () => seconds.slice(0, heard) });
    for (const [step, known] of [4, 9, 12].entries()) {
      heard = known;
      recorder.take(pictureOf({ atMs: startMs + step * keyframeEveryMs }));
      await recorder.settled();
    }
    const reader = readerOver(db, startMs + 60_000);
    expect(await reader.seconds('rates', { fromMs: startMs, toMs: startMs + 60_000 })).toEqual(seconds);
    expect(
      (await reader.seconds('rates', { fromMs: startMs + 3_000, toMs: startMs + 5_000 })).map((one) => one.recordsInPerSecond),
    ).toEqual([3, 4, 5]);
  });
});

describe('what is let go', () => {
  const frame = async (atMs: number) => ({ atMs, picture: await encodePicture(pictureOf({ atMs })), seconds: [] });

  test('frames leave an hour after they came', async () => {
    const store = keyframesOver(db);
    for (const atMs of [startMs, startMs + keptMs, startMs + keptMs + 1]) await store.append('aged', await frame(atMs));
    expect(await store.span('aged', 0)).toEqual({ fromMs: startMs + keptMs, toMs: startMs + keptMs + 1 });
  });

  test('rows and bytes have bounds of their own, and the newest frames are the ones that stay', async () => {
    for (const [clusterId, bounds] of [
      ['rows', { maxRows: 5, maxBytes: 1e9, appendsALook: 1 }],
      ['bytes', { maxRows: 1e6, maxBytes: 6_000, appendsALook: 1 }],
    ] as const) {
      const store = keyframesOver(db, bounds);
      for (let index = 0; index < 20; index += 1) await store.append(clusterId, await frame(startMs + index));
      const rows = await db.keyframe.findMany({ where: { clusterId }, select: { sizeBytes: true, atMs: true } });
      expect(rows.length).toBeGreaterThan(1);
      expect(rows.length).toBeLessThanOrEqual(clusterId === 'rows' ? 5 : 19);
      expect(rows.reduce((sum, row) => sum + row.sizeBytes, 0)).toBeLessThanOrEqual(bounds.maxBytes);
      expect(Math.max(...rows.map((row) => Number(row.atMs)))).toBe(startMs + 19);
    }
  });

  test('an hour of pictures fits the rows, and the bytes are real bytes of the file', async () => {
    expect(keptMs / keyframeEveryMs).toBeLessThanOrEqual(maxKeyframes);
    const many = pictureOf({ atMs: startMs, leaders: Array.from({ length: 1_000 }, (_, index) => (index % 3) + 1) });
    const bytes = (await encodePicture(many)).length;
    expect((bytes * keptMs) / keyframeEveryMs, 'a thousand partitions keep their whole hour').toBeLessThan(maxKeyframeBytes);
    expect(statSync(file).size).toBeLessThan(10_000_000);
  });

  test('a start sweeps what an earlier run left behind', async () => {
    await keyframesOver(db).append('left', await frame(startMs));
    expect(await sweepKeyframes(db, startMs + keptMs)).toBe(0);
    expect(await sweepKeyframes(db, startMs + 10 * keptMs)).toBeGreaterThan(0);
    expect(await keyframesOver(db).span('left', 0)).toBeNull();
  });
});

describe('the recorder', () => {
  const silent = { seconds: () => [] as readonly PastSecond[] };

  test('a picture that comes too soon is let go, one from a clock set back is kept', async () => {
    const kept: number[] = [];
    const store = { append: (_id: string, one: { readonly atMs: number }) => Promise.resolve(void kept.push(one.atMs)) };
    const recorder = new HistoryRecorder({ ...silent, clusterId: 'c', store });
    for (const atMs of [10_000, 10_500, 15_000, 9_000]) {
      recorder.take(pictureOf({ atMs }));
      await recorder.settled();
    }
    expect(kept).toEqual([10_000, 15_000, 9_000]);
  });

  test('a slow disk makes the record coarser and never a queue: only the newest picture waits', async () => {
    const kept: number[] = [];
    const gates: (() => void)[] = [];
    const store: Pick<KeyframeStore, 'append'> = {
      append: (_id, one) =>
        new Promise((settle) => {
          kept.push(one.atMs);
          gates.push(settle);
        }),
    };
    const recorder = new HistoryRecorder({ ...silent, clusterId: 'c', store });
    for (let index = 0; index < 50; index += 1) recorder.take(pictureOf({ atMs: index * keyframeEveryMs }));
    for (let open = 0; open < 2; open += 1) {
      await expect.poll(() => gates.length).toBe(open + 1);
      gates[open]!();
    }
    await recorder.settled();
    expect(kept).toEqual([0, 49 * keyframeEveryMs]);
  });

  test('a write that fails is told until one succeeds', async () => {
    let isFull = true;
    const store = { append: () => (isFull ? Promise.reject(new Error('disk full')) : Promise.resolve()) };
    const recorder = new HistoryRecorder({ ...silent, clusterId: 'c', store });
    recorder.take(pictureOf({ atMs: 1 }));
    await recorder.settled();
    expect(recorder.failure).toBe('disk full');
    isFull = false;
    recorder.take(pictureOf({ atMs: 9_000 }));
    await recorder.settled();
    expect(recorder.failure).toBeNull();
  });

  test('a large cluster is kept less often, never less than once a minute', () => {
    expect([0, 500, 2_000, 2_001, 10_000, 1e6].map(keyframePauseMs)).toEqual([5_000, 5_000, 5_000, 10_000, 25_000, slowestKeyframeMs]);
  });
});
