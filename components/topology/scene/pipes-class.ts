// Pipes of L1: a trunk from each client to a riser of its own, a branch from the riser to each cabinet.
// Middle clients take the risers far from the cabinets, the first and the last the near ones: their trunks can
// run straight, and every crossing that is left is square.

import { classFrame } from './class-frame.ts';
import { elbow, middleOut, outsideIn } from './layout.ts';
import { tabulate } from './path.ts';
import type { Edge } from './edges.ts';
import type { CabinetPlace, CardPlace, Layout, Structure, Tube } from './layout.ts';
import type { PortLine } from './class-frame.ts';
import type { PathTable, Point, Route } from './path.ts';

interface PipeInput {
  readonly structure: Structure;
  readonly cabinets: readonly CabinetPlace[];
  readonly clients: readonly CardPlace[];
  readonly groups: readonly CardPlace[];
  readonly clientLine: PortLine;
  readonly groupLine: PortLine;
}

type Pipes = Pick<Layout, 'tubes' | 'rides' | 'replicateX'>;

/** From the port to the cabinet: along the trunk, up or down the riser, along the branch. */
function branch(from: Point, riserX: number, to: Point): Route {
  if (Math.abs(from.y - to.y) < 0.5) return { points: [from, to], radius: elbow };
  return { points: [from, { x: riserX, y: from.y }, { x: riserX, y: to.y }, to], radius: elbow };
}

function reversed(route: Route): Route {
  return { points: route.points.toReversed(), radius: route.radius };
}

interface Side {
  readonly kind: 'produce' | 'consume';
  readonly cards: readonly CardPlace[];
  readonly slots: Structure['clientSlots'];
  readonly line: PortLine;
  readonly riserX: (slot: number) => number;
  /** Where a branch meets the cabinet, for the card in this slot. */
  readonly meets: (cabinet: CabinetPlace, slot: number) => Point;
  readonly portGap: number;
}

function entryOffset(line: PortLine, slot: number, inset: { readonly first: number; readonly height: number }): number {
  return line.capacity === 1 ? inset.first : inset.first + (slot * (inset.height - 2 * inset.first)) / (line.capacity - 1);
}

function produceSide(input: PipeInput): Side {
  const left = input.cabinets[0]?.faces[0]?.x ?? classFrame.faceStart;
  const [first, last] = [classFrame.portX + 24, left - 48];
  const order = middleOut(input.clientLine.capacity);
  const step = (last - first) / Math.max(1, input.clientLine.capacity - 1);
  return {
    kind: 'produce',
    cards: input.clients,
    slots: input.structure.clientSlots,
    line: input.clientLine,
    portGap: 4,
    riserX: (slot) => first + order.indexOf(slot) * step,
    meets: (cabinet, slot) => ({
      x: cabinet.faces[0]!.x - 2,
      y: cabinet.faces[0]!.y + entryOffset(input.clientLine, slot, { first: 21.5, height: cabinet.faces[0]!.height }),
    }),
  };
}

function consumeSide(input: PipeInput): Side {
  const face = input.cabinets[0]?.faces[1];
  const right = face === undefined ? classFrame.faceEnd : face.x + face.width;
  const order = outsideIn(input.groupLine.capacity);
  const room = (input.groups[0]?.port.x ?? right + 114) - right - 62;
  const step = Math.min(60, room / Math.max(1, input.groupLine.capacity - 1));
  return {
    kind: 'consume',
    cards: input.groups,
    slots: input.structure.groupSlots,
    line: input.groupLine,
    portGap: 0,
    riserX: (slot) => right + 38 + Math.max(0, room - step * (input.groupLine.capacity - 1)) / 2 + order.indexOf(slot) * step,
    meets: (cabinet, slot) => ({
      x: cabinet.faces[1]!.x + cabinet.faces[1]!.width + 2,
      y: cabinet.faces[1]!.y + entryOffset(input.groupLine, slot, { first: 25, height: cabinet.faces[1]!.height }),
    }),
  };
}

function sideTubes(side: Side, input: PipeInput, rides: (PathTable | null)[]): readonly Tube[] {
  const cabinetOf = new Map(input.cabinets.map((cabinet) => [cabinet.brokerId, cabinet]));
  const farFirst = side.cards.toSorted(
    (a, b) => (side.kind === 'produce' ? 1 : -1) * (side.riserX(side.slots.indexOf(a.key)) - side.riserX(side.slots.indexOf(b.key))),
  );
  return farFirst.flatMap((card) => {
    const slot = side.slots.indexOf(card.key);
    const start: Point = { x: card.port.x + side.portGap, y: card.port.y };
    const own = input.structure.edges.filter(
      (edge) => edge.kind === side.kind && edge.cardKey === card.key && cabinetOf.has(edge.brokerId),
    );
    const tubes = own.map((edge) =>
      branchTube(side, edge, branch(start, side.riserX(slot), side.meets(cabinetOf.get(edge.brokerId)!, slot))),
    );
    own.forEach((edge, index) => {
      rides[edge.index] = tabulate(side.kind === 'produce' ? tubes[index]!.route : reversed(tubes[index]!.route));
    });
    return own.length === 0 ? [] : [...tubes, trunkTube(side, own, { start, riserX: side.riserX(slot), key: card.key })];
  });
}

function branchTube(side: Side, edge: Edge, route: Route): Tube {
  return { kind: side.kind, route, edges: [edge.index], bundle: `${side.kind}:${edge.cardKey}`, hasHairline: true, mark: 'none' };
}

function trunkTube(side: Side, edges: readonly Edge[], at: { readonly start: Point; readonly riserX: number; readonly key: string }): Tube {
  const route: Route = { points: [at.start, { x: at.riserX, y: at.start.y }], radius: 0 };
  return {
    kind: side.kind,
    route,
    edges: edges.map((edge) => edge.index),
    bundle: `${side.kind}:${at.key}`,
    hasHairline: false,
    mark: 'none',
  };
}

/** Between the faces: left tracks go down, right tracks go up; the farther the shelf, the nearer the middle. */
function replicaRoute(input: PipeInput, from: number, to: number): Route {
  const down = to > from;
  const span = Math.abs(to - from);
  const [source, target] = [input.cabinets[from]!, input.cabinets[to]!];
  const [leftFace, rightFace] = [source.faces[0]!, source.faces[1]!];
  const step = Math.min(18.7, 38 / Math.max(1, input.cabinets.length - 1));
  const x = down ? leftFace.x + leftFace.width + step * span - 1 : rightFace.x - step * span + 1;
  const edgeX = down ? leftFace.x + leftFace.width + 1 : rightFace.x - 1;
  const inset = Math.min(13 + (span - 1) * 18, leftFace.height / 2 - 4);
  const leaveY = source.faces[0]!.y + (down ? leftFace.height - inset : inset);
  const enterY = target.faces[0]!.y + (down ? inset : leftFace.height - inset);
  const tip = down ? edgeX + 7 : edgeX - 7;
  return {
    points: [
      { x: edgeX, y: leaveY },
      { x, y: leaveY },
      { x, y: enterY },
      { x: tip, y: enterY },
    ],
    radius: 10,
  };
}

function replicaTubes(input: PipeInput, rides: (PathTable | null)[]): readonly Tube[] {
  const rowOf = new Map(input.cabinets.map((cabinet, index) => [cabinet.brokerId, index]));
  return input.structure.edges.flatMap((edge): Tube[] => {
    const [from, to] = [rowOf.get(edge.brokerId), edge.followerId === null ? undefined : rowOf.get(edge.followerId)];
    if (edge.kind !== 'replicate' || from === undefined || to === undefined) return [];
    const route = replicaRoute(input, from, to);
    rides[edge.index] = tabulate(route);
    return [{ kind: 'replicate', route, edges: [edge.index], bundle: `replicate:${edge.index}`, hasHairline: true, mark: 'arrow' }];
  });
}

export function classPipes(input: PipeInput): Pipes {
  const highest = input.structure.edges.reduce((most, edge) => Math.max(most, edge.index), -1);
  const rides = Array.from({ length: highest + 1 }, (): PathTable | null => null);
  const tubes = [
    ...sideTubes(produceSide(input), input, rides),
    ...sideTubes(consumeSide(input), input, rides),
    ...replicaTubes(input, rides),
  ];
  const face = input.cabinets[0]?.faces[0];
  return { tubes, rides, replicateX: face === undefined ? null : face.x + face.width + 9 };
}
