// Where the replicas of new partitions go: leaders round robin over the brokers, followers shifted a little more each
// round, so that the partitions of a lost broker spread over all others; racks alternate, and a rack gets a second
// replica of a partition only when every rack has one. Where that would overfill a broker, each partition goes to those
// that have the most room.

import { assert } from '#engine/base/assert.ts';

export interface PlacementBroker {
  readonly brokerId: number;
  readonly rack: string | null;
  readonly isFenced: boolean;
  /** How many more replicas it may take. */
  readonly room: number;
}

export interface PlacementQuestion {
  readonly brokers: readonly PlacementBroker[];
  readonly partitionCount: number;
  /** Continues the pattern for partitions that are added to a topic. */
  readonly firstPartition: number;
  readonly replicationFactor: number;
  readonly nextInt: (bound: number) => number;
}

/**
 * Replicas by partition, leader first. Fenced brokers are used only when there are too few others, and never lead.
 * null: the brokers have no room for them.
 */
export function placeReplicas(question: PlacementQuestion): readonly (readonly number[])[] | null {
  const even = placeEvenly(question);
  return fits(even, question.brokers) ? even : placeWhereRoomIs(question);
}

function fits(placed: readonly (readonly number[])[], brokers: readonly PlacementBroker[]): boolean {
  const taken = new Map<number, number>();
  for (const replicas of placed) for (const brokerId of replicas) taken.set(brokerId, (taken.get(brokerId) ?? 0) + 1);
  return brokers.every(({ brokerId, room }) => (taken.get(brokerId) ?? 0) <= room);
}

/** Whoever has the most room first: nothing else finds a place for every partition when room is short. */
function placeWhereRoomIs({ brokers, partitionCount, replicationFactor }: PlacementQuestion): readonly (readonly number[])[] | null {
  const room = new Map(brokers.map((broker) => [broker.brokerId, broker.room]));
  const roomOf = ({ brokerId }: PlacementBroker): number => room.get(brokerId) ?? 0;
  const placed: (readonly number[])[] = [];
  while (placed.length < partitionCount) {
    const free = brokers.filter((broker) => roomOf(broker) > 0).toSorted((a, b) => roomOf(b) - roomOf(a) || a.brokerId - b.brokerId);
    const active = free.filter((broker) => !broker.isFenced);
    const count = Math.min(replicationFactor, active.length);
    const spare = free.filter((broker) => broker.isFenced).slice(0, replicationFactor - count);
    if (count === 0 || count + spare.length < replicationFactor) return null;
    const replicas = [...placeOne(active, { leaderAt: 0, shift: 0, count }), ...spare.map(({ brokerId }) => brokerId)];
    for (const brokerId of replicas) room.set(brokerId, (room.get(brokerId) ?? 0) - 1);
    placed.push(replicas);
  }
  return placed;
}

function placeEvenly(question: PlacementQuestion): readonly (readonly number[])[] {
  const { brokers, partitionCount, replicationFactor, nextInt } = question;
  const active = alternateRacks(brokers.filter((broker) => !broker.isFenced));
  const fenced = alternateRacks(brokers.filter((broker) => broker.isFenced));
  assert(active.length > 0 && replicationFactor <= active.length + fenced.length, 'the caller has checked that there are enough brokers');
  const start = nextInt(active.length);
  const activeFactor = Math.min(replicationFactor, active.length);
  const spare = fenced.slice(0, replicationFactor - activeFactor).map((broker) => broker.brokerId);
  const firstShift = nextInt(active.length);
  return Array.from({ length: partitionCount }, (_, index) => {
    const position = question.firstPartition + index;
    const shift = firstShift + Math.floor(position / active.length);
    return [...placeOne(active, { leaderAt: (start + position) % active.length, shift, count: activeFactor }), ...spare];
  });
}

interface Spot {
  readonly leaderAt: number;
  readonly shift: number;
  readonly count: number;
}

function placeOne(ring: readonly PlacementBroker[], spot: Spot): readonly number[] {
  const leader = ring[spot.leaderAt];
  assert(leader !== undefined, 'the leader lies on the ring');
  const chosen: PlacementBroker[] = [leader];
  for (let perRack = 0; chosen.length < spot.count; perRack++) {
    for (let step = 0; step < ring.length - 1 && chosen.length < spot.count; step++) {
      const candidate = ring[(spot.leaderAt + 1 + ((spot.shift + step) % (ring.length - 1))) % ring.length];
      assert(candidate !== undefined, 'the candidate lies on the ring');
      if (!chosen.includes(candidate) && countIn(chosen, candidate.rack) <= perRack) chosen.push(candidate);
    }
    assert(perRack < ring.length, 'no rack has more brokers than the ring');
  }
  return chosen.map((broker) => broker.brokerId);
}

function countIn(chosen: readonly PlacementBroker[], rack: string | null): number {
  return chosen.filter((broker) => broker.rack === rack).length;
}

/** One broker of each rack in turn, so that neighbours on the ring are in different racks. */
function alternateRacks(brokers: readonly PlacementBroker[]): readonly PlacementBroker[] {
  const byRack = new Map<string | null, PlacementBroker[]>();
  for (const broker of [...brokers].sort((a, b) => a.brokerId - b.brokerId)) {
    byRack.set(broker.rack, [...(byRack.get(broker.rack) ?? []), broker]);
  }
  const racks = [...byRack.values()];
  const ring: PlacementBroker[] = [];
  for (let turn = 0; ring.length < brokers.length; turn++) {
    for (const rack of racks) {
      const broker = rack[turn];
      if (broker !== undefined) ring.push(broker);
    }
  }
  return ring;
}
