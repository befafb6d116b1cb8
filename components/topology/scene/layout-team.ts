// L2, the team: small cells in rows of ten, a bus over each row of cabinets, names a broker and not a cell.
// A cabinet holds only the copies its broker has; each copy keeps the slot it took first.

import { cellKey, isStopped, toCell } from './cells.ts';
import { capacityFor } from './layout.ts';
import { teamFrame } from './team-frame.ts';
import { teamPipes } from './pipes-team.ts';
import type { Cell } from './cells.ts';
import type { CabinetPlace, CardPlace, CellPlace, Layout, Rect, Structure, Viewport } from './layout.ts';
import type { BrokerSummary } from '#server/cluster/port.ts';

const cell = { size: 14, step: 16, columns: 10 };
const padding = 9;
const leastRows = 5;
const lipAndBuses = 80;

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

function placeCells(cells: readonly Cell[], face: Rect): readonly CellPlace[] {
  return cells.map((one, index): CellPlace => ({
    key: cellKey(one.brokerId, one.topic, one.partition),
    cell: one,
    x: face.x + padding + (index % cell.columns) * cell.step,
    y: face.y + padding + Math.floor(index / cell.columns) * cell.step,
    width: cell.size,
    height: cell.size,
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

function columnCards(
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

/** Lays the team level out for a viewport. */
export function layoutTeam(structure: Structure, viewport: Viewport): Layout {
  const rows = brokerRows(structure.state.brokers);
  const copies = new Map(structure.state.brokers.map((broker) => [broker.brokerId, copiesOf(structure, broker)]));
  const deepest = Math.max(leastRows, ...[...copies.values()].map((cells) => Math.ceil(cells.length / cell.columns)));
  const faceHeight = 2 * padding + deepest * cell.step - (cell.step - cell.size);
  const rowStep = faceHeight + lipAndBuses;
  const height = Math.max(teamFrame.minHeight, viewport.height, teamFrame.firstTop + rows.length * rowStep - 10);
  const face = (row: number, column: number): Rect => ({
    x: teamFrame.firstX + column * teamFrame.columnStep,
    y: teamFrame.firstTop + row * rowStep,
    width: teamFrame.faceWidth,
    height: faceHeight,
  });
  const cabinets = rows.flatMap((row, rowIndex) => row.map((broker, column) => toCabinet(broker, face(rowIndex, column))));
  const widest = Math.max(1, ...rows.map((row) => row.length));
  // A frame too low for all rows is seen from further away and holds more of the width.
  const width = Math.max(
    viewport.width / Math.min(1, viewport.height / height),
    face(0, widest - 1).x + teamFrame.faceWidth + teamFrame.rightRoom,
  );
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
  const shelfWidth = (widest - 1) * teamFrame.columnStep + teamFrame.faceWidth + 36;
  return {
    level: 'team',
    width,
    height,
    cabinets,
    shelves: rows.map((_, row) => ({ x: teamFrame.firstX - 18, y: face(row, 0).y + faceHeight, width: shelfWidth, height: 4 })),
    cells: cabinets.flatMap((cabinet) => placeCells(copies.get(cabinet.brokerId)!, cabinet.faces[0]!)),
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
    }),
    brokersX: teamFrame.firstX,
    groupsX,
    noteRows: [],
  };
}
