// Where a step leads. What one cause made happen within a blink (a broker that led a hundred partitions goes down) is one
// moment, not a hundred steps; its time is that of its last event, when all of it is done.

/** Events nearer to each other than this are one moment, */
const sameMomentMs = 60;
/** unless the moment has gone on for this long. */
const longestMomentMs = 400;

/** Routine of a healthy cluster: in the table of events, but no place to step to. */
export const routineKinds: readonly string[] = ['log-start-moved', 'log-recovered', 'broker-registered', 'clients-followed'];

/** The moments of these times, both in rising order. */
export function momentsOf(timesMs: readonly number[]): readonly number[] {
  const moments: number[] = [];
  let beganMs = -Infinity;
  for (const atMs of timesMs) {
    const last = moments.at(-1) ?? -Infinity;
    const isSame = atMs - last <= sameMomentMs && atMs - beganMs <= longestMomentMs;
    if (!isSame) {
      moments.push(atMs);
      beganMs = atMs;
    } else moments[moments.length - 1] = atMs;
  }
  return moments;
}

export function momentBefore(timesMs: readonly number[], atMs: number): number | null {
  return momentsOf(timesMs).findLast((moment) => moment < atMs) ?? null;
}

export function momentAfter(timesMs: readonly number[], atMs: number): number | null {
  return momentsOf(timesMs).find((moment) => moment > atMs) ?? null;
}
