import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { placeReplicas, type PlacementBroker, type PlacementQuestion } from './placement.ts';

const clusters = fc.record({
  racks: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 9 }),
  partitionCount: fc.integer({ min: 1, max: 60 }),
  replicationFactor: fc.integer({ min: 1, max: 5 }),
  draw: fc.integer({ min: 0, max: 1_000 }),
  hasRacks: fc.boolean(),
});

/** Where there is room for them. */
function placeAll(question: PlacementQuestion): readonly (readonly number[])[] {
  const placed = placeReplicas(question);
  expect(placed).not.toBeNull();
  return placed ?? [];
}

function place({
  racks,
  partitionCount,
  replicationFactor,
  draw,
  hasRacks,
}: {
  racks: number[];
  partitionCount: number;
  replicationFactor: number;
  draw: number;
  hasRacks: boolean;
}): { readonly brokers: readonly PlacementBroker[]; readonly placed: readonly (readonly number[])[]; readonly factor: number } {
  const brokers = racks.map((rack, brokerId) => ({ brokerId, rack: hasRacks ? `r${rack}` : null, isFenced: false, room: Infinity }));
  const factor = Math.min(replicationFactor, brokers.length);
  return {
    brokers,
    factor,
    placed: placeAll({ brokers, partitionCount, firstPartition: 0, replicationFactor: factor, nextInt: (bound) => draw % bound }),
  };
}

test('every partition has as many different replicas as asked for', () => {
  fc.assert(
    fc.property(clusters, (cluster) => {
      const { placed, factor } = place(cluster);
      for (const replicas of placed) expect(new Set(replicas).size).toBe(factor);
    }),
  );
});

test('leaders are spread evenly: no broker leads two more than another', () => {
  fc.assert(
    fc.property(clusters, (cluster) => {
      const { placed, brokers } = place(cluster);
      const counts = brokers.map(({ brokerId }) => placed.filter(([leader]) => leader === brokerId).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }),
  );
});

test('no rack holds two replicas of a partition while another could hold one', () => {
  fc.assert(
    fc.property(clusters, (cluster) => {
      const { placed, brokers, factor } = place({ ...cluster, hasRacks: true });
      const rackOf = new Map(brokers.map(({ brokerId, rack }) => [brokerId, rack]));
      const rackCount = new Set(rackOf.values()).size;
      for (const replicas of placed) expect(new Set(replicas.map((id) => rackOf.get(id))).size).toBe(Math.min(factor, rackCount));
    }),
  );
});

test('when a broker is lost its partitions fall to more than one other', () => {
  const { placed } = place({ racks: [0, 0, 0, 0], partitionCount: 16, replicationFactor: 2, draw: 0, hasRacks: false });
  const heirs = new Set(placed.filter(([leader]) => leader === 0).map(([, follower]) => follower));
  expect(heirs.size).toBe(3);
});

test('a fenced broker is used only when there are too few others, and never leads', () => {
  const brokers = [
    { brokerId: 1, rack: null, isFenced: true, room: Infinity },
    { brokerId: 2, rack: null, isFenced: false, room: Infinity },
    { brokerId: 3, rack: null, isFenced: false, room: Infinity },
  ];
  const two = placeAll({ brokers, partitionCount: 6, firstPartition: 0, replicationFactor: 2, nextInt: () => 0 });
  expect(two.flat()).not.toContain(1);
  const three = placeAll({ brokers, partitionCount: 6, firstPartition: 0, replicationFactor: 3, nextInt: () => 0 });
  expect(three.every((replicas) => replicas[0] !== 1 && replicas.includes(1))).toBe(true);
});

test('added partitions go on where the first ones ended: leaders stay spread, factors and racks hold', () => {
  const sizes = fc.record({
    brokers: fc.integer({ min: 1, max: 7 }),
    first: fc.integer({ min: 0, max: 30 }),
    added: fc.integer({ min: 1, max: 30 }),
    draw: fc.nat(100),
  });
  fc.assert(
    fc.property(sizes, ({ brokers: count, first, added, draw }) => {
      const brokers = Array.from({ length: count }, (_, index) => ({ brokerId: index + 1, rack: null, isFenced: false, room: Infinity }));
      const replicationFactor = Math.min(3, count);
      const question = { brokers, replicationFactor, nextInt: (bound: number) => draw % bound };
      const whole = placeAll({ ...question, partitionCount: first + added, firstPartition: 0 });
      const grown = placeAll({ ...question, partitionCount: added, firstPartition: first });
      expect(grown).toEqual(whole.slice(first));
    }),
  );
});

test('with as many replicas as racks every rack has one, however unequal the racks are', () => {
  const brokers = ['a', 'a', 'a', 'a', 'b', 'c'].map((rack, brokerId) => ({ brokerId, rack, isFenced: false, room: Infinity }));
  const placed = placeAll({ brokers, partitionCount: 24, firstPartition: 0, replicationFactor: 3, nextInt: () => 0 });
  for (const replicas of placed) expect(new Set(replicas.map((id) => brokers[id]?.rack))).toEqual(new Set(['a', 'b', 'c']));
});

describe('where room is short', () => {
  const tight = fc.record({
    rooms: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 6 }),
    partitionCount: fc.integer({ min: 1, max: 20 }),
    replicationFactor: fc.integer({ min: 1, max: 3 }),
    draw: fc.nat(100),
  });

  interface TightCluster {
    readonly rooms: readonly number[];
    readonly partitionCount: number;
    readonly replicationFactor: number;
    readonly draw: number;
  }

  function placeTightly({ rooms, partitionCount, replicationFactor, draw }: TightCluster): ReturnType<typeof placeReplicas> {
    const brokers = rooms.map((room, brokerId) => ({ brokerId, rack: null, isFenced: false, room }));
    return placeReplicas({ brokers, partitionCount, firstPartition: 0, replicationFactor, nextInt: (bound) => draw % bound });
  }

  test('no broker is given more than it has room for, and nothing is refused that could be placed', () => {
    fc.assert(
      fc.property(tight, (question) => {
        const { rooms, partitionCount } = question;
        const replicationFactor = Math.min(question.replicationFactor, rooms.length);
        const placed = placeTightly({ ...question, replicationFactor });
        // A broker holds a partition once: what it can give is its room, or one replica of each.
        const places = rooms.reduce((sum, room) => sum + Math.min(room, partitionCount), 0);
        expect(placed !== null).toBe(places >= replicationFactor * partitionCount);
        for (const replicas of placed ?? []) expect(new Set(replicas).size).toBe(replicationFactor);
        for (const [brokerId, room] of rooms.entries())
          expect((placed ?? []).flat().filter((replica) => replica === brokerId).length).toBeLessThanOrEqual(room);
      }),
    );
  });

  test('a full broker is passed over while the others have room; a fenced one still never leads', () => {
    const brokers = [
      { brokerId: 1, rack: null, isFenced: false, room: 0 },
      { brokerId: 2, rack: null, isFenced: false, room: 4 },
      { brokerId: 3, rack: null, isFenced: true, room: 4 },
    ];
    const question = { brokers, firstPartition: 0, replicationFactor: 2, nextInt: () => 0 };
    expect(placeReplicas({ ...question, partitionCount: 4 })).toEqual([
      [2, 3],
      [2, 3],
      [2, 3],
      [2, 3],
    ]);
    expect(placeReplicas({ ...question, partitionCount: 5 })).toBeNull();
  });
});
