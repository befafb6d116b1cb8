// Which place on a shelf each topic's block of cells takes. Dealt in the order of slots, so that a later topic never
// moves an earlier one.

import { classFrame, type ClassLook } from './class-frame.ts';

/** One topic's block of cells within the shelf: which face, where on it. */
export interface Block {
  readonly topic: string | null;
  readonly face: number;
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly count: number;
}

/** A face that is being filled: where its next line begins, and what its last line still takes. */
interface FaceCursor {
  y: number;
  lineY: number;
  lineRows: number;
  freeParts: number;
}

export interface Deal {
  readonly blocks: readonly Block[];
  /** Of the face that holds them. */
  readonly height: number;
}

/** Below the last line of blocks. */
const foot = 7;

function lineHeight(look: ClassLook, rows: number): number {
  return rows * (look.height + look.gap) + look.lineGap;
}

/** The room of one narrow block, name included. */
export function narrowStep(look: ClassLook): number {
  const step = look.narrowColumns * (look.width + look.gap);
  const room = classFrame.faceWidth - 2 * classFrame.facePadding;
  return look.parts === 2 ? 114 : step + (room - look.parts * step) / (look.parts - 1);
}

function placeBlock(
  faces: readonly FaceCursor[],
  look: ClassLook,
  block: { readonly topic: string | null; readonly count: number },
): Block {
  const isWide = block.count > look.narrowColumns * 2;
  const columns = isWide ? look.wideColumns : look.narrowColumns;
  const rows = Math.max(look.leastRows, Math.ceil(block.count / columns));
  const open = isWide ? -1 : faces.findIndex((face) => face.freeParts > 0 && face.lineRows >= rows);
  const at = open >= 0 ? open : faces.reduce((least, face, index) => (face.y < faces[least]!.y ? index : least), 0);
  const face = faces[at]!;
  if (open < 0) {
    face.lineY = face.y;
    face.lineRows = rows;
    face.freeParts = look.parts;
    face.y += lineHeight(look, rows);
  }
  const x = (look.parts - face.freeParts) * narrowStep(look);
  face.freeParts = isWide ? 0 : face.freeParts - 1;
  return { ...block, face: at, x, y: face.lineY, columns };
}

/** Deals the topics over the two faces; an empty shelf gets places that wait. */
export function dealBlocks(topics: readonly { readonly topic: string | null; readonly count: number }[], look: ClassLook): Deal {
  const faces = [0, 1].map((): FaceCursor => ({ y: 0, lineY: 0, lineRows: 0, freeParts: 0 }));
  const blocks = topics.map((topic) => placeBlock(faces, look, topic));
  while (blocks.length < 4 && faces.some((face) => face.y === 0 || face.freeParts > 0))
    blocks.push(placeBlock(faces, look, { topic: null, count: 0 }));
  const inner = Math.max(lineHeight(look, 2), ...faces.map((face) => face.y)) - look.lineGap;
  return { blocks, height: look.head + inner + foot };
}
