// What a group's members and offsets say. Pure.
import type { GroupDetail, GroupOffset, GroupSummary, LagJudgement, LagVerdict, OffsetState } from '#server/cluster/port.ts';
import type { State } from '#components/ui/state-shape.tsx';

export const groupFilters = ['all', 'active', 'empty', 'behind', 'lag'] as const;
export type GroupFilter = (typeof groupFilters)[number];

export function filterGroups(
  groups: readonly GroupSummary[],
  { text, show }: { readonly text: string; readonly show: GroupFilter },
): readonly GroupSummary[] {
  const wanted = text.trim().toLowerCase();
  return groups.filter((group) => isShown(group, show) && group.groupId.toLowerCase().includes(wanted));
}

function isShown(group: GroupSummary, show: GroupFilter): boolean {
  switch (show) {
    case 'all':
      return true;
    case 'active':
      return group.memberCount > 0;
    case 'empty':
      return group.memberCount === 0;
    case 'behind':
      return isTroubled(group.judgement);
    case 'lag':
      return (group.lag ?? 0) > 0;
  }
}

/** The group doesn't read as it should: health and the list judge by this alone. */
export function isTroubled(judgement: LagJudgement | null): boolean {
  return judgement !== null && judgement.verdict !== null && judgement.verdict !== 'ok';
}

export type VerdictWord = LagVerdict | 'watching' | 'unjudged' | 'none';

export function verdictWord(judgement: LagJudgement | null): VerdictWord {
  if (judgement === null) return 'none';
  // Without a committed offset no length of watching would lead to a verdict.
  return judgement.verdict ?? (judgement.timeLag === null ? 'unjudged' : 'watching');
}

export function verdictState(judgement: LagJudgement | null): State {
  if (judgement === null || judgement.verdict === null) return 'unknown';
  return judgement.verdict === 'ok' ? 'good' : 'watch';
}

/** Stable serves unless it stopped, stalled or falls behind; a rebalance is watched, an empty group is neither well nor ill. */
export function groupState({ state, judgement }: Pick<GroupSummary, 'state' | 'judgement'>): State {
  switch (state.toLowerCase()) {
    case 'stable':
      return isTroubled(judgement) ? 'watch' : 'good';
    case 'empty':
      return 'unknown';
    case 'dead':
      return 'offline';
    default:
      return 'watch';
  }
}

export function partitionOf(offset: GroupOffset): string {
  return `${offset.topic}-${offset.partition}`;
}

export interface MemberColumn {
  readonly topic: string;
  readonly partition: number;
}

/** The columns of the ownership grid: every partition that is owned or has a committed offset, in order. */
export function ownershipColumns(group: GroupDetail): readonly MemberColumn[] {
  const keys = new Map<string, MemberColumn>();
  for (const { topic, partition } of group.offsets) keys.set(`${topic}/${partition}`, { topic, partition });
  for (const member of group.members)
    for (const { topic, partitions } of member.assignment)
      for (const partition of partitions) keys.set(`${topic}/${partition}`, { topic, partition });
  return [...keys.values()].toSorted((left, right) => left.topic.localeCompare(right.topic) || left.partition - right.partition);
}

export function owns(member: GroupDetail['members'][number], column: MemberColumn): boolean {
  return member.assignment.some((one) => one.topic === column.topic && one.partitions.includes(column.partition));
}

export function partitionCount(member: GroupDetail['members'][number]): number {
  return member.assignment.reduce((total, one) => total + one.partitions.length, 0);
}

/** A short name of a member: its client, told apart by its place among the group's members. */
export function memberNumber(group: GroupDetail, memberId: string | null): number | null {
  const index = group.members.findIndex((member) => member.memberId === memberId);
  return memberId === null || index < 0 ? null : index + 1;
}

/** The most distinguishing letters of a topic for a narrow column head. */
export function shortTopic(topic: string, topics: readonly string[]): string {
  for (let length = 1; length <= topic.length; length += 1) {
    const start = topic.slice(0, length);
    if (topics.filter((other) => other !== topic).every((other) => !other.startsWith(start))) return start;
  }
  return topic;
}

export function worstOffset(offsets: readonly GroupOffset[]): GroupOffset | null {
  return offsets.reduce<GroupOffset | null>((worst, one) => ((one.lag ?? -1) > (worst?.lag ?? -1) ? one : worst), null);
}

/** States of a committed offset that a lag alone would hide, or tell falsely. */
const exceptions = ['below-log-start', 'past-log-end', 'no-commit', 'partition-gone', 'commit-unknown', 'log-unknown'] as const;

export interface OffsetException {
  readonly state: (typeof exceptions)[number];
  readonly count: number;
}

export function offsetExceptions(offsets: readonly GroupOffset[]): readonly OffsetException[] {
  return exceptions
    .map((state) => ({ state, count: offsets.filter((offset) => offset.state === state).length }))
    .filter(({ count }) => count > 0);
}

/** The word beside a row; null where the numbers say it all. */
export function offsetWord(state: OffsetState): OffsetException['state'] | 'empty-log' | null {
  return state === 'up-to-date' || state === 'behind' ? null : state;
}

export type GroupSentence =
  | 'sentenceOtherType'
  | 'sentenceNothing'
  | 'sentenceNothingEmpty'
  | 'sentenceUnknown'
  | 'sentenceEmptyUnknown'
  | 'sentenceEmpty'
  | 'sentenceEmptyLogs'
  | 'sentenceEven'
  | 'sentenceBehind';

/** What is true of the group as a whole. */
export function groupSentence({ protocolType, members, offsets, lag }: GroupDetail): GroupSentence {
  const isEmpty = members.length === 0;
  if (offsets.length === 0 && protocolType !== '' && protocolType !== 'consumer') return 'sentenceOtherType';
  if (offsets.length === 0) return isEmpty ? 'sentenceNothingEmpty' : 'sentenceNothing';
  if (lag === null) return isEmpty ? 'sentenceEmptyUnknown' : 'sentenceUnknown';
  if (isEmpty) return 'sentenceEmpty';
  if (lag > 0) return 'sentenceBehind';
  return offsets.every((offset) => offset.state === 'empty-log' || offset.state === 'partition-gone')
    ? 'sentenceEmptyLogs'
    : 'sentenceEven';
}
