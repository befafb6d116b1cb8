import { describe, expect, test } from 'vitest';
import { EdgeBook } from './edges.ts';
import { fromSnapshot } from './cluster-state.ts';
import { layoutClass } from './layout-class.ts';
import { layoutTeam } from './layout-team.ts';
import { placeOn } from './path.ts';
import { buildStructure, emptyStructure } from './structure.ts';
import { broker, group, snapshot, startMs } from './harbour.fixture.ts';
import type { DetailLevel } from './detail-level.ts';
import type { Layout } from './layout.ts';
import type { Route } from './path.ts';

const clients = ['checkout-api', 'pay-gateway', 'stock-sync', 'web-tracker'];
const groups = ['billing', 'clickstream', 'fulfilment'];

function lay(level: DetailLevel, width = 1206, brokerCount = 3): { readonly layout: Layout; readonly edges: EdgeBook } {
  const brokers = Array.from({ length: brokerCount }, (_, index) => broker(index + 1));
  const edges = new EdgeBook();
  for (const one of brokers) {
    for (const client of clients) edges.client('produce', `client:${client}`, one.brokerId).records.add(1, startMs);
    for (const name of groups) edges.client('consume', `group:${name}`, one.brokerId).records.add(1, startMs);
    for (const other of brokers) if (other !== one) edges.replica(one.brokerId, other.brokerId).records.add(1, startMs);
  }
  const of = snapshot({ brokers, groups: groups.map((name) => group(name, name, {})) });
  const structure = buildStructure(emptyStructure, {
    state: fromSnapshot(of),
    level,
    showInternal: false,
    writers: clients,
    readers: [],
    edges: edges.all,
    nowMs: startMs,
  });
  const viewport = { width, height: 618 };
  return { layout: level === 'class' ? layoutClass(structure, viewport) : layoutTeam(structure, viewport), edges };
}

function isSquare(route: Route): boolean {
  return route.points.every((point, index) => {
    const before = route.points[index - 1];
    return before === undefined || Math.abs(before.x - point.x) < 0.01 || Math.abs(before.y - point.y) < 0.01;
  });
}

const ends = (layout: Layout, edge: number) => {
  const ride = layout.rides[edge]!;
  const [start, end] = [placeOn(ride, 0, { x: 0, y: 0, angle: 0 }), placeOn(ride, 1, { x: 0, y: 0, angle: 0 })];
  return { start, end };
};

describe.each(['class', 'team'] as const)('pipes of level %s', (level) => {
  const { layout, edges } = lay(level);

  test('run at right angles only', () => {
    expect(layout.tubes.length).toBeGreaterThan(20);
    expect(layout.tubes.every((tube) => isSquare(tube.route))).toBe(true);
  });

  test('every flow between a card and a cabinet has something to ride on', () => {
    for (const edge of edges.all) if (edge.kind !== 'replicate') expect(layout.rides[edge.index]).not.toBeNull();
  });

  test('records leave at the port of their client and arrive at the cabinet of their broker', () => {
    for (const edge of edges.all.filter((one) => one.kind === 'produce')) {
      const card = layout.clients.find((place) => place.key === edge.cardKey)!;
      const face = layout.cabinets.find((place) => place.brokerId === edge.brokerId)!.faces[0]!;
      const { start, end } = ends(layout, edge.index);
      expect(Math.abs(start.x - card.port.x)).toBeLessThanOrEqual(4);
      expect(start.y).toBeCloseTo(card.port.y, 3);
      expect(end.x).toBeGreaterThanOrEqual(face.x - 3);
      expect(end.x).toBeLessThanOrEqual(face.x + face.width);
      expect(end.y).toBeGreaterThanOrEqual(face.y - 2);
      expect(end.y).toBeLessThanOrEqual(face.y + face.height);
    }
  });

  test('reads run from the cabinet to the port of their group', () => {
    for (const edge of edges.all.filter((one) => one.kind === 'consume')) {
      const card = layout.groups.find((place) => place.key === edge.cardKey)!;
      const { start, end } = ends(layout, edge.index);
      expect(end.x).toBeCloseTo(card.port.x, 3);
      expect(end.y).toBeCloseTo(card.port.y, 3);
      expect(start.x).toBeLessThan(end.x);
    }
  });

  test('no two pipes of different clients meet a cabinet at the same spot', () => {
    if (level === 'team') return;
    const spots = edges.all
      .filter((edge) => edge.kind === 'produce')
      .map((edge) => ends(layout, edge.index).end)
      .map((end) => `${end.x.toFixed(1)},${end.y.toFixed(1)}`);
    expect(new Set(spots).size).toBe(spots.length);
  });
});

describe('the routing of the classroom', () => {
  const { layout, edges } = lay('class');
  const riser = (kind: 'produce' | 'consume', key: string): number | undefined =>
    layout.tubes.find((tube) => tube.kind === kind && tube.bundle.endsWith(key) && tube.route.points.length === 4)?.route.points[1]?.x;

  test('middle clients take the risers far from the cabinets, the first and the last the near ones', () => {
    expect(clients.map((client) => riser('produce', `client:${client}`))).toEqual([248, 204, 226, 270]);
  });

  test('groups mirror the rule: the middle one is farthest', () => {
    const [first, middle, last] = groups.map((name) => riser('consume', `group:${name}`)!) as [number, number, number];
    expect(middle).toBeGreaterThan(first);
    expect(middle).toBeGreaterThan(last);
  });

  test('the first and the last client run straight into their shelf', () => {
    for (const [client, brokerId] of [
      ['checkout-api', 1],
      ['web-tracker', 3],
    ] as const) {
      const { start, end } = ends(layout, edges.client('produce', `client:${client}`, brokerId).index);
      expect(start.y).toBe(end.y);
    }
  });

  test('followers fetch between the faces: down on the left, up on the right', () => {
    for (const edge of edges.all.filter((one) => one.kind === 'replicate')) {
      const { start, end } = ends(layout, edge.index);
      const isDown = edge.followerId! > edge.brokerId;
      expect(end.y > start.y).toBe(isDown);
      const middle = (550 + 654) / 2;
      expect(start.x < middle).toBe(isDown);
    }
  });

  test('tracks of replication stay apart from each other', () => {
    const tracks = layout.tubes.filter((tube) => tube.kind === 'replicate').map((tube) => tube.route.points[1]!.x);
    const distinct = [...new Set(tracks.map((x) => x.toFixed(1)))].map(Number).toSorted((a, b) => a - b);
    for (let at = 1; at < distinct.length; at += 1) expect(distinct[at]! - distinct[at - 1]!).toBeGreaterThan(14);
  });

  test('five brokers keep their tracks inside the gap', () => {
    const five = lay('class', 1206, 5).layout;
    for (const tube of five.tubes.filter((one) => one.kind === 'replicate')) {
      expect(tube.route.points[1]!.x).toBeGreaterThan(550);
      expect(tube.route.points[1]!.x).toBeLessThan(654);
    }
  });
});

describe('the routing of the team', () => {
  test('replication is drawn from row to row, with chevrons and without dots', () => {
    const { layout, edges } = lay('team', 1520, 12);
    const replicas = layout.tubes.filter((tube) => tube.kind === 'replicate');
    expect(replicas.length).toBeLessThan(12);
    expect(edges.all.filter((edge) => edge.kind === 'replicate').every((edge) => layout.rides[edge.index] === null)).toBe(true);
  });
});
