// What a layout is: where everything stands, in world units (one unit is one CSS pixel at zoom 1).
// Both levels answer this one shape, so that drawing, hit tests and labels don't know which one made it.

import type { ClientCard, GroupCard } from './cards.ts';
import type { Cell } from './cells.ts';
import type { CellMap } from './cell-map.ts';
import type { Edge, FlowKind } from './edges.ts';
import type { PathTable, Point, Route } from './path.ts';
import type { ClusterState } from './cluster-state.ts';
import type { Slots } from './places.ts';
import type { DetailLevel } from './detail-level.ts';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a layout is made of: the cluster as known, who stands where, which flows have a pipe. */
export interface Structure {
  readonly state: ClusterState;
  readonly showInternal: boolean;
  readonly topicSlots: Slots;
  /** By slot: the most partitions that ever stood there. A place that was given is never taken back. */
  readonly topicSizes: readonly number[];
  /** Idle topics that a person folded away, in their order. */
  readonly folded: readonly string[];
  readonly clientSlots: Slots;
  readonly clients: ReadonlyMap<string, ClientCard>;
  readonly groupSlots: Slots;
  readonly groups: ReadonlyMap<string, GroupCard>;
  readonly edges: readonly Edge[];
}

export interface Viewport {
  readonly width: number;
  readonly height: number;
}

export interface CabinetPlace {
  readonly brokerId: number;
  readonly rack: string | null;
  readonly faces: readonly Rect[];
  readonly isStopped: boolean;
  /** Where the broker's name stands; text starts here, baseline. */
  readonly plate: Point;
  /** Where the bars of disk, in and out start. */
  readonly facts: Point;
  readonly width: number;
}

export interface CellPlace extends Rect {
  readonly key: string;
  readonly cell: Cell;
}

export interface TopicPlace {
  readonly key: string;
  readonly topic: string;
  readonly brokerId: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface CardPlace {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  /** Room until the next card. */
  readonly height: number;
  readonly port: Point;
}

/** A piece of pipe as drawn; its width follows the sum of its edges' rates. */
export interface Tube {
  readonly kind: FlowKind;
  readonly route: Route;
  readonly edges: readonly number[];
  /** Tubes of one bundle merge without darkening; bundles cross with a gap. */
  readonly bundle: string;
  readonly hasHairline: boolean;
  /** Arrow or chevrons: what tells the direction where no dot does. */
  readonly mark: 'none' | 'arrow' | 'chevron-end' | 'chevrons';
}

export interface Layout {
  readonly level: DetailLevel;
  /** The width of a cell. */
  readonly cell: number;
  readonly width: number;
  readonly height: number;
  readonly cabinets: readonly CabinetPlace[];
  readonly shelves: readonly Rect[];
  /** Empty where a map has them. */
  readonly cells: readonly CellPlace[];
  /** The cells of L3 and L4. */
  readonly map: CellMap | null;
  /** Where the heat map of topics stands; null where there is none. */
  readonly heat: Rect | null;
  /** Dashed places that wait for a topic. */
  readonly waiting: readonly Rect[];
  readonly topics: readonly TopicPlace[];
  readonly clients: readonly CardPlace[];
  readonly groups: readonly CardPlace[];
  readonly tubes: readonly Tube[];
  /** By edge number: what dots of that edge ride on; null where it isn't drawn. */
  readonly rides: readonly (PathTable | null)[];
  /** Where the headings of brokers and groups start. */
  readonly brokersX: number;
  readonly groupsX: number;
  /** The gap in which followers fetch, for its note and heading; null where there is none. */
  readonly replicateX: number | null;
  readonly noteRows: readonly Point[];
}

export const elbow = 11;

export function partitionCountOf(state: ClusterState, topic: string): number {
  const partitions = state.topics.get(topic)?.partitions;
  if (partitions === undefined) return 0;
  let highest = -1;
  for (const partition of partitions.keys()) highest = Math.max(highest, partition);
  return highest + 1;
}

/** Ranks slots by their distance to the middle, nearest first; ties keep their order. */
export function middleOut(count: number): readonly number[] {
  const middle = (count - 1) / 2;
  return Array.from({ length: count }, (_, index) => index).toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle) || a - b);
}

/** The same, farthest first. */
export function outsideIn(count: number): readonly number[] {
  const middle = (count - 1) / 2;
  return Array.from({ length: count }, (_, index) => index).toSorted((a, b) => Math.abs(b - middle) - Math.abs(a - middle) || a - b);
}

/** How many cards of a kind fit: a roomy number first, a dense one when there are more. */
export function capacityFor(count: number, steps: readonly number[]): number {
  return steps.find((step) => count <= step) ?? steps.at(-1)!;
}
