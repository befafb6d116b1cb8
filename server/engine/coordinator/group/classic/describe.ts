// What operators see of a classic group.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { DescribeGroupAnswer, DescribedMember, ListedGroup } from '../messages.ts';
import type { ClassicGroup } from './classic-group.ts';
import { metadataFor, noBytes } from './member.ts';

/** Metadata and assignments are only told when they hold: while the group is stable. */
export function describeClassicGroup(group: ClassicGroup): DescribeGroupAnswer {
  const isStable = group.state === 'Stable';
  return {
    kind: 'describe-group',
    errorCode: errorCodes.NONE,
    state: group.state,
    protocolType: group.protocolType ?? '',
    protocolName: isStable ? (group.protocolName ?? '') : '',
    members: Array.from(group.members(), (member): DescribedMember => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      client: member.client,
      metadata: isStable ? metadataFor(member, group.protocolName) : noBytes,
      assignment: isStable ? member.assignment : noBytes,
    })),
  };
}

export function describeMissingGroup(errorCode: number): DescribeGroupAnswer {
  return { kind: 'describe-group', errorCode, state: 'Dead', protocolType: '', protocolName: '', members: [] };
}

export function listClassicGroup(group: ClassicGroup): ListedGroup {
  return { groupId: group.groupId, protocolType: group.protocolType ?? '', state: group.state, type: group.type };
}
