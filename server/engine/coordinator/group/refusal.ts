// The answer to any request that never reaches a shard, or whose records were lost: the same error everywhere.

import { assertNever } from '#engine/base/assert.ts';
import { describeMissingGroup } from './classic/describe.ts';
import { joinRefused, syncRefused } from './classic/member.ts';
import type { GroupAnswer, GroupInput, LeaveGroupAnswer } from './messages.ts';

/** Null for inputs that nobody waits for. */
export function refuse(input: GroupInput, errorCode: number): GroupAnswer | null {
  if (!('token' in input)) return null;
  switch (input.kind) {
    case 'join-group':
      return joinRefused(input.memberId, errorCode);
    case 'sync-group':
      return syncRefused(errorCode);
    case 'heartbeat':
      return { kind: 'heartbeat', errorCode };
    case 'leave-group':
      return { kind: 'leave-group', errorCode, members: [] } satisfies LeaveGroupAnswer;
    case 'commit-offsets':
      return { kind: 'commit-offsets', errorCodes: input.offsets.map(() => errorCode) };
    case 'fetch-offsets':
      return { kind: 'fetch-offsets', errorCode, offsets: [] };
    case 'describe-group':
      return describeMissingGroup(errorCode);
    case 'list-groups':
      return { kind: 'list-groups', errorCode, groups: [] };
    case 'delete-group':
      return { kind: 'delete-group', errorCode };
    case 'delete-offsets':
      return { kind: 'delete-offsets', errorCode, partitionErrorCodes: [] };
    default:
      return assertNever(input);
  }
}
