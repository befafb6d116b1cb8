// The fixed measures of L2 that its cabinets and its pipes share, and what follows from the size of its cells.

export const teamFrame = {
  minHeight: 616,
  /** Riser, ports and cards of the groups. */ rightRoom: 330,
  firstX: 330,
  /** Between two cabinets of a row: the gap in which followers fetch. */
  columnGap: 52,
  leastFaceWidth: 176,
  mostFaceWidth: 420,
  leastFaceHeight: 96,
  facePadding: 9,
  firstTop: 96,
  lipAndBuses: 80,
  cardX: 20,
  portX: 180,
  groupInset: 214,
} as const;

export const teamCells: readonly number[] = [22, 18, 14];

/** Widths that the level is laid out for. A drawer takes less than from one to the next, so it moves no cabinet. */
const roomWidths = [1_520, 2_100];

export interface TeamGrid {
  readonly faceWidth: number;
  readonly faceHeight: number;
  readonly step: number;
  /** Cells in a row of a cabinet. */
  readonly columns: number;
  /** From the top of one row of cabinets to the next. */
  readonly rowStep: number;
  readonly height: number;
}

/** From cell to cell. */
export function teamStep(cell: number): number {
  return cell + Math.max(2, Math.round(cell / 8));
}

/** How cabinets are set, in `rows` of at most `widest`, with the given cells on the fullest. */
export function teamGrid(of: { readonly rows: readonly number[]; readonly mostCells: number }, cell: number, width: number): TeamGrid {
  const { firstX, rightRoom, columnGap, facePadding } = teamFrame;
  const widest = Math.max(1, ...of.rows);
  const room = (roomWidths.findLast((one) => one <= width) ?? roomWidths[0]!) - firstX - rightRoom;
  const share = Math.floor((room - (widest - 1) * columnGap) / widest);
  const faceWidth = Math.min(teamFrame.mostFaceWidth, Math.max(teamFrame.leastFaceWidth, share));
  const step = teamStep(cell);
  const columns = Math.floor((faceWidth - 2 * facePadding + step - cell) / step);
  const content = 2 * facePadding + Math.ceil(of.mostCells / columns) * step - (step - cell);
  const faceHeight = Math.max(teamFrame.leastFaceHeight, content);
  const rowStep = faceHeight + teamFrame.lipAndBuses;
  return { faceWidth, faceHeight, step, columns, rowStep, height: teamFrame.firstTop + of.rows.length * rowStep - 10 };
}
