// How a group reads one partition, judged from a window of looks, after Burrow's rules. Nine records of a flowing stream
// are no lag worth a word: what counts is how old the oldest unread record is, and whether it gets older. Pure.

import type { LagVerdict } from '../group-model.ts';
import type { LagSettings } from './lag-settings.ts';

export interface PartitionLook {
  readonly atMs: number;
  readonly committedOffset: number;
  readonly endOffset: number;
  readonly lag: number;
  /** The age of the oldest unread record; 0 when there is none. */
  readonly timeLagMs: number;
  /** That record is this old or older: it was there before anybody watched. */
  readonly isAtLeast: boolean;
}

export type JudgeSettings = LagSettings & {
  /** When the group last committed to this partition, at whatever offset; null where the cluster can't tell. */
  readonly lastCommitMs: number | null;
};

/** null: not watched for a whole window yet. */
export function judgePartition(looks: readonly PartitionLook[], settings: JudgeSettings): LagVerdict | null {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined || !isWholeWindow(looks, settings)) return null;
  if (looks.some((look) => look.lag === 0) || looks.every((look) => look.timeLagMs < settings.timeLagMs)) return 'ok';
  const isStill = looks.every((look) => look.committedOffset === first.committedOffset);
  if (isStill && settings.lastCommitMs !== null && settings.lastCommitMs > first.atMs) return 'stalled';
  if (isStill && last.endOffset > first.endOffset) return 'stopped';
  return last.timeLagMs > settings.timeLagMs && hasRisen(first, last, isStill) ? 'falling-behind' : 'ok';
}

function hasRisen(first: PartitionLook, last: PartitionLook, isStill: boolean): boolean {
  // While nothing is read the oldest unread record stays the same one, and every look finds it older.
  if (isStill) return true;
  // An age that is only known as "at least" rises by the clock alone; then the number of unread records has to tell.
  if (first.isAtLeast || last.isAtLeast) return last.lag > first.lag;
  return last.timeLagMs > first.timeLagMs;
}

export function isWholeWindow(looks: readonly PartitionLook[], { looks: fewest, windowMs }: LagSettings): boolean {
  const [first, last] = [looks[0], looks.at(-1)];
  return first !== undefined && last !== undefined && looks.length >= fewest && last.atMs - first.atMs >= windowMs;
}

/** The window with one look more, without the oldest looks that a whole window doesn't need. */
export function withLook(looks: readonly PartitionLook[], look: PartitionLook, settings: LagSettings): readonly PartitionLook[] {
  const window = [...looks, look];
  while (isWholeWindow(window.slice(1), settings)) window.shift();
  return window;
}
