// The detail to draw by: the largest cells that fit the room there is. Pure: of the room, what is counted, and what is
// drawn now. Asked again with its own answer, it gives the same.

import { dealBlocks } from './class-blocks.ts';
import { classFrame, classLookOf, classLooks } from './class-frame.ts';
import { fleetCells, mapFrame, mapGrid, operationsCells } from './map-frame.ts';
import { teamCells, teamFrame, teamGrid } from './team-frame.ts';
import type { Detail, LevelChoice, Room, SceneCounts } from './detail-level.ts';

/** From the largest cells to the smallest. */
export const details: readonly Detail[] = [
  ...classLooks.map((look): Detail => ({ level: 'class', cell: look.width })),
  ...teamCells.map((cell): Detail => ({ level: 'team', cell })),
  ...operationsCells.map((cell): Detail => ({ level: 'operations', cell })),
  ...fleetCells.map((cell): Detail => ({ level: 'fleet', cell })),
];

/** What is drawn now is left only when it is too large by this much, and finer cells come back only with as much to
 *  spare: one topic more or less doesn't flip the page. */
export const detailMargin = 0.15;

/** The classroom's pipes are drawn for so many shelves. */
const mostShelves = 5;
/** Beyond so many brokers the pipes of L3 are a thicket. */
const mostPipedBrokers = 40;
/** At L1 and L2 each cell is an element of the page, which more of them would slow down. */
export const mostCellElements = 1_500;

/** The height that a detail takes, as a share of the room's; beyond 1 it doesn't fit. */
export function fill(detail: Detail, counts: SceneCounts, room: Room): number {
  switch (detail.level) {
    case 'class':
      return classHeight(detail.cell, counts) / Math.max(room.height, classFrame.minHeight);
    case 'team':
      return teamGrid(counts, detail.cell, room.width).height / Math.max(room.height, teamFrame.minHeight);
    case 'operations':
    case 'fleet':
      return mapGrid({ level: detail.level, cell: detail.cell }, counts, room.width).height / Math.max(room.height, mapFrame.minHeight);
  }
}

function classHeight(cell: number, counts: SceneCounts): number {
  const topics = counts.topicSizes.map((count) => ({ topic: '', count }));
  return classFrame.margin + counts.brokers * (dealBlocks(topics, classLookOf(cell)).height + classFrame.lipHeight);
}

/** Whether the page can hold a detail at all, wanted or not. */
export function canHold(detail: Detail, counts: SceneCounts): boolean {
  if (detail.level === 'fleet') return true;
  if (detail.level === 'operations') return counts.brokers <= mostPipedBrokers;
  return counts.brokers * counts.mostCells <= mostCellElements;
}

export interface DetailPreference {
  readonly room: Room;
  readonly choice: LevelChoice;
  /** Drawing the finest level made frames late. */
  readonly isCoarse: boolean;
}

function isCandidate(detail: Detail, counts: SceneCounts, preference: DetailPreference): boolean {
  if (!canHold(detail, counts)) return false;
  if (preference.choice !== 'auto') return detail.level === preference.choice;
  return detail.level !== 'class' || (counts.brokers <= mostShelves && !preference.isCoarse);
}

/** The detail to draw; `current` is what is drawn now, null before the first picture. */
export function chooseDetail(current: Detail | null, counts: SceneCounts, preference: DetailPreference): Detail {
  const candidates = details.filter((detail) => isCandidate(detail, counts, preference));
  const now = details.findIndex((detail) => detail.level === current?.level && detail.cell === current.cell);
  const limit = (detail: Detail): number => {
    const at = details.indexOf(detail);
    if (now < 0 || at > now) return 1;
    return at === now ? 1 + detailMargin : 1 - detailMargin;
  };
  return candidates.find((detail) => fill(detail, counts, preference.room) <= limit(detail)) ?? candidates.at(-1) ?? details.at(-1)!;
}
