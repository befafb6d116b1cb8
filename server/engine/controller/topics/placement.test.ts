import { expect, test } from 'vitest';
import fc from 'fast-check';
import { placeReplicas, type PlacementBroker } from './placement.ts';

const clusters = fc.record({
  racks: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 9 }),
  partitionCount: fc.integer({ min: 1, max: 60 }),
  replicationFactor: fc.integer({ min: 1, max: 5 }),
  draw: fc.integer({ min: 0, max: 1_000 }),
  hasRacks: fc.boolean(),
});

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
  const brokers = racks.map((rack, brokerId) => ({ brokerId, rack: hasRacks ? `r${rack}` : null, isFenced: false }));
  const factor = Math.min(replicationFactor, brokers.length);
  return {
    brokers,
    factor,
    placed: placeReplicas({ brokers, partitionCount, firstPartition: 0, replicationFactor: factor, nextInt: (bound) => draw % bound }),
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
    { brokerId: 1, rack: null, isFenced: true },
    { brokerId: 2, rack: null, isFenced: false },
    { brokerId: 3, rack: null, isFenced: false },
  ];
  const two = placeReplicas({ brokers, partitionCount: 6, firstPartition: 0, replicationFactor: 2, nextInt: () => 0 });
  expect(two.flat()).not.toContain(1);
  const three = placeReplicas({ brokers, partitionCount: 6, firstPartition: 0, replicationFactor: 3, nextInt: () => 0 });
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
      const brokers = Array.from({ length: count }, (_, index) => ({ brokerId: index + 1, rack: null, isFenced: false }));
      const replicationFactor = Math.min(3, count);
      const question = { brokers, replicationFactor, nextInt: (bound: number) => draw % bound };
      const whole = placeReplicas({ ...question, partitionCount: first + added, firstPartition: 0 });
      const grown = placeReplicas({ ...question, partitionCount: added, firstPartition: first });
      expect(grown).toEqual(whole.slice(first));
    }),
  );
});

test('with as many replicas as racks every rack has one, however unequal the racks are', () => {
  const brokers = ['a', 'a', 'a', 'a', 'b', 'c'].map((rack, brokerId) => ({ brokerId, rack, isFenced: false }));
  const placed = placeReplicas({ brokers, partitionCount: 24, firstPartition: 0, replicationFactor: 3, nextInt: () => 0 });
  for (const replicas of placed) expect(new Set(replicas.map((id) => brokers[id]?.rack))).toEqual(new Set(['a', 'b', 'c']));
});
