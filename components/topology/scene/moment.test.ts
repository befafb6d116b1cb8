import { describe, expect, test } from 'vitest';
import { broker, produced, snapshot, startMs, topic } from './harbour.fixture.ts';
import { Scene } from './scene.ts';

const options = { level: 'class', isStill: false, showInternal: false } as const;

function scene(): Scene {
  const made = new Scene();
  made.setViewport({ width: 1_200, height: 560 });
  made.setOptions(options);
  return made;
}

function live(): Scene {
  const made = scene();
  made.takeSnapshot(snapshot());
  made.advance(startMs + 1_000);
  return made;
}

const moment = (change: Partial<Parameters<Scene['showMoment']>[0]> = {}) => ({
  picture: snapshot({ atMs: startMs - 60_000 }),
  before: null,
  keyframeMs: startMs - 60_000,
  places: live().structure,
  ...change,
});

const cellsOf = (one: Scene) => new Map(one.layout?.cells.map((place) => [place.key, place]));

describe('a moment of the record', () => {
  test('stands still: neither frames nor the live stream move its time', () => {
    const past = scene();
    past.showMoment(moment());
    for (let frame = 1; frame < 5; frame += 1) past.advance(startMs + frame * 1_000);
    past.resume();
    past.pause();
    past.advance(startMs + 9_000);
    expect([past.shownMs, past.isPaused, past.pool.count]).toEqual([startMs - 60_000, true, 0]);
  });

  test('may be earlier than the one before', () => {
    const past = scene();
    past.showMoment(moment());
    past.showMoment(moment({ picture: snapshot({ atMs: startMs - 90_000 }) }));
    expect(past.shownMs).toBe(startMs - 90_000);
  });

  test('is shown at the level it is told at, however many topics there were, and by its size again afterwards', () => {
    const many = snapshot({ atMs: startMs - 60_000, topics: Array.from({ length: 12 }, (_, index) => topic(`topic-${index}`, 10)) });
    const past = scene();
    past.setOptions({ ...options, level: 'auto' });
    past.showMoment(moment({ picture: many, level: 'class' }));
    expect([past.level, past.layout?.level]).toEqual(['class', 'class']);
    past.showMoment(moment({ picture: many }));
    expect(past.level).toBe('team');
  });

  test('has every cell where it stands live, though topics have come since', () => {
    const now = live();
    const past = scene();
    const fewer = snapshot({ atMs: startMs - 60_000, topics: [topic('orders', 6), topic('payments', 3)] });
    past.showMoment(moment({ picture: fewer, places: now.structure }));
    const here = cellsOf(now);
    const cells = [...cellsOf(past)].filter(([, place]) => place.cell.state !== 'absent');
    expect(cells.length).toBeGreaterThan(0);
    for (const [key, place] of cells) expect([place.x, place.y], key).toEqual([here.get(key)?.x, here.get(key)?.y]);
  });

  test('shows brokers of then, and none that came later', () => {
    const past = scene();
    past.showMoment(moment());
    past.showMoment(moment({ picture: snapshot({ brokers: [broker(1), broker(2)], atMs: startMs - 99_000 }) }));
    expect(past.state.brokers.map((one) => one.brokerId)).toEqual([1, 2]);
  });

  test('has flows measured between its two pictures, and not those of the moment shown before', () => {
    const past = scene();
    const at = (atMs: number, endOffset: number) => {
      const shot = snapshot({ atMs });
      return {
        ...shot,
        topics: shot.topics.map((one) => ({ ...one, partitions: one.partitions.map((part) => ({ ...part, endOffset })) })),
      };
    };
    past.showMoment(moment({ picture: at(startMs, 200), before: at(startMs - 10_000, 100), keyframeMs: startMs }));
    expect(past.figures?.producePerSecond).toBeCloseTo(18 * 10);
    expect(past.layout?.tubes.some((tube) => tube.kind === 'produce')).toBe(true);
    past.showMoment(moment({ picture: at(startMs - 60_000, 100) }));
    expect(past.figures?.producePerSecond ?? 0).toBe(0);
  });

  test('follows the options of the view', () => {
    const past = scene();
    past.showMoment(moment({ picture: snapshot({ topics: [topic('orders', 3), { ...topic('__own', 2), isInternal: true }] }) }));
    const count = () => past.layout?.cells.length ?? 0;
    const before = count();
    past.setOptions({ ...options, showInternal: true });
    expect(count()).toBeGreaterThan(before);
  });

  test('draws no record: single ones are not recorded', () => {
    const past = scene();
    past.showMoment(moment());
    past.takeFacts([produced(startMs, { partition: 0, baseOffset: 0, recordCount: 5 })], 0, startMs);
    past.advance(startMs + 400);
    expect(past.pool.count).toBe(0);
  });
});

describe('who wrote at that moment', () => {
  const writes = [
    { clientId: 'checkout-api', brokerId: 1, recordsPerSecond: 40 },
    { clientId: 'checkout-api', brokerId: 2, recordsPerSecond: 10 },
    { clientId: 'audit', brokerId: 3, recordsPerSecond: 5 },
    { clientId: null, brokerId: 3, recordsPerSecond: 2 },
  ];
  const pipes = (past: Scene) =>
    past.structure.edges
      .filter((edge) => edge.kind === 'produce')
      .map((edge) => [edge.cardKey, edge.brokerId, edge.measuredPerSecond])
      .toSorted();
  const picture = { ...snapshot({ atMs: startMs - 60_000, producers: [] }), writes };

  test('each client has its card and a pipe to each broker, and those without a name share one', () => {
    const past = scene();
    past.showMoment(moment({ picture, before: snapshot({ atMs: startMs - 65_000 }) }));
    expect(pipes(past)).toEqual([
      ['client:audit', 3, 5],
      ['client:checkout-api', 1, 40],
      ['client:checkout-api', 2, 10],
      ['clients:others', 3, 2],
    ]);
    expect(past.figures?.producePerSecond).toBe(57);
    expect(past.figures?.byCard.get('client:checkout-api')).toBe(50);
  });

  test('the next moment shows its own, not a sum of both', () => {
    const past = scene();
    past.showMoment(moment({ picture }));
    past.showMoment(moment({ picture: { ...picture, writes: writes.slice(2, 3) } }));
    expect(pipes(past)).toEqual([['client:audit', 3, 5]]);
  });

  test('another level keeps the pipes, though other cards stand there', () => {
    const past = scene();
    past.showMoment(moment({ picture }));
    past.setOptions({ ...options, level: 'team' });
    expect(past.level).toBe('team');
    expect(past.structure.edges.reduce((sum, edge) => sum + (edge.kind === 'produce' ? (edge.measuredPerSecond ?? 0) : 0), 0)).toBe(57);
  });

  test('a client that also writes now stands where it stands now', () => {
    const now = live();
    const past = scene();
    const places = { ...now.structure, clientSlots: ['client:other', 'client:audit'] };
    past.showMoment(moment({ picture, places }));
    expect(past.structure.clientSlots[1]).toBe('client:audit');
  });

  test('a keyframe from before writers were told has one card for all, as offsets tell', () => {
    const past = scene();
    const before = snapshot({ atMs: startMs - 65_000 });
    past.showMoment(moment({ picture: snapshot({ atMs: startMs - 60_000 }), before }));
    expect([...past.structure.clients.keys()]).toEqual(['clients:unknown']);
  });
});
