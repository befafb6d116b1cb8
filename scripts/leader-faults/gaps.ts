// From the times of acknowledgements to what is said of them (pure).

/** The longest time without an acknowledgement from `sinceMs` on, counted from the last one before it; null without a later one. */
export function longestGapMs(acknowledgedMs: readonly number[], sinceMs: number): number | null {
  const first = acknowledgedMs.findIndex((atMs) => atMs > sinceMs);
  if (first < 0) return null;
  const times = [acknowledgedMs[first - 1] ?? sinceMs, ...acknowledgedMs.slice(first)];
  return times.slice(1).reduce((longest, atMs, index) => Math.max(longest, atMs - (times[index] ?? atMs)), 0);
}

export function countSince(acknowledgedMs: readonly number[], sinceMs: number): number {
  return acknowledgedMs.reduce((count, atMs) => (atMs > sinceMs ? count + 1 : count), 0);
}

export interface Figures {
  readonly count: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

export function toFigures(gapsMs: readonly number[]): Figures {
  const sorted = [...gapsMs].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  const medianMs = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
  return { count: sorted.length, medianMs, maxMs: sorted.at(-1) ?? 0 };
}
