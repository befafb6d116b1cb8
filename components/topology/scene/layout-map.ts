// L3 and L4: a map of all replicas. L3 keeps clients, groups and pipes around it; L4 is the map alone, with the heat map
// of topics beside it.

import { isStopped } from './cells.ts';
import { dealCells } from './cell-map.ts';
import { capacityFor } from './layout.ts';
import { columnCards, fullestBroker, teamClientCapacities, teamGroupCapacities } from './layout-team.ts';
import { mapFrame, mapGrid, type MapDetail, type MapGrid } from './map-frame.ts';
import { teamFrame } from './team-frame.ts';
import { teamPipes } from './pipes-team.ts';
import type { CabinetPlace, Layout, Rect, Structure, Viewport } from './layout.ts';
import type { BrokerSummary } from '#server/cluster/port.ts';

/** Brokers of one rack stand beside each other. */
function inRacks(brokers: readonly BrokerSummary[]): readonly BrokerSummary[] {
  return brokers.toSorted((a, b) => (a.rack ?? '').localeCompare(b.rack ?? '') || a.brokerId - b.brokerId);
}

function cabinetsOf(structure: Structure, grid: MapGrid): readonly CabinetPlace[] {
  return inRacks(structure.state.brokers).map((broker, index): CabinetPlace => {
    const face: Rect = {
      x: grid.x + (index % grid.perRow) * grid.stepX,
      y: grid.top + Math.floor(index / grid.perRow) * grid.stepY,
      width: grid.faceWidth,
      height: grid.faceHeight,
    };
    const plate = { x: face.x, y: face.y + face.height + 12 };
    return {
      brokerId: broker.brokerId,
      rack: broker.rack,
      faces: [face],
      isStopped: isStopped(broker.state),
      plate,
      facts: plate,
      width: face.width,
    };
  });
}

function rowsOf(cabinets: readonly CabinetPlace[], perRow: number): readonly (readonly CabinetPlace[])[] {
  return Array.from({ length: Math.ceil(cabinets.length / perRow) }, (_, row) => cabinets.slice(row * perRow, (row + 1) * perRow));
}

const bare = { shelves: [], cells: [], waiting: [], topics: [], noteRows: [], replicateX: null } as const;

/** Lays the map out for a viewport. */
export function layoutMap(structure: Structure, viewport: Viewport, detail: MapDetail): Layout {
  const grid = mapGrid(detail, { brokers: structure.state.brokers.length, mostCells: fullestBroker(structure) }, viewport.width);
  const cabinets = cabinetsOf(structure, grid);
  const height = Math.max(mapFrame.minHeight, viewport.height, grid.height);
  const base = {
    ...bare,
    level: detail.level,
    cell: detail.cell,
    height,
    cabinets,
    map: dealCells(structure, cabinets, { cell: detail.cell, columns: grid.columns }),
    brokersX: grid.x,
  };
  const wide = viewport.width / Math.min(1, viewport.height / height);
  return detail.level === 'fleet' ? fleet(base, grid, wide) : operations(base, { structure, grid, wide });
}

/** The same map with the states of now, where nothing stands elsewhere. */
export function withStates(layout: Layout, { state }: Structure): Layout {
  const stopped = new Set(state.brokers.filter((broker) => isStopped(broker.state)).map((broker) => broker.brokerId));
  const cabinets = layout.cabinets.map((cabinet) => ({ ...cabinet, isStopped: stopped.has(cabinet.brokerId) }));
  return { ...layout, cabinets, map: layout.map?.withStates(state) ?? null };
}

type Base = Omit<Layout, 'width' | 'clients' | 'groups' | 'tubes' | 'rides' | 'groupsX' | 'heat'>;

function fleet(base: Base, grid: MapGrid, wide: number): Layout {
  const width = Math.max(wide, grid.right + mapFrame.heatGap + mapFrame.heatWidth + mapFrame.x);
  const heat: Rect = {
    x: width - mapFrame.x - mapFrame.heatWidth,
    y: mapFrame.top,
    width: mapFrame.heatWidth,
    height: base.height - mapFrame.top - mapFrame.foot,
  };
  return { ...base, width, heat, clients: [], groups: [], tubes: [], rides: [], groupsX: heat.x };
}

function operations(
  base: Base,
  { structure, grid, wide }: { readonly structure: Structure; readonly grid: MapGrid; readonly wide: number },
): Layout {
  const width = Math.max(wide, grid.right + teamFrame.rightRoom);
  const groupsX = width - teamFrame.groupInset;
  const clients = columnCards(structure.clientSlots, {
    x: teamFrame.cardX,
    portX: teamFrame.portX,
    capacity: capacityFor(structure.clientSlots.length, teamClientCapacities),
    firstY: 83,
    lastY: base.height - 109,
  });
  const groups = columnCards(structure.groupSlots, {
    x: groupsX,
    portX: groupsX - 20,
    capacity: capacityFor(structure.groupSlots.length, teamGroupCapacities),
    firstY: 83,
    lastY: base.height - 93,
  });
  const pipes = teamPipes({
    structure,
    rows: rowsOf(base.cabinets, grid.perRow),
    clients,
    groups,
    consumeRiserX: groupsX - 56,
    faceWidth: grid.faceWidth,
    columnGap: grid.stepX - grid.faceWidth,
  });
  // Bundles, not records: nothing rides on them.
  return { ...base, ...pipes, rides: [], width, groupsX, clients, groups, heat: null };
}
