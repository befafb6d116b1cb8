// DescribeQuorum's answer, from the leader's memory: where every replica stands, voters and observers. Without a leader: that.

import { toTopicId, zeroTopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { describeQuorumApi } from '#engine/protocol/apis/55-describe-quorum.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { isVoter } from '#engine/raft/turn.ts';
import type { Quorum, ReplicaProgress } from '#engine/raft/types.ts';
import type { Voter } from '../config.ts';
import { metadataTopic } from './quorum-wire.ts';

type Partition = ResponseInput<typeof describeQuorumApi>['topics'][number]['partitions'][number];
type ReplicaState = Partition['currentVoters'][number];

export interface QuorumMoment {
  readonly quorum: Readonly<Quorum>;
  readonly voters: readonly Voter[];
  /** The listener that the quorum uses. */
  readonly listenerName: string;
  /** The state machine's time is monotonic; tools want the wall clock. */
  readonly nowMs: number;
  readonly wallMs: number;
}

/** null unless this node leads. */
export function describeQuorum(moment: QuorumMoment): ResponseInput<typeof describeQuorumApi> | null {
  const { quorum, voters } = moment;
  const { role, config } = quorum;
  if (role.kind !== 'leader') return null;
  const own: ReplicaState = {
    replicaId: config.nodeId,
    replicaDirectoryId: toTopicId(config.directoryId),
    logEndOffset: quorum.log.endOffset,
    lastFetchTimestamp: moment.wallMs,
    lastCaughtUpTimestamp: moment.wallMs,
  };
  const partition: Partition = {
    partitionIndex: 0,
    errorCode: 0,
    errorMessage: null,
    leaderId: config.nodeId,
    leaderEpoch: quorum.epoch,
    highWatermark: quorum.highWatermark,
    currentVoters: [...(isVoter(quorum) ? [own] : []), ...[...role.voters.values()].map((progress) => toState(moment, progress))],
    observers: [...(isVoter(quorum) ? [] : [own]), ...[...role.observers.values()].map((progress) => toState(moment, progress))],
  };
  return {
    errorCode: 0,
    errorMessage: null,
    topics: [{ topicName: metadataTopic, partitions: [partition] }],
    nodes: toNodes(voters, moment.listenerName),
  };
}

/** What any node can say while nobody leads: the epoch that is over, and whose votes it takes to begin the next. */
export function describeLeaderless({
  epoch,
  voters,
  listenerName,
}: Pick<QuorumMoment, 'voters' | 'listenerName'> & { readonly epoch: number }): ResponseInput<typeof describeQuorumApi> {
  const partition: Partition = {
    partitionIndex: 0,
    errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER,
    errorMessage: 'The metadata quorum has no leader.',
    leaderId: -1,
    leaderEpoch: epoch,
    highWatermark: -1,
    currentVoters: voters.map(({ nodeId }) => ({ replicaId: nodeId, replicaDirectoryId: zeroTopicId, logEndOffset: -1 })),
    observers: [],
  };
  return {
    errorCode: 0,
    errorMessage: null,
    topics: [{ topicName: metadataTopic, partitions: [partition] }],
    nodes: toNodes(voters, listenerName),
  };
}

function toNodes(voters: readonly Voter[], listenerName: string): ResponseInput<typeof describeQuorumApi>['nodes'] {
  return voters.map(({ nodeId, host, port }) => ({ nodeId, listeners: [{ name: listenerName, host, port }] }));
}

function toState(moment: QuorumMoment, progress: ReplicaProgress): ReplicaState {
  const toWall = (atMs: number | null): number => (atMs === null ? -1 : Math.round(moment.wallMs - (moment.nowMs - atMs)));
  return {
    replicaId: progress.replicaId,
    replicaDirectoryId: toTopicId(progress.directoryId),
    logEndOffset: progress.endOffset ?? -1,
    lastFetchTimestamp: toWall(progress.lastFetchMs),
    lastCaughtUpTimestamp: toWall(progress.lastCaughtUpMs),
  };
}
