// A moment to the millisecond: an election is over before a clock of seconds has moved.

import type { Format } from '#components/ui/use-format.ts';

export function preciseClock(atMs: number, format: Pick<Format, 'clock'>): string {
  return `${format.clock(atMs)}.${String(Math.floor(atMs) % 1_000).padStart(3, '0')}`;
}
