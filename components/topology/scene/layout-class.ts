// L1, the classroom: one shelf a broker, two cabinets a shelf, every cell labelled, every flow a pipe of its own.
// Cabinets stand where they stand whatever happens on the sides: a drawer takes its width from the pipes.

import { cellKey, isStopped, toCell } from './cells.ts';
import { capacityFor } from './layout.ts';
import { dealBlocks, narrowStep, type Block } from './class-blocks.ts';
import { classFrame, classLookOf, classLooks, type ClassLook } from './class-frame.ts';
import { classPipes } from './pipes-class.ts';
import type { PortLine } from './class-frame.ts';
import type { CabinetPlace, CardPlace, CellPlace, Layout, Rect, Structure, TopicPlace, Viewport } from './layout.ts';
import type { Point } from './path.ts';

const { faceWidth, faceStep, firstTop, facePadding, lipHeight } = classFrame;
const firstFaceX = classFrame.faceStart;
/** The lip with a row of notes below it. */
const notesHeight = 88;
const maxShelfStep = 215;

function shelfTops(count: number, faceHeight: number, viewportHeight: number): { readonly tops: readonly number[]; readonly step: number } {
  const share = (Math.max(viewportHeight, classFrame.minHeight) - classFrame.margin) / Math.max(1, count);
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

function placeInBlock(face: Rect, block: Block, { index, look }: { readonly index: number; readonly look: ClassLook }): Rect {
  return {
    x: face.x + facePadding + block.x + (index % block.columns) * (look.width + look.gap),
    y: face.y + look.head + block.y + Math.floor(index / block.columns) * (look.height + look.gap),
    width: look.width,
    height: look.height,
  };
}

function blockCells(structure: Structure, cabinet: CabinetPlace, { block, look }: Dealt): readonly CellPlace[] {
  const broker = structure.state.brokers.find((candidate) => candidate.brokerId === cabinet.brokerId)!;
  const face = cabinet.faces[block.face]!;
  const partitions = block.topic === null ? undefined : structure.state.topics.get(block.topic)?.partitions;
  return [...(partitions?.values() ?? [])].map((partition): CellPlace => ({
    key: cellKey(broker.brokerId, block.topic!, partition.partition),
    cell: toCell(block.topic!, partition, broker),
    ...placeInBlock(face, block, { index: partition.partition, look }),
  }));
}

interface Dealt {
  readonly block: Block;
  readonly look: ClassLook;
}

function waitingPlaces(cabinet: CabinetPlace, { block, look }: Dealt): readonly Rect[] {
  const face = cabinet.faces[block.face]!;
  return Array.from({ length: block.columns * look.leastRows }, (_, index) => placeInBlock(face, block, { index, look }));
}

function topicPlace(cabinet: CabinetPlace, { block, look }: Dealt): TopicPlace {
  const face = cabinet.faces[block.face]!;
  const isWide = block.columns === look.wideColumns;
  return {
    key: `${cabinet.brokerId}/${block.topic}`,
    topic: block.topic!,
    brokerId: cabinet.brokerId,
    x: face.x + facePadding + block.x,
    y: face.y + block.y + look.head - (look.width < 22 ? 5 : 8.5),
    width: isWide ? 200 : narrowStep(look) - (look.parts === 2 ? 8 : 4),
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

/** Lays the classroom out for a viewport, with cells of the given width. */
export function layoutClass(structure: Structure, viewport: Viewport, cell = classLooks[0]!.width): Layout {
  const look = classLookOf(cell);
  const { blocks, height } = dealBlocks(
    structure.topicSlots.map((topic, slot) => ({ topic, count: structure.topicSizes[slot] ?? 0 })),
    look,
  );
  // A frame too narrow for the pipes is seen from further away: its height then holds more of the case.
  const narrowing = Math.min(1, viewport.width / classFrame.minWidth);
  const { tops, step } = shelfTops(structure.state.brokers.length, height, viewport.height / narrowing);
  const sceneHeight = Math.max(classFrame.minHeight, classFrame.margin + tops.length * step);
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
    cell,
    map: null,
    heat: null,
    width,
    height: sceneHeight,
    cabinets,
    shelves: cabinets.map((cabinet) => ({
      x: cabinet.faces[0]!.x - 18,
      y: cabinet.faces[0]!.y + height,
      width: cabinet.width + 36,
      height: 4,
    })),
    cells: cabinets.flatMap((cabinet) => named.flatMap((block) => blockCells(structure, cabinet, { block, look }))),
    waiting: cabinets.flatMap((cabinet) =>
      blocks.filter((block) => block.topic === null).flatMap((block) => waitingPlaces(cabinet, { block, look })),
    ),
    topics: cabinets.flatMap((cabinet) => named.map((block) => topicPlace(cabinet, { block, look }))),
    clients,
    groups,
    ...pipes,
    brokersX: firstFaceX,
    groupsX,
    noteRows,
  };
}
