import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canHold, chooseDetail, details, detailMargin, fill } from './choose-detail.ts';
import type { DetailPreference } from './choose-detail.ts';
import type { Detail, Room, SceneCounts } from './detail-level.ts';

const room = { width: 1_500, height: 618 };
const auto = (size: Room): DetailPreference => ({ room: size, choice: 'auto', isCoarse: false });

/** `topics` of one size on some brokers, three replicas each where there are as many brokers. */
function counts(topics: number, partitions: number, brokers = 3): SceneCounts {
  const replicas = topics * partitions * Math.min(3, brokers);
  const columns = Math.min(4, Math.max(1, Math.ceil(brokers / 2)));
  return {
    brokers,
    rows: Array.from({ length: Math.ceil(brokers / columns) }, (_, row) => Math.min(columns, brokers - row * columns)),
    topicSizes: Array.from({ length: topics }, () => partitions),
    mostCells: Math.ceil(replicas / Math.max(1, brokers)),
  };
}

const someCounts = fc
  .record({ topics: fc.nat(200), partitions: fc.integer({ min: 1, max: 30 }), brokers: fc.integer({ min: 1, max: 40 }) })
  .map((of) => counts(of.topics, of.partitions, of.brokers));
const someRoom = fc.record({ width: fc.integer({ min: 400, max: 3_800 }), height: fc.integer({ min: 300, max: 2_000 }) });
const somePreference = fc.record({ room: someRoom, choice: fc.constantFrom('auto', 'class', 'team'), isCoarse: fc.boolean() });
const someDetail = fc.option(fc.constantFrom(...details), { nil: null });
const at = (detail: Detail | null): number => details.findIndex((one) => one.level === detail?.level && one.cell === detail.cell);

describe('the detail follows the room there is', () => {
  test.each([
    ['four topics on three brokers: the design of the classroom', counts(4, 6), { level: 'class', cell: 30 }],
    ['nine topics: the same shelves, smaller cells', counts(9, 3), { level: 'class', cell: 22 }],
    ['twenty small topics on three brokers still have their names', counts(20, 3), { level: 'class', cell: 16 }],
    ['twelve brokers, 576 replicas', counts(1, 192, 12), { level: 'team', cell: 14 }],
    ['six brokers with little on them: numbers are legible', counts(4, 6, 6), { level: 'team', cell: 22 }],
  ])('%s', (_, of, expected) => {
    expect(chooseDetail(null, of, auto(room))).toEqual(expected);
  });

  test('what is drawn first fits, or is the smallest there is', () => {
    fc.assert(
      fc.property(someCounts, someRoom, (of, size) => {
        const detail = chooseDetail(null, of, auto(size));
        expect(fill(detail, of, size) <= 1 || at(detail) === details.length - 1).toBe(true);
      }),
    );
  });

  test('no larger cell would have fitted', () => {
    fc.assert(
      fc.property(someCounts, someRoom, (of, size) => {
        const chosen = at(chooseDetail(null, of, auto(size)));
        const larger = details.slice(0, chosen).filter((detail) => canHold(detail, of) && (detail.level !== 'class' || of.brokers <= 5));
        expect(larger.every((detail) => fill(detail, of, size) > 1)).toBe(true);
      }),
    );
  });

  test('a higher room never has smaller cells', () => {
    fc.assert(
      fc.property(someCounts, someRoom, fc.nat(800), (of, size, more) => {
        const higher = { ...size, height: size.height + more };
        expect(at(chooseDetail(null, of, auto(higher)))).toBeLessThanOrEqual(at(chooseDetail(null, of, auto(size))));
      }),
    );
  });

  test('asked again with its own answer it gives the same, so that nothing flickers', () => {
    fc.assert(
      fc.property(someDetail, someCounts, somePreference, (before, of, preference) => {
        const once = chooseDetail(before, of, preference);
        expect(chooseDetail(once, of, preference)).toEqual(once);
      }),
    );
  });

  test('a room that grows and shrinks by a tenth does not change what is drawn twice', () => {
    fc.assert(
      fc.property(someCounts, fc.integer({ min: 618, max: 1_500 }), (of, height) => {
        const [low, high] = [
          { width: 1_500, height },
          { width: 1_500, height: height * 1.1 },
        ];
        const settled = chooseDetail(chooseDetail(chooseDetail(null, of, auto(high)), of, auto(low)), of, auto(high));
        expect(chooseDetail(settled, of, auto(low))).toEqual(settled);
        expect(detailMargin).toBeGreaterThan(0.1);
      }),
    );
  });

  test('a drawer that takes three hundred pixels changes nothing', () => {
    fc.assert(
      fc.property(someCounts, someDetail, (of, before) => {
        const open = chooseDetail(before, of, auto({ width: 1_206, height: 618 }));
        expect(chooseDetail(before, of, auto({ width: 1_500, height: 618 }))).toEqual(open);
      }),
    );
  });
});

describe('a choice', () => {
  test("a person's wins over the room, with the cells that fit", () => {
    expect(chooseDetail(null, counts(1, 192, 12), { room, choice: 'class', isCoarse: false })).toEqual({ level: 'class', cell: 16 });
    expect(chooseDetail(null, counts(1, 1), { room, choice: 'team', isCoarse: false })).toEqual({ level: 'team', cell: 22 });
  });

  test('drawing that makes frames late leaves the classroom, unless it was chosen', () => {
    expect(chooseDetail(null, counts(4, 6), { room, choice: 'auto', isCoarse: true }).level).toBe('team');
    expect(chooseDetail(null, counts(4, 6), { room, choice: 'class', isCoarse: true }).level).toBe('class');
  });
});
