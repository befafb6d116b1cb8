// The measures of L3 and L4: cabinets set close together, as many in a row as leave the map lowest.

import { teamFrame } from './team-frame.ts';
import type { SceneCounts } from './detail-level.ts';

/** Step from cell to cell: a cell of five pixels has a pixel of air in it. */
export const operationsCells: readonly number[] = [12, 10, 8];
export const fleetCells: readonly number[] = [5, 4, 3, 2];

export const mapFrame = {
  minHeight: 616,
  /** Where the fleet's map begins, and what stays free below it. */ x: 20,
  top: 46,
  foot: 12,
  /** The heat map beside the fleet. */
  heatWidth: 300,
  heatGap: 24,
  gap: 8,
  header: 16,
} as const;

/** The room between clients and groups is the same as at the team level; each row has its buses and its names. */
const operationsFrame = {
  x: teamFrame.firstX,
  top: teamFrame.firstTop,
  sides: teamFrame.firstX + teamFrame.rightRoom,
  gap: 30,
  rowGap: 66,
};
const mapWidths = [1_480, 2_000, 2_800];

export interface MapGrid {
  readonly x: number;
  readonly top: number;
  /** Cabinets in a row. */
  readonly perRow: number;
  /** Cells in a row of a cabinet. */
  readonly columns: number;
  readonly faceWidth: number;
  readonly faceHeight: number;
  /** From cabinet to cabinet and from row to row. */
  readonly stepX: number;
  readonly stepY: number;
  /** All of it, and where the map ends to the right. */
  readonly height: number;
  readonly right: number;
}

interface MapRoom {
  readonly x: number;
  readonly top: number;
  readonly foot: number;
  readonly width: number;
  readonly gap: number;
  readonly rowGap: number;
}

/** Widths come in steps, so that a drawer moves no cabinet. */
function roomOf(level: 'operations' | 'fleet', width: number): MapRoom {
  const whole = mapWidths.findLast((one) => one <= width) ?? mapWidths[0]!;
  const { x, top, sides, gap, rowGap } = operationsFrame;
  if (level === 'operations') return { x, top, foot: 10, width: whole - sides, gap, rowGap };
  return {
    x: mapFrame.x,
    top: mapFrame.top,
    foot: mapFrame.foot,
    width: whole - 2 * mapFrame.x - mapFrame.heatWidth - mapFrame.heatGap,
    gap: mapFrame.gap,
    rowGap: mapFrame.gap + mapFrame.header,
  };
}

function gridOf(
  room: MapRoom,
  of: { readonly brokers: number; readonly mostCells: number },
  at: { cell: number; perRow: number },
): MapGrid {
  const { cell, perRow } = at;
  const share = Math.floor((room.width - (perRow - 1) * room.gap) / perRow);
  const columns = Math.max(1, Math.min(Math.floor(share / cell), of.mostCells));
  const faceWidth = columns * cell;
  const faceHeight = Math.max(1, Math.ceil(of.mostCells / columns)) * cell;
  const rows = Math.max(1, Math.ceil(of.brokers / perRow));
  return {
    x: room.x,
    top: room.top,
    perRow,
    columns,
    faceWidth,
    faceHeight,
    stepX: faceWidth + room.gap,
    stepY: faceHeight + room.rowGap,
    height: room.top + rows * (faceHeight + room.rowGap) + room.foot,
    right: room.x + perRow * (faceWidth + room.gap) - room.gap,
  };
}

export interface MapDetail {
  readonly level: 'operations' | 'fleet';
  readonly cell: number;
}

/** The lowest grid that holds the counts. */
export function mapGrid(detail: MapDetail, of: Pick<SceneCounts, 'brokers' | 'mostCells'>, width: number): MapGrid {
  const room = roomOf(detail.level, width);
  const most = Math.max(1, Math.min(of.brokers, Math.floor((room.width + room.gap) / (detail.cell + room.gap))));
  let best = gridOf(room, of, { cell: detail.cell, perRow: 1 });
  for (let perRow = 2; perRow <= most; perRow += 1) {
    const grid = gridOf(room, of, { cell: detail.cell, perRow });
    if (grid.height < best.height) best = grid;
  }
  return best;
}
