// Which stretch of time the lane shows. Live it ends now; in the record it stands still around the moment shown, so that
// the same place of the lane is the same moment while one looks, and moves on only when the moment nears its edge.

export const laneSpans = [5, 15, 60] as const;
export type LaneSpan = (typeof laneSpans)[number];

export interface LaneWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

const minuteMs = 60_000;

export interface LaneWindowInput {
  /** The newest second that was measured; 0 before the first. */
  readonly lastMs: number;
  /** The moment of the record; null: live. */
  readonly atMs: number | null;
  /** Where the drawing was paused; null: it goes on. */
  readonly pausedAtMs: number | null;
  readonly minutes: LaneSpan;
}

/** How much of the lane lies behind the moment at least, as a share. */
const aheadShare = 0.3;
/** The window moves in steps of this share of its length. */
const stepShare = 0.2;

export function laneWindow({ lastMs, atMs, pausedAtMs, minutes }: LaneWindowInput): LaneWindow {
  const spanMs = minutes * minuteMs;
  const newestMs = Math.max(lastMs, atMs ?? 0);
  const toMs = atMs === null ? (pausedAtMs ?? lastMs) : Math.min(newestMs, snapUp(atMs + aheadShare * spanMs, stepShare * spanMs));
  return { fromMs: toMs - spanMs, toMs };
}

function snapUp(atMs: number, stepMs: number): number {
  return Math.ceil(atMs / stepMs) * stepMs;
}

/** The same stretch in whole minutes, so that what is asked for it may be asked once a minute. */
export function wholeMinutes({ fromMs, toMs }: LaneWindow): LaneWindow {
  return { fromMs: Math.floor(fromMs / minuteMs) * minuteMs, toMs: Math.ceil(toMs / minuteMs) * minuteMs };
}
