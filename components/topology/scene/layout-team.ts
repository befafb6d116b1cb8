// L2, the team: small cells in rows of ten, a bus over each row of cabinets, names a broker and not a cell.
// A cabinet holds only the copies its broker has; each copy keeps the slot it took first.

import { cellKey, isStopped, toCell } from './cells.ts';
import { capacityFor } from './layout.ts';
import { teamCells, teamFrame, teamGrid, type TeamGrid } from './team-frame.ts';
import { teamPipes } from './pipes-team.ts';
import type { Cell } from './cells.ts';
import type { CabinetPlace, CardPlace, CellPlace, Layout, Rect, Structure, Viewport } from './layout.ts';
import type { SceneCounts } from './detail-level.ts';
import type { BrokerSummary } from '#server/cluster/port.ts';

export const teamClientCapacities: readonly number[] = [5, 6];
export const teamGroupCapacities: readonly number[] = [4, 6];

/** Brokers in rows: a row a rack where racks are few and small enough, else rows of up to four. */
export function brokerRows(brokers: readonly BrokerSummary[]): readonly (readonly BrokerSummary[])[] {
  const racks = [...new Set(brokers.map((broker) => broker.rack))].toSorted((a, b) => (a ?? '').localeCompare(b ?? ''));
  const byRack = racks.map((rack) => brokers.filter((broker) => broker.rack === rack));
  const racksFit = racks.length > 1 && racks.length <= 4 && byRack.every((row) => row.length <= 4 && row.length > 1);
  if (racksFit) return byRack;
  const columns = brokers.length <= 2 ? brokers.length : brokers.length <= 4 ? 2 : brokers.length <= 6 ? 3 : 4;
  return Array.from({ length: Math.ceil(brokers.length / Math.max(1, columns)) }, (_, row) =>
    brokers.slice(row * columns, (row + 1) * columns),
  );
}

/** Replicas on the fullest broker, of the topics that have a slot. */
export function fullestBroker(structure: Structure): number {
  const perBroker = new Map<number, number>();
  for (const topic of structure.topicSlots) {
    const partitions = topic === null ? undefined : structure.state.topics.get(topic)?.partitions;
    for (const partition of partitions?.values() ?? [])
      for (const brokerId of partition.replicas) perBroker.set(brokerId, (perBroker.get(brokerId) ?? 0) + 1);
  }
  return Math.max(0, ...perBroker.values());
}

/** What the detail is chosen by. */
export function sceneCounts(structure: Structure): SceneCounts {
  return {
    brokers: structure.state.brokers.length,
    rows: brokerRows(structure.state.brokers).map((row) => row.length),
    topicSizes: structure.topicSizes,
    mostCells: fullestBroker(structure),
  };
}

/** A broker's copies in the order of topic slots, then partitions. */
function copiesOf(structure: Structure, broker: BrokerSummary): readonly Cell[] {
  return structure.topicSlots.flatMap((topic) => {
    const partitions = topic === null ? undefined : structure.state.topics.get(topic)?.partitions;
    return [...(partitions?.values() ?? [])]
      .filter((partition) => partition.replicas.includes(broker.brokerId))
      .toSorted((a, b) => a.partition - b.partition)
      .map((partition) => toCell(topic!, partition, broker));
  });
}

function placeCells(
  cells: readonly Cell[],
  face: Rect,
  { grid, size }: { readonly grid: TeamGrid; readonly size: number },
): readonly CellPlace[] {
  return cells.map((one, index): CellPlace => ({
    key: cellKey(one.brokerId, one.topic, one.partition),
    cell: one,
    x: face.x + teamFrame.facePadding + (index % grid.columns) * grid.step,
    y: face.y + teamFrame.facePadding + Math.floor(index / grid.columns) * grid.step,
    width: size,
    height: size,
  }));
}

function toCabinet(broker: BrokerSummary, face: Rect): CabinetPlace {
  const lip = face.y + face.height + 22;
  return {
    brokerId: broker.brokerId,
    rack: broker.rack,
    faces: [face],
    isStopped: isStopped(broker.state),
    plate: { x: face.x + 1, y: lip },
    facts: { x: face.x + 1, y: lip + 6 },
    width: face.width,
  };
}

export function columnCards(
  slots: Structure['clientSlots'],
  at: { readonly x: number; readonly portX: number; readonly capacity: number; readonly firstY: number; readonly lastY: number },
): readonly CardPlace[] {
  const step = (at.lastY - at.firstY) / Math.max(1, at.capacity - 1);
  return slots.flatMap((key, slot): CardPlace[] =>
    key === null
      ? []
      : [
          {
            key,
            x: at.x,
            y: at.firstY + slot * step - 12,
            height: step,
            port: { x: at.portX, y: at.firstY + slot * step },
          },
        ],
  );
}

/** Lays the team level out for a viewport, with cells of the given width. */
export function layoutTeam(structure: Structure, viewport: Viewport, size = teamCells.at(-1)!): Layout {
  const rows = brokerRows(structure.state.brokers);
  const copies = new Map(structure.state.brokers.map((broker) => [broker.brokerId, copiesOf(structure, broker)]));
  const mostCells = Math.max(0, ...[...copies.values()].map((cells) => cells.length));
  const grid = teamGrid({ rows: rows.map((row) => row.length), mostCells }, size, viewport.width);
  const { faceWidth, faceHeight, rowStep } = grid;
  const columnStep = faceWidth + teamFrame.columnGap;
  const height = Math.max(teamFrame.minHeight, viewport.height, grid.height);
  const face = (row: number, column: number): Rect => ({
    x: teamFrame.firstX + column * columnStep,
    y: teamFrame.firstTop + row * rowStep,
    width: faceWidth,
    height: faceHeight,
  });
  const cabinets = rows.flatMap((row, rowIndex) => row.map((broker, column) => toCabinet(broker, face(rowIndex, column))));
  const widest = Math.max(1, ...rows.map((row) => row.length));
  // A frame too low for all rows is seen from further away and holds more of the width.
  const width = Math.max(viewport.width / Math.min(1, viewport.height / height), face(0, widest - 1).x + faceWidth + teamFrame.rightRoom);
  const groupsX = width - teamFrame.groupInset;
  const clients = columnCards(structure.clientSlots, {
    x: teamFrame.cardX,
    portX: teamFrame.portX,
    capacity: capacityFor(structure.clientSlots.length, teamClientCapacities),
    firstY: 83,
    lastY: height - 109,
  });
  const groups = columnCards(structure.groupSlots, {
    x: groupsX,
    portX: groupsX - 20,
    capacity: capacityFor(structure.groupSlots.length, teamGroupCapacities),
    firstY: 83,
    lastY: height - 93,
  });
  const shelfWidth = (widest - 1) * columnStep + faceWidth + 36;
  return {
    level: 'team',
    cell: size,
    map: null,
    heat: null,
    width,
    height,
    cabinets,
    shelves: rows.map((_, row) => ({ x: teamFrame.firstX - 18, y: face(row, 0).y + faceHeight, width: shelfWidth, height: 4 })),
    cells: cabinets.flatMap((cabinet) => placeCells(copies.get(cabinet.brokerId)!, cabinet.faces[0]!, { grid, size })),
    waiting: [],
    topics: [],
    clients,
    groups,
    ...teamPipes({
      structure,
      rows: rows.map((row) => row.map((broker) => cabinets.find((cabinet) => cabinet.brokerId === broker.brokerId)!)),
      clients,
      groups,
      consumeRiserX: groupsX - 56,
      faceWidth,
      columnGap: teamFrame.columnGap,
    }),
    brokersX: teamFrame.firstX,
    groupsX,
    noteRows: [],
  };
}
