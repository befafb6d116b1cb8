// Groups as pages show them: who reads what, how far, how far behind. Pure.

import type { GroupDetail, GroupMember, GroupOffset, GroupSummary } from '../port.ts';
import type { CommittedOffset } from './committed-offsets.ts';
import { offsetLag, offsetState, sumOfLags } from '../observe/offset-state.ts';
import type { DescribedGroup } from './group-describe.ts';
import type { OffsetTable } from './list-offsets.ts';

export interface GroupFigures {
  /** null: could not be read. */
  readonly committed: readonly CommittedOffset[] | null;
  readonly starts: OffsetTable | null;
  readonly ends: OffsetTable | null;
  /** Whether the metadata knows this partition. */
  readonly exists: (topic: string, partition: number) => boolean;
}

export function toGroupDetail(group: DescribedGroup, figures: GroupFigures): GroupDetail {
  const offsets = toOffsets(group.members, figures);
  const { groupId, state, protocolType, protocol, groupType, coordinatorId, members } = group;
  return {
    groupId,
    state,
    protocolType,
    protocol,
    groupType,
    coordinatorId,
    members,
    offsets,
    lag: offsets.length === 0 ? null : sumOfLags(offsets),
    judgement: null,
  };
}

export function toGroupSummary(detail: GroupDetail): GroupSummary {
  const { groupId, state, protocolType, groupType, coordinatorId, lag, judgement } = detail;
  return {
    groupId,
    state,
    protocolType,
    groupType,
    coordinatorId,
    lag,
    judgement,
    memberCount: detail.members.length,
    topics: [...new Set(detail.offsets.map((one) => one.topic))],
  };
}

/** Everything committed, and everything assigned even though nothing is committed there yet. */
function toOffsets(members: readonly GroupMember[], figures: GroupFigures): readonly GroupOffset[] {
  const owners = ownersOf(members);
  const committed = new Map((figures.committed ?? []).map((one) => [keyOf(one.topic, one.partition), one]));
  const partitions = new Map([...owners, ...committed].map(([key, { topic, partition }]) => [key, { topic, partition }]));
  const offsets = [...partitions].map(([key, { topic, partition }]): GroupOffset => {
    const known = committed.get(key);
    const place = {
      isCommitKnown: figures.committed !== null && known?.offset !== null,
      committedOffset: known?.offset ?? null,
      startOffset: figures.starts?.get(topic, partition) ?? null,
      endOffset: figures.ends?.get(topic, partition) ?? null,
      exists: figures.exists(topic, partition),
    };
    return {
      topic,
      partition,
      committedOffset: place.committedOffset,
      metadata: known?.metadata ?? null,
      startOffset: place.startOffset,
      endOffset: place.endOffset,
      state: offsetState(place),
      lag: offsetLag(place),
      memberId: owners.get(key)?.memberId ?? null,
    };
  });
  return offsets.sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
}

interface Owner {
  readonly topic: string;
  readonly partition: number;
  readonly memberId: string;
}

function ownersOf(members: readonly GroupMember[]): Map<string, Owner> {
  const owners = new Map<string, Owner>();
  for (const member of members) {
    for (const { topic, partitions } of member.assignment) {
      for (const partition of partitions) owners.set(keyOf(topic, partition), { topic, partition, memberId: member.memberId });
    }
  }
  return owners;
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
