// L1, the classroom: one shelf a broker, two cabinets a shelf, every cell labelled, every flow a pipe of its own.
// Cabinets stand where they stand whatever happens on the sides: a drawer takes its width from the pipes.

import { cellKey, isStopped, toCell } from './cells.ts';
import { capacityFor } from './layout.ts';
import { classFrame } from './class-frame.ts';
import { classPipes } from './pipes-class.ts';
import type { PortLine } from './class-frame.ts';
import type { CabinetPlace, CardPlace, CellPlace, Layout, Rect, Structure, TopicPlace, Viewport } from './layout.ts';
import type { Point } from './path.ts';

const cell = { width: 30, height: 26, gap: 4 };
const { faceWidth, faceStep } = classFrame;
const firstFaceX = classFrame.faceStart;
const firstTop = 58;
const facePadding = 10;
/** Above the cells of a block: its topic's name. */
const blockHead = 27;
const blockFoot = 7;
const blockStep = 114;
const narrowColumns = 3;
const wideColumns = 6;
/** Rows of an empty shelf, and the least a cabinet holds. */
const leastRows = 2;
/** The lip under the shelf: name, crown, bars; notes need more. */
const lipHeight = 50;
const notesHeight = 88;
const maxShelfStep = 215;

/** One topic's block of cells within the shelf: which face, where on it. */
interface Block {
  readonly topic: string | null;
  readonly face: number;
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly count: number;
}

interface FaceCursor {
  y: number;
  openHalf: boolean;
  lineHeight: number;
}

function lineHeight(rows: number): number {
  return rows * (cell.height + cell.gap) + 20;
}

function placeBlock(faces: readonly [FaceCursor, FaceCursor], topic: string | null, count: number): Block {
  const isWide = count > narrowColumns * leastRows;
  const columns = isWide ? wideColumns : narrowColumns;
  const rows = Math.max(leastRows, Math.ceil(count / columns));
  const half = isWide ? undefined : faces.findIndex((face) => face.openHalf);
  if (half !== undefined && half >= 0) {
    const face = faces[half]!;
    face.openHalf = false;
    return { topic, face: half, x: blockStep, y: face.y - face.lineHeight, columns, count };
  }
  const shorter = faces[1].y < faces[0].y ? 1 : 0;
  const face = faces[shorter];
  const block: Block = { topic, face: shorter, x: 0, y: face.y, columns, count };
  face.lineHeight = lineHeight(rows);
  face.y += face.lineHeight;
  face.openHalf = !isWide;
  return block;
}

/** Deals the topics over the two faces in the order of their slots; a later topic never moves an earlier one. */
export function dealBlocks(structure: Structure): { readonly blocks: readonly Block[]; readonly height: number } {
  const faces: [FaceCursor, FaceCursor] = [
    { y: 0, openHalf: false, lineHeight: 0 },
    { y: 0, openHalf: false, lineHeight: 0 },
  ];
  const blocks = structure.topicSlots.map((topic, slot) => placeBlock(faces, topic, structure.topicSizes[slot] ?? 0));
  while (blocks.length < 4 && (faces[0].y === 0 || faces[1].y === 0 || faces[0].openHalf || faces[1].openHalf))
    blocks.push(placeBlock(faces, null, 0));
  const inner = Math.max(lineHeight(leastRows), faces[0].y, faces[1].y) - 20;
  return { blocks, height: blockHead + inner + blockFoot };
}

function shelfTops(count: number, faceHeight: number, viewportHeight: number): { readonly tops: readonly number[]; readonly step: number } {
  const share = (Math.max(viewportHeight, classFrame.minHeight) - 60) / Math.max(1, count);
  const step = Math.max(faceHeight + lipHeight, Math.min(maxShelfStep, share));
  return { tops: Array.from({ length: count }, (_, index) => firstTop + index * step), step };
}

function toCabinet(structure: Structure, index: number, at: { readonly top: number; readonly height: number }): CabinetPlace {
  const broker = structure.state.brokers[index]!;
  const faces = [0, 1].map((face): Rect => ({ x: firstFaceX + face * faceStep, y: at.top, width: faceWidth, height: at.height }));
  const lip = at.top + at.height + 22;
  return {
    brokerId: broker.brokerId,
    rack: broker.rack,
    faces,
    isStopped: isStopped(broker.state),
    plate: { x: faces[0]!.x + 2, y: lip },
    facts: { x: faces[1]!.x + 2, y: lip },
    width: faceStep + faceWidth,
  };
}

function blockCells(structure: Structure, cabinet: CabinetPlace, block: Block): readonly CellPlace[] {
  const broker = structure.state.brokers.find((candidate) => candidate.brokerId === cabinet.brokerId)!;
  const face = cabinet.faces[block.face]!;
  const partitions = block.topic === null ? undefined : structure.state.topics.get(block.topic)?.partitions;
  return [...(partitions?.values() ?? [])].map((partition): CellPlace => ({
    key: cellKey(broker.brokerId, block.topic!, partition.partition),
    cell: toCell(block.topic!, partition, broker),
    x: face.x + facePadding + block.x + (partition.partition % block.columns) * (cell.width + cell.gap),
    y: face.y + blockHead + block.y + Math.floor(partition.partition / block.columns) * (cell.height + cell.gap),
    width: cell.width,
    height: cell.height,
  }));
}

function waitingPlaces(cabinet: CabinetPlace, block: Block): readonly Rect[] {
  const face = cabinet.faces[block.face]!;
  return Array.from({ length: narrowColumns * leastRows }, (_, index): Rect => ({
    x: face.x + facePadding + block.x + (index % narrowColumns) * (cell.width + cell.gap),
    y: face.y + blockHead + block.y + Math.floor(index / narrowColumns) * (cell.height + cell.gap),
    width: cell.width,
    height: cell.height,
  }));
}

function topicPlace(cabinet: CabinetPlace, block: Block): TopicPlace {
  const face = cabinet.faces[block.face]!;
  return {
    key: `${cabinet.brokerId}/${block.topic}`,
    topic: block.topic!,
    brokerId: cabinet.brokerId,
    x: face.x + facePadding + block.x,
    y: face.y + block.y + 18.5,
    width: block.columns === wideColumns ? 200 : blockStep - 8,
  };
}

/** Where ports stand: the first beside the first shelf, the last beside the last one, the others between. */
function portY(line: PortLine, slot: number): number {
  return line.capacity === 1 ? line.firstY : line.firstY + (slot * (line.lastY - line.firstY)) / (line.capacity - 1);
}

function cardPlaces(
  slots: Structure['clientSlots'],
  line: PortLine,
  at: { readonly x: number; readonly portX: number; readonly rise: number },
): readonly CardPlace[] {
  const height = line.capacity === 1 ? 186 : (line.lastY - line.firstY) / (line.capacity - 1);
  return slots.flatMap((key, slot): CardPlace[] => {
    if (key === null) return [];
    const y = portY(line, slot);
    return [{ key, x: at.x, y: y - at.rise, height, port: { x: at.portX, y } }];
  });
}

export const clientCapacities: readonly number[] = [4, 6];
export const groupCapacities: readonly number[] = [3, 5];

function portLine(
  capacity: number,
  tops: readonly number[],
  inset: { readonly first: number; readonly last: number; readonly least: number },
): PortLine {
  const firstY = (tops[0] ?? firstTop) + inset.first;
  const lastY = (tops.at(-1) ?? firstTop) + inset.last;
  return { capacity, firstY, lastY: Math.max(lastY, firstY + inset.least) };
}

/** Lays the classroom out for a viewport. */
export function layoutClass(structure: Structure, viewport: Viewport): Layout {
  const { blocks, height } = dealBlocks(structure);
  // A frame too narrow for the pipes is seen from further away: its height then holds more of the case.
  const narrowing = Math.min(1, viewport.width / classFrame.minWidth);
  const { tops, step } = shelfTops(structure.state.brokers.length, height, viewport.height / narrowing);
  const sceneHeight = Math.max(classFrame.minHeight, 60 + tops.length * step);
  // And one too low for the shelves holds more of its width, which goes to the pipes.
  const lowering = Math.min(1, viewport.height / sceneHeight);
  const width = Math.max(viewport.width / Math.min(narrowing, lowering), classFrame.minWidth);
  const cabinets = tops.map((top, index) => toCabinet(structure, index, { top, height }));
  const clientLine = portLine(capacityFor(structure.clientSlots.length, clientCapacities), tops, {
    first: 21.5,
    last: height - 21.5,
    least: 423,
  });
  const groupLine = portLine(capacityFor(structure.groupSlots.length, groupCapacities), tops, { first: 25, last: height - 25, least: 416 });
  const groupsX = width - classFrame.groupInset;
  const clients = cardPlaces(structure.clientSlots, clientLine, { x: classFrame.cardX, portX: classFrame.portX, rise: 8 });
  const groups = cardPlaces(structure.groupSlots, groupLine, { x: groupsX, portX: groupsX - 18, rise: 12 });
  const pipes = classPipes({ structure, cabinets, clients, groups, clientLine, groupLine });
  const named = blocks.filter((block) => block.topic !== null);
  const noteRows: readonly Point[] =
    step >= height + notesHeight ? cabinets.map((cabinet) => ({ x: cabinet.plate.x, y: cabinet.plate.y + 29 })) : [];
  return {
    level: 'class',
    width,
    height: sceneHeight,
    cabinets,
    shelves: cabinets.map((cabinet) => ({
      x: cabinet.faces[0]!.x - 18,
      y: cabinet.faces[0]!.y + height,
      width: cabinet.width + 36,
      height: 4,
    })),
    cells: cabinets.flatMap((cabinet) => named.flatMap((block) => blockCells(structure, cabinet, block))),
    waiting: cabinets.flatMap((cabinet) =>
      blocks.filter((block) => block.topic === null).flatMap((block) => waitingPlaces(cabinet, block)),
    ),
    topics: cabinets.flatMap((cabinet) => named.map((block) => topicPlace(cabinet, block))),
    clients,
    groups,
    ...pipes,
    brokersX: firstFaceX,
    groupsX,
    noteRows,
  };
}
