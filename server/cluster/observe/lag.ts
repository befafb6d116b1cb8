// Which groups read well, stopped, stalled or fall behind. Each look at the groups is one step of every window, however far
// apart looks come, so a large cluster that is looked at rarely is judged as a small one is, only later.
// Invariant: only a group that is alive is judged: one with members, or one whose offsets move without them, as those of
// consumers that assign their partitions by hand do.

import { assert } from '#engine/base/assert.ts';
import type { GroupDetail, GroupOffset, LagJudgement, LagVerdict } from '../group-model.ts';
import type { LagSettings } from './lag-settings.ts';
import { judgePartition, withLook, type PartitionLook } from './lag-verdict.ts';
import { LogEnds } from './log-ends.ts';

/** When a group last committed to a partition; null where the cluster can't tell. */
export type LastCommit = (groupId: string, topic: string, partition: number) => number | null;

type Lagging = Pick<GroupDetail, 'groupId' | 'members' | 'offsets'>;

interface Watched {
  readonly windows: Map<string, readonly PartitionLook[]>;
  verdict: LagVerdict | null;
  /** Looks in a row that found nothing wrong since the trouble, and when the first of them was. */
  goodLooks: number;
  goodSinceMs: number;
  isAlive: boolean;
  timeLag: LagJudgement['timeLag'];
}

/** Worst last. */
const severity: readonly LagVerdict[] = ['ok', 'falling-behind', 'stalled', 'stopped'];

export class LagWatch {
  readonly #settings: LagSettings;
  readonly #lastCommit: LastCommit;
  readonly #ends = new LogEnds();
  readonly #groups = new Map<string, Watched>();

  constructor(settings: LagSettings, lastCommit: LastCommit = () => null) {
    this.#settings = settings;
    this.#lastCommit = lastCommit;
  }

  /** Takes all groups as one look found them; groups that are not among them are forgotten. */
  take(atMs: number, groups: readonly Lagging[]): void {
    const present = new Set(groups.map((group) => group.groupId));
    for (const groupId of this.#groups.keys()) if (!present.has(groupId)) this.#groups.delete(groupId);
    const partitions = new Set<string>();
    for (const { topic, partition, endOffset } of groups.flatMap((group) => group.offsets)) {
      partitions.add(keyOf(topic, partition));
      if (endOffset !== null) this.#ends.note(keyOf(topic, partition), endOffset, atMs);
    }
    this.#ends.retain(partitions);
    for (const group of groups) this.#look(atMs, group);
  }

  /** null: nobody reads, or the group isn't known. */
  judgement(groupId: string): LagJudgement | null {
    const watched = this.#groups.get(groupId);
    return watched?.isAlive === true ? { verdict: watched.verdict, timeLag: watched.timeLag } : null;
  }

  /** Groups with this verdict, in order of their names. */
  judged(verdict: LagVerdict): readonly string[] {
    return [...this.#groups]
      .filter(([, watched]) => watched.isAlive && watched.verdict === verdict)
      .map(([groupId]) => groupId)
      .sort();
  }

  #look(atMs: number, group: Lagging): void {
    const watched = this.#groups.get(group.groupId) ?? neverWatched();
    this.#groups.set(group.groupId, watched);
    const owned = group.offsets.filter((offset) => group.members.length === 0 || offset.memberId !== null);
    watched.isAlive = group.members.length > 0;
    // A rebalance takes all partitions from their members for a moment; what was known of them still holds.
    if (owned.length === 0 && group.members.length > 0) return;
    this.#lookAtPartitions(atMs, group.groupId, { watched, owned });
    if (group.members.length === 0) watched.isAlive = [...watched.windows.values()].some(hasMoved);
    this.#judge(atMs, group, watched);
  }

  #lookAtPartitions(
    atMs: number,
    groupId: string,
    { watched, owned }: { readonly watched: Watched; readonly owned: readonly GroupOffset[] },
  ): void {
    const keys = new Set(owned.map(({ topic, partition }) => keyOf(topic, partition)));
    for (const key of watched.windows.keys()) if (!keys.has(key)) watched.windows.delete(key);
    for (const offset of owned) {
      const key = keyOf(offset.topic, offset.partition);
      const look = this.#toLook(atMs, offset);
      if (look === null) watched.windows.delete(key);
      else watched.windows.set(key, withLook(watched.windows.get(key) ?? [], look, this.#settings));
    }
    assert(watched.windows.size <= owned.length, `windows of ${groupId} are bounded by its partitions`);
  }

  /** null: how far it has read isn't known, so nothing is judged. */
  #toLook(atMs: number, { topic, partition, committedOffset, startOffset, endOffset, lag }: GroupOffset): PartitionLook | null {
    if (committedOffset === null || endOffset === null || lag === null) return null;
    const oldestUnread = Math.max(committedOffset, startOffset ?? 0);
    const age = lag === 0 ? null : this.#ends.ageOf(keyOf(topic, partition), oldestUnread, atMs);
    return { atMs, committedOffset, endOffset, lag, timeLagMs: age?.ms ?? 0, isAtLeast: age?.isAtLeast ?? false };
  }

  #judge(atMs: number, { groupId, members, offsets }: Lagging, watched: Watched): void {
    const judged = offsets.flatMap(({ topic, partition }) => {
      const looks = watched.windows.get(keyOf(topic, partition));
      if (looks === undefined || (members.length === 0 && !hasMoved(looks))) return [];
      return [{ looks, lastCommitMs: this.#lastCommit(groupId, topic, partition) }];
    });
    const verdicts = judged.map(({ looks, lastCommitMs }) => judgePartition(looks, { ...this.#settings, lastCommitMs }));
    watched.timeLag = worstTimeLag(judged.map(({ looks }) => looks.at(-1)).filter((look) => look !== undefined));
    this.#settle(atMs, watched, worstVerdict(verdicts.filter((verdict) => verdict !== null)));
  }

  /** Trouble is believed at once, as its window was watched in full; that it is over, after good windows in a row. */
  #settle(atMs: number, watched: Watched, found: LagVerdict | null): void {
    if (found === null) return;
    if (found !== 'ok') {
      watched.verdict = found;
      watched.goodLooks = 0;
      return;
    }
    if (watched.goodLooks === 0) watched.goodSinceMs = atMs;
    watched.goodLooks += 1;
    const { looks, windowMs, goodWindows } = this.#settings;
    const isOver = watched.goodLooks >= goodWindows * looks && atMs - watched.goodSinceMs >= goodWindows * windowMs;
    if (watched.verdict === null || isOver) watched.verdict = 'ok';
  }
}

function neverWatched(): Watched {
  return { windows: new Map(), verdict: null, goodLooks: 0, goodSinceMs: 0, isAlive: false, timeLag: null };
}

function hasMoved(looks: readonly PartitionLook[]): boolean {
  return looks.some((look) => look.committedOffset !== looks[0]?.committedOffset);
}

function worstVerdict(verdicts: readonly LagVerdict[]): LagVerdict | null {
  return verdicts.toSorted((left, right) => severity.indexOf(right) - severity.indexOf(left))[0] ?? null;
}

function worstTimeLag(looks: readonly PartitionLook[]): LagJudgement['timeLag'] {
  const worst = looks.toSorted((left, right) => right.timeLagMs - left.timeLagMs)[0];
  return worst === undefined ? null : { ms: worst.timeLagMs, isAtLeast: worst.isAtLeast };
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
