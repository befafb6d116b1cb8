// May this broker answer for the partition, in the epoch that the asker believes in? An asker that is behind must look up the
// metadata (FENCED), one that is ahead must wait until this broker has heard of it (UNKNOWN); -1 asks without believing.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { HostedPartition } from './hosted-partition.ts';

/** `mayFollow`: a follower may answer as well. */
export function faultOfEpoch(hosted: HostedPartition, believedEpoch: number, mayFollow = false): number {
  const { role } = hosted;
  if (believedEpoch >= 0 && role.kind !== 'unassigned') {
    if (believedEpoch < role.leaderEpoch) return errorCodes.FENCED_LEADER_EPOCH;
    if (believedEpoch > role.leaderEpoch) return errorCodes.UNKNOWN_LEADER_EPOCH;
  }
  const mayAnswer = role.kind === 'leader' || (mayFollow && role.kind === 'follower');
  return mayAnswer ? errorCodes.NONE : errorCodes.NOT_LEADER_OR_FOLLOWER;
}
