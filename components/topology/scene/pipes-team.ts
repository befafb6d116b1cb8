// Pipes of L2: clients join one riser, each row of cabinets has a produce bus over its shelf and a consume bus
// above that; replication is drawn from row to row, with chevrons, because a bundle is no record.

import { elbow } from './layout.ts';
import { tabulate } from './path.ts';
import { teamFrame } from './team-frame.ts';
import type { Edge } from './edges.ts';
import type { CabinetPlace, CardPlace, Layout, Structure, Tube } from './layout.ts';
import type { PathTable, Point, Route } from './path.ts';

interface TeamInput {
  readonly structure: Structure;
  readonly rows: readonly (readonly CabinetPlace[])[];
  readonly clients: readonly CardPlace[];
  readonly groups: readonly CardPlace[];
  readonly consumeRiserX: number;
  readonly faceWidth: number;
  readonly columnGap: number;
}

const produceRiserX = 236;
const produceBusRise = 17;
const consumeBusRise = 31;
const dropInset = 26;

function route(points: readonly Point[], radius: number = elbow): Route {
  return { points, radius };
}

interface Bus {
  readonly y: number;
  readonly cabinets: readonly CabinetPlace[];
  readonly edges: readonly Edge[];
}

function buses(input: TeamInput, kind: 'produce' | 'consume', rise: number): readonly Bus[] {
  const own = input.structure.edges.filter((edge) => edge.kind === kind);
  return input.rows
    .map((cabinets) => ({
      y: (cabinets[0]?.faces[0]?.y ?? 0) - rise,
      cabinets,
      edges: own.filter((edge) => cabinets.some((cabinet) => cabinet.brokerId === edge.brokerId)),
    }))
    .filter((bus) => bus.edges.length > 0);
}

function tube(
  piece: { readonly kind: 'produce' | 'consume'; readonly route: Route; readonly edges: readonly Edge[] } & Partial<
    Pick<Tube, 'hasHairline' | 'mark'>
  >,
): Tube {
  return { bundle: piece.kind, hasHairline: true, mark: 'none', ...piece, edges: piece.edges.map((edge) => edge.index) };
}

function dropX(cabinet: CabinetPlace, kind: 'produce' | 'consume'): number {
  const face = cabinet.faces[0]!;
  const inset = Math.min(dropInset, face.width / 3);
  return kind === 'produce' ? face.x + inset : face.x + face.width - inset;
}

function produceTubes(input: TeamInput, rides: (PathTable | null)[]): readonly Tube[] {
  const rows = buses(input, 'produce', produceBusRise);
  const edges = rows.flatMap((bus) => bus.edges);
  if (edges.length === 0) return [];
  const ports = input.clients.filter((card) => edges.some((edge) => edge.cardKey === card.key));
  const spanY = [...rows.map((bus) => bus.y), ...ports.map((card) => card.port.y)];
  const trunks = ports.map((card) =>
    tube({
      kind: 'produce',
      route: route(
        [
          { x: card.port.x, y: card.port.y },
          { x: produceRiserX, y: card.port.y },
        ],
        0,
      ),
      edges: edges.filter((edge) => edge.cardKey === card.key),
    }),
  );
  const riser = tube({
    kind: 'produce',
    route: route(
      [
        { x: produceRiserX, y: Math.min(...spanY) },
        { x: produceRiserX, y: Math.max(...spanY) },
      ],
      0,
    ),
    edges: edges,
    hasHairline: false,
  });
  const rowTubes = rows.flatMap((bus) => {
    const served = bus.cabinets.filter((cabinet) => bus.edges.some((edge) => edge.brokerId === cabinet.brokerId));
    const line = tube({
      kind: 'produce',
      route: route(
        [
          { x: produceRiserX, y: bus.y },
          { x: dropX(served.at(-1)!, 'produce'), y: bus.y },
        ],
        0,
      ),
      edges: bus.edges,
    });
    return [line, ...served.map((cabinet) => dropTube(cabinet, bus))];
  });
  for (const bus of rows) for (const edge of bus.edges) rides[edge.index] = produceRide(input, bus, edge);
  return [...trunks, riser, ...rowTubes];
}

function dropTube(cabinet: CabinetPlace, bus: Bus): Tube {
  const x = dropX(cabinet, 'produce');
  return tube({
    kind: 'produce',
    route: route(
      [
        { x: x - 22, y: bus.y },
        { x, y: bus.y },
        { x, y: cabinet.faces[0]!.y - 1 },
      ],
      9,
    ),
    edges: bus.edges.filter((edge) => edge.brokerId === cabinet.brokerId),
    mark: 'chevron-end',
  });
}

function produceRide(input: TeamInput, bus: Bus, edge: Edge): PathTable | null {
  const card = input.clients.find((candidate) => candidate.key === edge.cardKey);
  const cabinet = bus.cabinets.find((candidate) => candidate.brokerId === edge.brokerId);
  if (card === undefined || cabinet === undefined) return null;
  const x = dropX(cabinet, 'produce');
  return tabulate(
    route([
      card.port,
      { x: produceRiserX, y: card.port.y },
      { x: produceRiserX, y: bus.y },
      { x, y: bus.y },
      { x, y: cabinet.faces[0]!.y - 1 },
    ]),
  );
}

function consumeTubes(input: TeamInput, rides: (PathTable | null)[]): readonly Tube[] {
  const rows = buses(input, 'consume', consumeBusRise);
  const edges = rows.flatMap((bus) => bus.edges);
  if (edges.length === 0) return [];
  const riserX = input.consumeRiserX;
  const ports = input.groups.filter((card) => edges.some((edge) => edge.cardKey === card.key));
  const spanY = [...rows.map((bus) => bus.y), ...ports.map((card) => card.port.y)];
  const rowTubes = rows.flatMap((bus) => {
    const served = bus.cabinets.filter((cabinet) => bus.edges.some((edge) => edge.brokerId === cabinet.brokerId));
    const line = tube({
      kind: 'consume',
      route: route(
        [
          { x: dropX(served[0]!, 'consume'), y: bus.y },
          { x: riserX, y: bus.y },
        ],
        0,
      ),
      edges: bus.edges,
    });
    return [line, ...served.map((cabinet) => riseTube(cabinet, bus))];
  });
  const riser = tube({
    kind: 'consume',
    route: route(
      [
        { x: riserX, y: Math.min(...spanY) },
        { x: riserX, y: Math.max(...spanY) },
      ],
      0,
    ),
    edges: edges,
    hasHairline: false,
  });
  const trunks = ports.map((card) =>
    tube({
      kind: 'consume',
      route: route([{ x: riserX, y: card.port.y }, card.port], 0),
      edges: edges.filter((edge) => edge.cardKey === card.key),
    }),
  );
  for (const bus of rows) for (const edge of bus.edges) rides[edge.index] = consumeRide(input, bus, edge);
  return [...rowTubes, riser, ...trunks];
}

function riseTube(cabinet: CabinetPlace, bus: Bus): Tube {
  const x = dropX(cabinet, 'consume');
  return tube({
    kind: 'consume',
    route: route(
      [
        { x, y: cabinet.faces[0]!.y - 1 },
        { x, y: bus.y },
        { x: x + 22, y: bus.y },
      ],
      9,
    ),
    edges: bus.edges.filter((edge) => edge.brokerId === cabinet.brokerId),
  });
}

function consumeRide(input: TeamInput, bus: Bus, edge: Edge): PathTable | null {
  const card = input.groups.find((candidate) => candidate.key === edge.cardKey);
  const cabinet = bus.cabinets.find((candidate) => candidate.brokerId === edge.brokerId);
  if (card === undefined || cabinet === undefined) return null;
  const x = dropX(cabinet, 'consume');
  return tabulate(
    route([
      { x, y: cabinet.faces[0]!.y - 1 },
      { x, y: bus.y },
      { x: input.consumeRiserX, y: bus.y },
      { x: input.consumeRiserX, y: card.port.y },
      card.port,
    ]),
  );
}

interface RowPair {
  readonly from: number;
  readonly to: number;
  readonly edges: readonly Edge[];
}

function rowPairs(input: TeamInput): readonly RowPair[] {
  const rowOf = new Map(input.rows.flatMap((row, index) => row.map((cabinet): [number, number] => [cabinet.brokerId, index])));
  const pairs = new Map<string, { from: number; to: number; edges: Edge[] }>();
  for (const edge of input.structure.edges) {
    const [from, to] = [rowOf.get(edge.brokerId), edge.followerId === null ? undefined : rowOf.get(edge.followerId)];
    if (edge.kind !== 'replicate' || from === undefined || to === undefined) continue;
    const pair = pairs.get(`${from}>${to}`) ?? { from, to, edges: [] };
    pair.edges.push(edge);
    pairs.set(`${from}>${to}`, pair);
  }
  return [...pairs.values()];
}

function rowMiddle(row: readonly CabinetPlace[]): number {
  const face = row[0]!.faces[0]!;
  return face.y + face.height / 2;
}

/** Each span of rows has a gap of its own; down keeps to the left of it, up to the right. */
function replicaTube(input: TeamInput, pair: RowPair): Tube {
  const gaps = Math.max(1, Math.max(...input.rows.map((row) => row.length)) - 1);
  const span = Math.abs(pair.to - pair.from);
  const gap = span === 0 ? 0 : (span - 1) % gaps;
  const middleX = teamFrame.firstX + input.faceWidth + input.columnGap / 2 + gap * (input.faceWidth + input.columnGap);
  const edges = pair.edges.map((edge) => edge.index);
  const shape = { kind: 'replicate', edges, bundle: `replicate:${pair.from}>${pair.to}`, hasHairline: false, mark: 'chevrons' } as const;
  if (span === 0) {
    const y = rowMiddle(input.rows[pair.from]!);
    return {
      ...shape,
      route: route(
        [
          { x: middleX - input.columnGap / 2, y },
          { x: middleX + input.columnGap / 2, y },
        ],
        0,
      ),
      mark: 'none',
    };
  }
  const x = middleX + (pair.to > pair.from ? -9 : 9);
  return {
    ...shape,
    route: route(
      [
        { x, y: rowMiddle(input.rows[pair.from]!) },
        { x, y: rowMiddle(input.rows[pair.to]!) },
      ],
      0,
    ),
  };
}

export function teamPipes(input: TeamInput): Pick<Layout, 'tubes' | 'rides' | 'replicateX'> {
  const highest = input.structure.edges.reduce((most, edge) => Math.max(most, edge.index), -1);
  const rides = Array.from({ length: highest + 1 }, (): PathTable | null => null);
  const tubes = [...produceTubes(input, rides), ...consumeTubes(input, rides), ...rowPairs(input).map((pair) => replicaTube(input, pair))];
  return { tubes, rides, replicateX: null };
}
