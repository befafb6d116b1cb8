import { beforeEach, describe, expect, test } from 'vitest';
import {
  broker,
  consumed,
  event,
  group,
  produced,
  producer,
  replicated,
  reader,
  snapshot,
  startMs,
  topic,
  writer,
} from './harbour.fixture.ts';
import { maxQueuedFacts, renderDelayMs } from './fact-queue.ts';
import { FrameBudget } from './frame-budget.ts';
import { travelMs } from './particles.ts';
import { Scene } from './scene.ts';
import { exportScene } from './scene-export.ts';
import type { TraceEvent } from '#server/engine/trace/events.ts';

let scene: Scene;

/** Facts arrive the moment they happen: the browser's clock is the cluster's. */
function tell(...events: readonly TraceEvent[]): void {
  for (const one of events) scene.takeFacts([one], 0, one.atMs);
}

function drawAt(ms: number): void {
  scene.advance(ms + renderDelayMs);
}

const dots = () => exportScene(scene)!.dots;
const records = () => dots().filter((dot) => dot.kind !== 'ack');
const t0 = startMs + 10_000;

beforeEach(() => {
  scene = new Scene();
  scene.setViewport({ width: 1206, height: 618 });
  scene.takeSnapshot(snapshot());
});

describe('a dot is a record', () => {
  test('three records produced are three dots with their offsets, on the pipe from their client to their broker', () => {
    tell(produced(t0, { partition: 2, baseOffset: 40, recordCount: 3 }));
    drawAt(t0 + 100);
    expect(records().map((dot) => [dot.kind, dot.topic, dot.partition, dot.offset])).toEqual(
      [40, 41, 42].map((offset) => ['produce', 'orders', 2, offset]),
    );
    expect(exportScene(scene)!.edges).toMatchObject([{ kind: 'produce', cardKey: 'client:checkout-api', brokerId: 3 }]);
  });

  test('nothing is drawn before its time, and nothing after it arrived', () => {
    tell(produced(t0, { partition: 0, baseOffset: 0, recordCount: 1 }));
    drawAt(t0 - 1);
    expect(dots()).toEqual([]);
    drawAt(t0 + travelMs - 1);
    expect(dots()).toHaveLength(1);
    drawAt(t0 + travelMs);
    expect(dots()).toEqual([]);
  });

  test('a dot moves along its pipe with time and with nothing else', () => {
    tell(produced(t0, { partition: 0, baseOffset: 0, recordCount: 1 }));
    const xs = [50, 200, 400, 600].map((after) => {
      drawAt(t0 + after);
      return dots()[0]!.x;
    });
    expect(xs.toSorted((a, b) => a - b)).toEqual(xs);
    drawAt(t0 + 600);
    expect(dots()[0]!.x).toBe(xs.at(-1));
  });

  test('the same record at three hops is three dots of one identity', () => {
    tell(
      produced(t0, { partition: 0, baseOffset: 7, recordCount: 1 }),
      replicated(t0 + 1, { leaderId: 1, followerId: 2, partition: 0, baseOffset: 7, lastOffset: 7 }),
      consumed(t0 + 2, { partition: 0, baseOffset: 7, lastOffset: 7 }),
    );
    drawAt(t0 + 100);
    expect(records().map((dot) => `${dot.kind} ${dot.topic}-${dot.partition}@${dot.offset}`)).toEqual([
      'produce orders-0@7',
      'replicate orders-0@7',
      'consume orders-0@7',
    ]);
  });

  test('facts of two brokers that arrive out of order are drawn by their own time', () => {
    scene.takeFacts([produced(t0 + 80, { partition: 1, baseOffset: 1, recordCount: 1 })], 0, t0 + 90);
    scene.takeFacts([produced(t0, { partition: 0, baseOffset: 0, recordCount: 1 })], 0, t0 + 95);
    scene.advance(t0 + 10 + renderDelayMs + 10);
    expect(dots().map((dot) => dot.partition)).toEqual([0]);
  });

  test('an answer is drawn as an answer and counts as no record', () => {
    tell(produced(t0, { partition: 0, baseOffset: 0, recordCount: 2 }));
    tell(event(t0 + 5, 1, { kind: 'acked', client: writer, topic: 'orders', partition: 0, baseOffset: 0, recordCount: 2, latencyUs: 900 }));
    drawAt(t0 + 100);
    expect(dots().filter((dot) => dot.kind === 'ack')).toHaveLength(1);
    expect(scene.ledger.records).toBe(2);
    expect(scene.ledger.sampledDots).toBe(2);
  });

  test('a refused write draws nothing', () => {
    tell(event(t0, 1, { kind: 'produce-refused', client: writer, topic: 'orders', partition: 0, errorCode: 6 }));
    drawAt(t0 + 100);
    expect(dots()).toEqual([]);
    expect(scene.ledger.records).toBe(0);
  });

  test('a cluster that sends facts before its first snapshot draws nothing, and loses no count', () => {
    scene = new Scene();
    scene.setViewport({ width: 1206, height: 618 });
    tell(produced(t0, { partition: 0, baseOffset: 0, recordCount: 5 }));
    drawAt(t0 + 100);
    expect(scene.ledger.records).toBe(5);
  });
});

/** A second of traffic on six partitions, `perSecond` records in all. */
function second(from: number, perSecond: number, offsets: number[]): void {
  for (let step = 0; step < 10; step += 1) {
    const at = from + step * 100;
    for (let partition = 0; partition < 6; partition += 1) {
      const recordCount = Math.floor(perSecond / 60);
      tell(produced(at, { partition, baseOffset: offsets[partition]!, recordCount }));
      offsets[partition]! += recordCount;
    }
    drawAt(at + 100);
  }
}

describe('a snapshot whose answers are older than what was told since', () => {
  const elected = event(t0 + 600, 1, {
    kind: 'leader-changed',
    topic: 'orders',
    partition: 0,
    leaderId: 2,
    previousLeaderId: 1,
    leaderEpoch: 5,
    cause: '',
  });
  const leader = () => scene.state.topics.get('orders')?.partitions.get(0)?.leaderId;

  test('does not take back a leader that was elected while it was asked for', () => {
    scene.takeFacts([elected], 0, t0 + 600);
    scene.advance(t0 + 5_000);
    expect(leader()).toBe(2);
    scene.takeSnapshot({ ...snapshot({ atMs: t0 + 5_000 }), sinceMs: t0 + 500 });
    expect(leader()).toBe(2);
  });

  test('is believed once it was asked for after', () => {
    scene.takeFacts([elected], 0, t0 + 600);
    scene.advance(t0 + 5_000);
    scene.takeSnapshot({ ...snapshot({ atMs: t0 + 5_000 }), sinceMs: t0 + 4_000 });
    expect(leader()).toBe(1);
  });
});

describe('sampling', () => {
  test('at 200 records a second every record has its dot', () => {
    const offsets = [0, 0, 0, 0, 0, 0];
    for (let at = 0; at < 5; at += 1) second(t0 + at * 1_000, 180, offsets);
    expect(scene.ratio).toBe(1);
    expect(scene.ledger.sampledDots).toBe(scene.ledger.records);
  });

  test('demo traffic of 120 records a second stays one dot a record for a minute on a machine that is busy with something else', () => {
    const budget = new FrameBudget();
    const offset = [0, 0, 0];
    for (let at = t0; at < t0 + 60_000; at += 25) {
      const partition = (at / 25) % 3;
      const baseOffset = offset[partition]!;
      offset[partition] = baseOffset + 3;
      const range = { partition, baseOffset, lastOffset: baseOffset + 2 };
      const [leaderId, ...followers] = [0, 1, 2].map((step) => ((partition + step) % 3) + 1);
      tell(
        produced(at, { partition, baseOffset, recordCount: 3 }),
        ...followers.map((followerId) => replicated(at + 1, { leaderId: leaderId!, followerId, ...range })),
        consumed(at + 2, range),
      );
      drawAt(at);
      const verdict = budget.frame({ lengthMs: 25, drawMs: 4, nowMs: at });
      if (verdict !== null) scene.setBudget(verdict.dotCap, verdict.wantsCoarserLevel);
      expect(scene.ratio).toBe(1);
    }
    expect(scene.ledger.records).toBe(7_200);
    expect(scene.ledger).toMatchObject({ sampledDots: 7_200, missedDots: 0, promotedDots: 0 });
  });

  test('up to 2,000 dots alive a dot is a record, and beyond it stands for more', () => {
    const offsets = [0, 0, 0, 0, 0, 0];
    for (let at = 0; at < 5; at += 1) second(t0 + at * 1_000, 2_820, offsets);
    expect([scene.ratio, scene.ledger.missedDots]).toEqual([1, 0]);
    for (let at = 5; at < 10; at += 1) second(t0 + at * 1_000, 3_000, offsets);
    expect(scene.ratio).toBe(2);
  });

  test('beyond the cap, what the dots stand for equals the ledger within one per cent over a minute', () => {
    const offsets = [0, 3, 77, 1_000, 5_001, 123_456];
    for (let at = 0; at < 5; at += 1) second(t0 + at * 1_000, 6_000, offsets);
    expect(scene.ratio).toBeGreaterThan(1);
    const before = scene.ledger;
    for (let at = 5; at < 65; at += 1) second(t0 + at * 1_000, 6_000, offsets);
    const records = scene.ledger.records - before.records;
    const represented = scene.ledger.represented - before.represented;
    expect(records).toBe(360_000);
    expect(Math.abs(represented - records) / records).toBeLessThanOrEqual(0.01);
    expect(scene.ledger.missedDots).toBe(before.missedDots);
  });

  test('a slow flow beside a fast one is promoted, and counted apart from the ratio', () => {
    const offsets = [0, 0, 0, 0, 0, 0];
    scene.setBudget(75, false);
    for (let at = 0; at < 12; at += 1) {
      second(t0 + at * 1_000, 6_000, offsets);
      tell(
        produced(t0 + at * 1_000 + 999, {
          topic: 'payments',
          partition: 0,
          baseOffset: at,
          recordCount: 1,
          client: { ...writer, clientId: 'pay-gateway' },
        }),
      );
    }
    drawAt(t0 + 12_000);
    expect(scene.ratio).toBeGreaterThanOrEqual(50);
    expect(scene.ledger.promotedDots).toBeGreaterThanOrEqual(1);
    expect(scene.ledger.promotedDots).toBeLessThanOrEqual(3);
  });

  test('facts that brokers dropped are told, not hidden', () => {
    scene.takeFacts([], 17, t0);
    expect(scene.ledger.droppedFacts).toBe(17);
  });

  test('more facts than the queue holds are counted and not lost from the ledger', () => {
    const flood = Array.from({ length: maxQueuedFacts + 500 }, (_, index) =>
      produced(t0 + 1_000, { partition: 0, baseOffset: index, recordCount: 1 }),
    );
    scene.takeFacts(flood, 0, t0 + 1_000);
    expect(scene.ledger.records).toBe(500);
    drawAt(t0 + 1_000);
    expect(scene.ledger.records).toBe(flood.length);
  });
});

describe('pipes', () => {
  test('a flow that begins in the middle of a second has its pipe before its first dot sets off', () => {
    tell(produced(t0, { partition: 0, baseOffset: 0, recordCount: 1 }));
    drawAt(t0 + 10);
    tell(produced(t0 + 100, { partition: 1, baseOffset: 0, recordCount: 1 }));
    drawAt(t0 + 150);
    expect(
      dots()
        .map((dot) => dot.partition)
        .toSorted(),
    ).toEqual([0, 1]);
  });

  test('a flow that has been silent for half a minute gives its pipe back', () => {
    tell(produced(t0, { partition: 0, baseOffset: 0, recordCount: 1 }));
    drawAt(t0 + 10);
    expect(scene.layout?.tubes.length).toBeGreaterThan(0);
    drawAt(t0 + 31_000);
    expect(scene.layout?.tubes).toEqual([]);
  });
});

describe('pause', () => {
  test('stops the picture and not the count', () => {
    tell(produced(t0, { partition: 0, baseOffset: 0, recordCount: 1 }));
    drawAt(t0 + 100);
    const before = dots();
    scene.pause();
    tell(produced(t0 + 200, { partition: 1, baseOffset: 0, recordCount: 40 }));
    drawAt(t0 + 5_000);
    expect(dots()).toEqual(before);
    expect(scene.pausedRecords).toBe(40);
    expect(scene.isPaused).toBe(true);
  });

  test('going on jumps to now: nothing of what was missed is played', () => {
    drawAt(t0);
    scene.pause();
    tell(produced(t0 + 200, { partition: 1, baseOffset: 0, recordCount: 40 }));
    drawAt(t0 + 400);
    scene.resume();
    drawAt(t0 + 500);
    expect(dots()).toEqual([]);
    tell(produced(t0 + 600, { partition: 1, baseOffset: 40, recordCount: 1 }));
    drawAt(t0 + 650);
    expect(dots().map((dot) => dot.offset)).toEqual([40]);
  });

  test('places stand still while paused, and are right after', () => {
    drawAt(t0);
    scene.pause();
    const before = exportScene(scene)!.cells;
    scene.takeSnapshot(snapshot({ topics: [topic('orders', 6)], atMs: t0 }));
    drawAt(t0 + 1_000);
    expect(exportScene(scene)!.cells).toEqual(before);
    scene.resume();
    drawAt(t0 + 2_000);
    expect(exportScene(scene)!.cells).toHaveLength(18);
  });

  test('a second pause starts a new count', () => {
    scene.pause();
    tell(produced(t0, { partition: 0, baseOffset: 0, recordCount: 3 }));
    drawAt(t0 + 10);
    scene.resume();
    scene.pause();
    expect(scene.pausedRecords).toBe(0);
  });
});

describe('still mode', () => {
  test('has no dots; rates stay', () => {
    scene.setOptions({ level: 'auto', isStill: true, showInternal: false });
    const offsets = [0, 0, 0, 0, 0, 0];
    for (let at = 0; at < 5; at += 1) second(t0 + at * 1_000, 600, offsets);
    expect(dots()).toEqual([]);
    expect(scene.figures?.producePerSecond).toBeCloseTo(600, 0);
  });

  test('moves nothing for a minute under load once the pipes stand', () => {
    scene.setOptions({ level: 'auto', isStill: true, showInternal: false });
    const offsets = [0, 0, 0, 0, 0, 0];
    second(t0, 600, offsets);
    second(t0 + 1_000, 600, offsets);
    const before = exportScene(scene)!;
    for (let at = 2; at < 62; at += 1) second(t0 + at * 1_000, 600, offsets);
    const after = exportScene(scene)!;
    expect(after.cells).toEqual(before.cells);
    expect(after.dots).toEqual([]);
    expect(after.edges.map((edge) => [edge.kind, edge.cardKey, edge.brokerId])).toEqual(
      before.edges.map((edge) => [edge.kind, edge.cardKey, edge.brokerId]),
    );
  });

  test('switching it on takes away the dots that are on their way', () => {
    tell(produced(t0, { partition: 0, baseOffset: 0, recordCount: 3 }));
    drawAt(t0 + 100);
    scene.setOptions({ level: 'auto', isStill: true, showInternal: false });
    expect(dots()).toEqual([]);
  });
});

describe('who reads', () => {
  test('a member is drawn to its group', () => {
    tell(consumed(t0, { partition: 1, baseOffset: 0, lastOffset: 4 }));
    drawAt(t0 + 100);
    expect(exportScene(scene)!.edges).toMatchObject([{ kind: 'consume', cardKey: 'group:fulfilment', brokerId: 2 }]);
    expect(records()).toHaveLength(5);
  });

  const kcat = { ...reader, clientId: 'kcat' };
  const read = (ms: number) => tell(consumed(t0 + ms, { partition: 1, baseOffset: ms, lastOffset: ms, client: kcat }));

  test("what the console reads to show a page is nobody's consumption, and what it writes stands on a card of its own", () => {
    const own = { ...writer, clientId: 'logarium-console' };
    for (let ms = 0; ms <= 5_000; ms += 500) {
      tell(consumed(t0 + ms, { partition: 1, baseOffset: ms, lastOffset: ms + 9, client: own }));
      drawAt(t0 + ms + 10);
    }
    expect([...scene.structure.groups.keys()]).toEqual(['group:fulfilment']);
    expect(scene.edges.all).toEqual([]);
    tell(produced(t0 + 5_000, { partition: 1, baseOffset: 0, recordCount: 2, client: own }));
    drawAt(t0 + 5_100);
    expect(scene.structure.clients.get('clients:own')).toMatchObject({ kind: 'own', clientIds: ['logarium-console'] });
    expect(records()).toHaveLength(2);
  });

  test('a reader in no group has a card of its own once it has read for a while, and gives it back when silent', () => {
    for (let ms = 0; ms <= 4_000; ms += 500) {
      read(ms);
      drawAt(t0 + ms + 10);
    }
    drawAt(t0 + 5_000);
    expect([...scene.structure.groups.keys()]).toEqual(['group:fulfilment', 'reader:kcat']);
    drawAt(t0 + 40_000);
    expect([...scene.structure.groups.keys()]).toEqual(['group:fulfilment']);
  });

  test('a single look moves nobody: no card, no place given up', () => {
    read(0);
    drawAt(t0 + 10);
    drawAt(t0 + 6_000);
    expect([...scene.structure.groups.keys()]).toEqual(['group:fulfilment']);
  });

  test('a member that reads before a snapshot tells of it is never taken for a reader without a group', () => {
    for (let ms = 0; ms <= 2_000; ms += 500) {
      read(ms);
      drawAt(t0 + ms + 10);
    }
    scene.takeSnapshot(snapshot({ atMs: t0 + 2_100, groups: [group('late', 'kcat', { orders: [1] })] }));
    for (let ms = 2_500; ms <= 8_000; ms += 500) {
      read(ms);
      drawAt(t0 + ms + 10);
    }
    expect([...scene.structure.groups.keys()]).toEqual(['group:late']);
  });

  test('a client seen for the first time has its card and its dot at once', () => {
    tell(produced(t0, { partition: 0, baseOffset: 0, recordCount: 1, client: { ...writer, clientId: 'newcomer' } }));
    drawAt(t0 + 100);
    expect([...scene.structure.clients.keys()]).toContain('client:newcomer');
    expect(dots()).toHaveLength(1);
  });
});

describe('many producers', () => {
  const idle = Array.from({ length: 14 }, (_, index) => `${String.fromCharCode(97 + index)}dle`);

  test('the one that sends 200,000 a second has a card of its own, however many idle ones came first', () => {
    const producers = [...idle, 'bulk-load'].map((clientId) => producer(clientId, ['orders']));
    scene.takeSnapshot(snapshot({ producers, atMs: t0 }));
    drawAt(t0);
    const client = { ...writer, clientId: 'bulk-load' };
    for (let step = 0; step < 40; step += 1) {
      tell(produced(t0 + step * 100, { partition: 0, baseOffset: step * 20_000, recordCount: 20_000, client }));
      drawAt(t0 + step * 100);
    }
    drawAt(t0 + 4_100);
    expect(scene.structure.clientSlots).toContain('client:bulk-load');
    expect(scene.figures!.byCard.get('client:bulk-load')).toBeCloseTo(200_000, -4);
    const shown = [...scene.structure.clients.values()].flatMap((card) => card.clientIds);
    expect(shown.toSorted()).toEqual([...idle, 'bulk-load', 'checkout-api'].toSorted());
  });
});

describe('the level', () => {
  const manyTopics = Array.from({ length: 12 }, (_, index) => topic(`topic-${index}`, 10));

  test('follows the size of the cluster', () => {
    scene.takeSnapshot(snapshot({ topics: manyTopics }));
    expect(scene.level).toBe('team');
  });

  test("a person's choice wins", () => {
    scene.setOptions({ level: 'class', isStill: false, showInternal: false });
    scene.takeSnapshot(snapshot({ topics: manyTopics }));
    expect(scene.level).toBe('class');
  });

  test('internal topics count only when they are shown', () => {
    const internal = { ...topic('__consumer_offsets', 50), isInternal: true };
    scene.takeSnapshot(snapshot({ topics: [topic('orders', 6), internal] }));
    expect(scene.level).toBe('class');
    expect(exportScene(scene)!.cells).toHaveLength(18);
    scene.setOptions({ level: 'auto', isStill: false, showInternal: true });
    expect(scene.layout!.cell).toBeLessThan(30);
    expect(exportScene(scene)!.cells).toHaveLength(168);
  });
});

describe('while an election is told', () => {
  const manyTopics = Array.from({ length: 12 }, (_, index) => topic(`topic-${index}`, 10));
  const auto = { level: 'auto', isStill: false, showInternal: false } as const;

  test('topics that come, or a picture that is too much to draw, do not change the level; its end does', () => {
    scene.setOptions({ ...auto, isLevelHeld: true });
    scene.takeSnapshot(snapshot({ topics: manyTopics }));
    scene.setBudget(100, true);
    scene.setViewport({ width: 900, height: 500 });
    expect([scene.level, scene.layout?.level]).toEqual(['class', 'class']);
    scene.setOptions(auto);
    expect(scene.level).toBe('team');
  });

  test('topics that go do not either', () => {
    scene.takeSnapshot(snapshot({ topics: manyTopics }));
    scene.setOptions({ ...auto, isLevelHeld: true });
    scene.takeSnapshot(snapshot());
    expect(scene.level).toBe('team');
  });

  test("a person's choice still wins", () => {
    scene.setOptions({ ...auto, level: 'team', isLevelHeld: true });
    expect(scene.level).toBe('team');
  });

  test('a page that is opened in the midst of it takes the level of what it finds, not of an empty case', () => {
    const late = new Scene();
    late.setViewport({ width: 1206, height: 618 });
    late.setOptions({ ...auto, isLevelHeld: true });
    late.takeSnapshot(snapshot({ topics: manyTopics }));
    expect(late.level).toBe('team');
  });
});

describe('structure follows facts', () => {
  test('a broker that is fenced is struck out before the next snapshot says so', () => {
    tell(event(t0, 1, { kind: 'broker-fenced', registeredId: 2, cause: 'session' }));
    drawAt(t0);
    expect(
      exportScene(scene)!
        .cells.filter((cell) => cell.key.startsWith('2/'))
        .every((cell) => cell.state === 'stopped'),
    ).toBe(true);
    expect(scene.layout?.cabinets[1]?.isStopped).toBe(true);
  });

  test('an election moves the fill and no place', () => {
    const before = exportScene(scene)!.cells;
    tell(
      event(t0, 1, { kind: 'leader-changed', topic: 'orders', partition: 0, leaderId: 2, previousLeaderId: 1, leaderEpoch: 1, cause: '' }),
    );
    drawAt(t0);
    const after = exportScene(scene)!.cells;
    expect(after.map((cell) => [cell.key, cell.x, cell.y])).toEqual(before.map((cell) => [cell.key, cell.x, cell.y]));
    expect(after.find((cell) => cell.key === '2/orders-0')?.state).toBe('leader');
    expect(after.find((cell) => cell.key === '1/orders-0')?.state).toBe('follower');
  });

  test('a broker lost from the metadata keeps its cabinet', () => {
    scene.takeSnapshot(snapshot({ brokers: [broker(1), broker(3)], atMs: t0 }));
    expect(scene.layout?.cabinets.map((cabinet) => [cabinet.brokerId, cabinet.isStopped])).toEqual([
      [1, false],
      [2, true],
      [3, false],
    ]);
  });

  test('copies are drawn only where there are followers', () => {
    drawAt(t0);
    expect(scene.layout?.tubes.some((tube) => tube.kind === 'replicate')).toBe(false);
    tell(replicated(t0, { leaderId: 1, followerId: 2, partition: 0, baseOffset: 0, lastOffset: 0 }));
    drawAt(t0 + 1_000);
    expect(scene.layout?.tubes.filter((tube) => tube.kind === 'replicate')).toHaveLength(1);
  });
});

describe('a cluster without a trace', () => {
  const at = (endOffset: number, committedOffset: number, atMs: number) => {
    const orders = topic('orders', 1);
    const reading = group('g', 'r', { orders: [0] });
    return snapshot({
      producers: null,
      atMs,
      topics: [{ ...orders, partitions: [{ ...orders.partitions[0]!, endOffset }] }],
      groups: [
        {
          ...reading,
          offsets: [
            {
              topic: 'orders',
              partition: 0,
              committedOffset,
              metadata: null,
              startOffset: 0,
              endOffset,
              state: 'behind' as const,
              lag: endOffset - committedOffset,
              memberId: null,
            },
          ],
        },
      ],
    });
  };

  test('shows measured rates and not one dot', () => {
    scene = new Scene();
    scene.setViewport({ width: 1206, height: 618 });
    scene.takeSnapshot(at(100, 90, t0));
    scene.takeSnapshot(at(300, 190, t0 + 2_000));
    scene.advance(t0 + 3_000);
    expect(exportScene(scene)!.edges).toMatchObject([
      { kind: 'produce', cardKey: 'clients:unknown', brokerId: 1, perSecond: 100 },
      { kind: 'consume', cardKey: 'group:g', brokerId: 1, perSecond: 50 },
    ]);
    expect(exportScene(scene)!.dots).toEqual([]);
    expect(scene.figures?.producePerSecond).toBe(100);
  });

  test('does not know a rate before the second picture: unknown is not nought', () => {
    scene = new Scene();
    scene.setViewport({ width: 1206, height: 618 });
    scene.takeSnapshot(at(100, 90, t0));
    scene.advance(t0);
    expect(scene.figures?.producePerSecond).toBeNull();
  });
});
