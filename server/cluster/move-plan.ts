// Which replica goes where when a broker is drained. Pure: the same picture always gives the same plan. Each copy goes to
// the broker that holds fewest, in a rack that holds none of the partition's others where there is one.

export interface PlannedMove {
  readonly topic: string;
  readonly partition: number;
  readonly from: readonly number[];
  /** null: no broker is left that could take the copy. */
  readonly to: readonly number[] | null;
  /** What has to be copied; null: not known. */
  readonly bytes: number | null;
}

export interface MovePlan {
  readonly moves: readonly PlannedMove[];
  /** Sum over the moves that can be made; null when one of them isn't known. */
  readonly bytes: number | null;
}

export interface PlanPartition {
  readonly topic: string;
  readonly partition: number;
  readonly replicas: readonly number[];
  readonly sizeBytes: number | null;
}

export interface PlanBroker {
  readonly brokerId: number;
  readonly rack: string | null;
  /** Online, and not the one to be drained. */
  readonly canTake: boolean;
}

export function planDrain(brokerId: number, partitions: readonly PlanPartition[], brokers: readonly PlanBroker[]): MovePlan {
  const counts = new Map(brokers.map((broker) => [broker.brokerId, 0]));
  for (const { replicas } of partitions) for (const id of replicas) counts.set(id, (counts.get(id) ?? 0) + 1);
  const racks = new Map(brokers.map((broker) => [broker.brokerId, broker.rack]));
  const moves = partitions
    .filter(({ replicas }) => replicas.includes(brokerId))
    .map(({ topic, partition, replicas, sizeBytes }): PlannedMove => {
      const target = chooseTarget(replicas, { brokerId, brokers, counts, racks });
      if (target === null) return { topic, partition, from: replicas, to: null, bytes: 0 };
      counts.set(target, (counts.get(target) ?? 0) + 1);
      // The newcomer takes the place of the one that goes, so that first choices stay spread as they were.
      return { topic, partition, from: replicas, to: replicas.map((id) => (id === brokerId ? target : id)), bytes: sizeBytes };
    });
  return { moves, bytes: sumOrNull(moves.map((move) => move.bytes)) };
}

interface Choice {
  readonly brokerId: number;
  readonly brokers: readonly PlanBroker[];
  readonly counts: ReadonlyMap<number, number>;
  readonly racks: ReadonlyMap<number, string | null>;
}

function chooseTarget(replicas: readonly number[], { brokerId, brokers, counts, racks }: Choice): number | null {
  const staying = new Set(replicas.filter((id) => id !== brokerId).map((id) => racks.get(id) ?? null));
  const sharesRack = (rack: string | null): number => (rack !== null && staying.has(rack) ? 1 : 0);
  const fits = brokers.filter((broker) => broker.canTake && broker.brokerId !== brokerId && !replicas.includes(broker.brokerId));
  const best = fits.toSorted(
    (a, b) =>
      sharesRack(a.rack) - sharesRack(b.rack) || (counts.get(a.brokerId) ?? 0) - (counts.get(b.brokerId) ?? 0) || a.brokerId - b.brokerId,
  )[0];
  return best?.brokerId ?? null;
}

function sumOrNull(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value), 0);
}
