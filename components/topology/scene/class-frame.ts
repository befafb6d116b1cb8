// The fixed measures of L1 that its shelves, its blocks and its pipes share.

export const classFrame = {
  minWidth: 1206,
  minHeight: 618,
  cardX: 20,
  portX: 180,
  faceStart: 318,
  faceWidth: 232,
  faceStep: 336,
  faceEnd: 318 + 336 + 232,
  groupInset: 188,
  firstTop: 58,
  facePadding: 10,
  /** Above the first shelf and below the last lip. */
  margin: 60,
  /** The lip under the shelf: name, crown, bars. */
  lipHeight: 50,
} as const;

/** How many places a side has, and where its ports stand. */
export interface PortLine {
  readonly capacity: number;
  readonly firstY: number;
  readonly lastY: number;
}

/** How blocks of one size of cell are set on a face. */
export interface ClassLook {
  readonly width: number;
  readonly height: number;
  readonly gap: number;
  /** Above the cells of a block: its topic's name. */
  readonly head: number;
  /** From the foot of one line of blocks to the cells of the next. */
  readonly lineGap: number;
  /** Narrow blocks that share a line, and their columns. */
  readonly parts: number;
  readonly narrowColumns: number;
  readonly wideColumns: number;
  /** Rows that a line has at least. */
  readonly leastRows: number;
}

/** From the design's measures down to cells that only their topic's name still fits above. */
export const classLooks: readonly ClassLook[] = [
  { width: 30, height: 26, gap: 4, head: 27, lineGap: 20, parts: 2, narrowColumns: 3, wideColumns: 6, leastRows: 2 },
  { width: 22, height: 20, gap: 3, head: 23, lineGap: 18, parts: 2, narrowColumns: 4, wideColumns: 8, leastRows: 1 },
  { width: 16, height: 14, gap: 2, head: 19, lineGap: 15, parts: 3, narrowColumns: 3, wideColumns: 11, leastRows: 1 },
];

export function classLookOf(cell: number): ClassLook {
  return classLooks.find((look) => look.width === cell) ?? classLooks[0]!;
}
