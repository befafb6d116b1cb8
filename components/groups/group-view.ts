// What a group's members and offsets say. Pure.
import type { GroupDetail, GroupOffset, GroupSummary } from '#server/cluster/port.ts';
import type { State } from '#components/ui/state-shape.tsx';

export const groupFilters = ['all', 'active', 'empty', 'behind'] as const;
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
      return (group.lag ?? 0) > 0;
  }
}

/** Stable serves unless it falls behind, a rebalance is watched, an empty group is neither well nor ill. */
export function groupState(state: string, isFallingBehind = false): State {
  switch (state.toLowerCase()) {
    case 'stable':
      return isFallingBehind ? 'watch' : 'good';
    case 'empty':
      return 'unknown';
    case 'dead':
      return 'offline';
    default:
      return 'watch';
  }
}

/** Whether someone reads: a lag without a reader does not shrink. */
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
