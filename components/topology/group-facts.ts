// What a group's card says, from the group as Kafka tells it: a word for its state, its members with their
// partitions and lag.

import type { GroupDetail } from '#server/cluster/port.ts';

export interface MemberFacts {
  readonly memberId: string;
  readonly label: string;
  /** "orders 0", shortened where a card is small; the long form is the title. */
  readonly chips: readonly { readonly short: string; readonly long: string }[];
  /** null: it owns nothing, or the lag of something that it owns is not known. */
  readonly lag: number | null;
}

export type GroupMood = 'steady' | 'moving' | 'behind' | 'empty' | 'unknown';

/** `isInTrouble` is the health report's verdict; a large lag that shrinks is none. */
export function groupMood(group: GroupDetail, isInTrouble: boolean): GroupMood {
  const state = group.state.toLowerCase();
  if (state === 'empty' || state === 'dead') return 'empty';
  if (state !== 'stable') return 'moving';
  return isInTrouble ? 'behind' : 'steady';
}

/** The shortest beginnings that tell the topics apart: "o" and "p", or "or" and "ou". */
export function topicInitials(topics: readonly string[]): ReadonlyMap<string, string> {
  const initials = new Map<string, string>();
  for (const topic of topics) {
    let length = 1;
    const isShared = (): boolean => topics.some((other) => other !== topic && other.slice(0, length) === topic.slice(0, length));
    while (length < topic.length && length < 4 && isShared()) length += 1;
    initials.set(topic, topic.slice(0, length));
  }
  return initials;
}

export function memberFacts(group: GroupDetail): readonly MemberFacts[] {
  const topics = [...new Set(group.members.flatMap((member) => member.assignment.map((owned) => owned.topic)))].toSorted();
  const initials = topicInitials(topics);
  const lagOf = new Map(group.offsets.map((offset) => [`${offset.topic}-${offset.partition}`, offset.lag]));
  return group.members.map((member) => {
    const owned = member.assignment.flatMap((one) => one.partitions.map((partition) => ({ topic: one.topic, partition })));
    const lags = owned.map((one) => lagOf.get(`${one.topic}-${one.partition}`) ?? null);
    return {
      memberId: member.memberId,
      label: member.instanceId ?? member.clientId,
      chips: owned.map((one) => ({ short: `${initials.get(one.topic)}${one.partition}`, long: `${one.topic}-${one.partition}` })),
      lag: lags.length === 0 ? null : lags.reduce((sum, lag) => (sum === null || lag === null ? null : sum + lag)),
    };
  });
}

/** Seconds behind at the pace it reads; null while it doesn't read. */
export function lagSeconds(lag: number, perSecond: number | null): number | null {
  if (lag === 0) return 0;
  return perSecond === null || perSecond <= 0 ? null : lag / perSecond;
}
