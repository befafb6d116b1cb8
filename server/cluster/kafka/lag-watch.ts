// Which groups fall behind: judged from a window of looks, without a threshold. A group that reads slower than its
// topics grow has a lag that rises through the whole window; one that works off a backlog, or stands at zero, does not.

export interface LagLook {
  readonly atMs: number;
  readonly lag: number;
}

const windowMs = 30_000;
const fewestLooks = 4;
/** A window has to span this long before it says anything. */
const shortestSpanMs = 10_000;

/** Never smaller than before, and larger at the end: it rose, and nothing was caught up. */
export function isFallingBehind(looks: readonly LagLook[]): boolean {
  const first = looks[0];
  const last = looks.at(-1);
  if (first === undefined || last === undefined || looks.length < fewestLooks || last.atMs - first.atMs < shortestSpanMs) return false;
  const neverFell = looks.every((look, index) => index === 0 || look.lag >= looks[index - 1]!.lag);
  return neverFell && last.lag > first.lag;
}

export class LagWatch {
  readonly #looks = new Map<string, readonly LagLook[]>();

  /** Takes the lags of all groups at one moment; groups that are not among them are forgotten. */
  take(atMs: number, lags: ReadonlyMap<string, number | null>): void {
    for (const groupId of this.#looks.keys()) if (!lags.has(groupId)) this.#looks.delete(groupId);
    for (const [groupId, lag] of lags) {
      if (lag === null) continue;
      const kept = (this.#looks.get(groupId) ?? []).filter((look) => atMs - look.atMs <= windowMs);
      this.#looks.set(groupId, [...kept, { atMs, lag }]);
    }
  }

  fallingBehind(): readonly string[] {
    return [...this.#looks]
      .filter(([, looks]) => isFallingBehind(looks))
      .map(([groupId]) => groupId)
      .sort();
  }
}
