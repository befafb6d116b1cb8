// The cells of L3 and L4: too many for an object each. Everything is a number by the index of a cell; names are made
// for the one cell that is pointed at. Cells of one broker follow each other, in the order of topics and partitions.

import { cellKey, cellState, type Cell, type CellState } from './cells.ts';
import type { ClusterState, TopicState } from './cluster-state.ts';
import type { CabinetPlace, Rect, Structure } from './layout.ts';
import type { Move } from './roving.ts';
import type { Point } from './path.ts';
import type { BrokerState, TopologyPartition } from '#server/cluster/port.ts';

/** The order of the codes in `states`. */
export const stateCodes: readonly CellState[] = ['leader', 'follower', 'out-of-sync', 'no-leader', 'stopped', 'absent'];

interface Named {
  readonly topic: string;
  readonly partition: TopologyPartition;
}

interface MapCabinet {
  readonly brokerId: number;
  readonly state: BrokerState;
  readonly face: Rect;
  /** Its first cell, and the one after its last. */
  readonly start: number;
  readonly end: number;
}

/** The partitions of one topic among all. */
interface TopicRange {
  readonly topic: TopicState;
  readonly start: number;
  readonly end: number;
}

interface Parts {
  readonly cell: number;
  readonly columns: number;
  readonly cabinets: readonly MapCabinet[];
  readonly named: Named[];
  readonly topics: TopicRange[];
  /** By cell: the index of its partition in `named`. */
  readonly partitions: Uint32Array;
  readonly states: Uint8Array;
}

function codeOf(partition: TopologyPartition, cabinet: MapCabinet): number {
  return stateCodes.indexOf(cellState(partition, cabinet.brokerId, cabinet.state));
}

/** Deals all replicas of the structure to the cabinets that stand at `places`. */
export function dealCells(
  structure: Structure,
  places: readonly CabinetPlace[],
  grid: { readonly cell: number; readonly columns: number },
): CellMap {
  const { named, topics } = namedPartitions(structure);
  const states = new Map(structure.state.brokers.map((broker) => [broker.brokerId, broker.state]));
  const cabinets = countCabinets(named, places, states);
  const count = cabinets.at(-1)?.end ?? 0;
  const parts = { ...grid, cabinets, named, topics, partitions: new Uint32Array(count), states: new Uint8Array(count) };
  const next = new Map(cabinets.map((cabinet) => [cabinet.brokerId, { cabinet, at: cabinet.start }]));
  named.forEach(({ partition }, index) => {
    for (const brokerId of partition.replicas) {
      const place = next.get(brokerId);
      if (place === undefined) continue;
      parts.partitions[place.at] = index;
      parts.states[place.at] = codeOf(partition, place.cabinet);
      place.at += 1;
    }
  });
  return new CellMap(parts);
}

export class CellMap {
  readonly cell: number;
  readonly columns: number;
  readonly cabinets: readonly MapCabinet[];
  readonly states: Uint8Array;
  readonly #parts: Parts;
  readonly #named: readonly Named[];
  readonly #partitions: Uint32Array;

  constructor(parts: Parts) {
    this.cell = parts.cell;
    this.columns = parts.columns;
    this.cabinets = parts.cabinets;
    this.states = parts.states;
    this.#parts = parts;
    this.#named = parts.named;
    this.#partitions = parts.partitions;
  }

  get count(): number {
    return this.states.length;
  }

  /** The same places with the states of now. Only topics and brokers that changed are looked at: a thousand moved
   *  leaders among fifty thousand partitions take a few milliseconds. */
  withStates(state: ClusterState): CellMap {
    const brokers = new Map(state.brokers.map((broker) => [broker.brokerId, broker.state]));
    const cabinets = this.cabinets.map((cabinet) => ({ ...cabinet, state: brokers.get(cabinet.brokerId) ?? cabinet.state }));
    const next = new CellMap({
      ...this.#parts,
      cabinets,
      named: [...this.#parts.named],
      topics: [...this.#parts.topics],
      states: this.states.slice(),
    });
    next.#takeTopics(state.topics);
    cabinets.forEach((cabinet, index) => {
      if (cabinet.state !== this.cabinets[index]!.state) next.#takeBroker(cabinet);
    });
    return next;
  }

  #takeTopics(topics: ClusterState['topics']): void {
    const byBroker = new Map(this.cabinets.map((cabinet) => [cabinet.brokerId, cabinet]));
    this.#parts.topics.forEach(({ topic, start, end }, range) => {
      const now = topics.get(topic.name);
      if (now === undefined || now === topic) return;
      this.#parts.topics[range] = { topic: now, start, end };
      for (let named = start; named < end; named += 1) this.#takePartition(named, now, byBroker);
    });
  }

  #takePartition(named: number, topic: TopicState, byBroker: ReadonlyMap<number, MapCabinet>): void {
    const partition = topic.partitions.get(this.#named[named]!.partition.partition);
    if (partition === undefined) return;
    this.#parts.named[named] = { topic: topic.name, partition };
    for (const brokerId of partition.replicas) {
      const cabinet = byBroker.get(brokerId);
      const at = cabinet === undefined ? -1 : this.#find(cabinet, named);
      if (at >= 0) this.states[at] = codeOf(partition, cabinet!);
    }
  }

  #takeBroker(cabinet: MapCabinet): void {
    for (let index = cabinet.start; index < cabinet.end; index += 1)
      this.states[index] = codeOf(this.#named[this.#partitions[index]!]!.partition, cabinet);
  }

  cabinetOf(index: number): MapCabinet {
    return this.cabinets.find((cabinet) => index < cabinet.end)!;
  }

  rect(index: number): Rect {
    const { face, start } = this.cabinetOf(index);
    const [column, row] = [(index - start) % this.columns, Math.floor((index - start) / this.columns)];
    return { x: face.x + column * this.cell, y: face.y + row * this.cell, width: this.cell, height: this.cell };
  }

  /** The cell under a point; -1 where there is none. */
  indexAt(point: Point): number {
    for (const { face, start, end } of this.cabinets) {
      const [column, row] = [Math.floor((point.x - face.x) / this.cell), Math.floor((point.y - face.y) / this.cell)];
      if (column < 0 || row < 0 || column >= this.columns) continue;
      const index = start + row * this.columns + column;
      if (index < end && point.y < face.y + face.height) return index;
    }
    return -1;
  }

  cellAt(index: number): Cell {
    const { topic, partition } = this.#named[this.#partitions[index]!]!;
    const { brokerId } = this.cabinetOf(index);
    const state = stateCodes[this.states[index]!]!;
    return {
      brokerId,
      topic,
      partition: partition.partition,
      state,
      isSecondChoice: state === 'leader' && partition.replicas[0] !== brokerId,
    };
  }

  keyAt(index: number): string {
    const cell = this.cellAt(index);
    return cellKey(cell.brokerId, cell.topic, cell.partition);
  }

  /** All cells of one partition, by broker. */
  replicasOf(topic: string, partition: number): readonly number[] {
    const named = this.#named.findIndex((one) => one.topic === topic && one.partition.partition === partition);
    return named < 0 ? [] : this.cabinets.map((cabinet) => this.#find(cabinet, named)).filter((index) => index >= 0);
  }

  /** Cells of a broker stand in the order of partitions, so the place of one is found by halving. */
  #find({ start, end }: MapCabinet, named: number): number {
    let [low, high] = [start, end];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#partitions[middle]! < named) low = middle + 1;
      else high = middle;
    }
    return low < end && this.#partitions[low] === named ? low : -1;
  }

  countOf(brokerId: number, state: CellState): number {
    const cabinet = this.cabinets.find((one) => one.brokerId === brokerId);
    if (cabinet === undefined) return 0;
    const code = stateCodes.indexOf(state);
    return this.states.subarray(cabinet.start, cabinet.end).reduce((sum, one) => sum + Number(one === code), 0);
  }

  has(state: CellState): boolean {
    return this.states.includes(stateCodes.indexOf(state));
  }

  /** Where a move of the focus leads; the same cell at the end of the world. */
  moveFocus(index: number, move: Move): number {
    switch (move) {
      case 'first':
        return 0;
      case 'last':
        return this.count - 1;
      case 'left':
        return Math.max(0, index - 1);
      case 'right':
        return Math.min(this.count - 1, index + 1);
      case 'up':
        return this.#vertical(index, -1);
      case 'down':
        return this.#vertical(index, 1);
      case 'previous-broker':
        return this.#otherBroker(index, -1);
      case 'next-broker':
        return this.#otherBroker(index, 1);
    }
  }

  /** Within the cabinet a row up or down; beyond its edge the nearest cabinet there. */
  #vertical(index: number, way: 1 | -1): number {
    const { start, end, face } = this.cabinetOf(index);
    const next = index + way * this.columns;
    if (next >= start && next < end) return next;
    const beyond = this.cabinets.filter((other) => other.end > other.start && other.face.x === face.x && (other.face.y - face.y) * way > 0);
    const target = way > 0 ? beyond[0] : beyond.at(-1);
    if (target === undefined) return index;
    const column = (index - start) % this.columns;
    const lastRow = Math.floor((target.end - 1 - target.start) / this.columns);
    return Math.min(target.end - 1, target.start + (way > 0 ? 0 : lastRow) * this.columns + column);
  }

  /** The same partition there, where that broker has it. */
  #otherBroker(index: number, step: 1 | -1): number {
    const own = this.cabinetOf(index);
    const named = this.#partitions[index]!;
    for (let at = this.cabinets.indexOf(own) + step; at >= 0 && at < this.cabinets.length; at += step) {
      const cabinet = this.cabinets[at]!;
      if (cabinet.end === cabinet.start) continue;
      const same = this.#find(cabinet, named);
      return same >= 0 ? same : cabinet.start;
    }
    return index;
  }
}

function namedPartitions(structure: Structure): Pick<Parts, 'named' | 'topics'> {
  const [named, topics]: [Named[], TopicRange[]] = [[], []];
  for (const name of structure.topicSlots) {
    const topic = name === null ? undefined : structure.state.topics.get(name);
    if (topic === undefined) continue;
    const start = named.length;
    const ordered = [...topic.partitions.values()].toSorted((a, b) => a.partition - b.partition);
    for (const partition of ordered) named.push({ topic: topic.name, partition });
    topics.push({ topic, start, end: named.length });
  }
  return { named, topics };
}

function countCabinets(
  named: readonly Named[],
  places: readonly CabinetPlace[],
  states: ReadonlyMap<number, BrokerState>,
): readonly MapCabinet[] {
  const counts = new Map<number, number>(places.map((place) => [place.brokerId, 0]));
  for (const { partition } of named)
    for (const brokerId of partition.replicas) if (counts.has(brokerId)) counts.set(brokerId, counts.get(brokerId)! + 1);
  let start = 0;
  return places.map(({ brokerId, faces }): MapCabinet => {
    const end = start + counts.get(brokerId)!;
    const cabinet: MapCabinet = { brokerId, state: states.get(brokerId)!, face: faces[0]!, start, end };
    start = end;
    return cabinet;
  });
}
