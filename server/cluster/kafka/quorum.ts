// Who leads the metadata quorum. In KRaft the Metadata answer names any live broker as "controller", so that clients
// spread their requests; the true one is the quorum's leader.

import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { sharedVersion } from '#engine/client/negotiation.ts';
import { describeQuorumApi, type DescribeQuorumResponse } from '#engine/protocol/apis/55-describe-quorum.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { QuorumReplica, QuorumView } from '../quorum-view.ts';

export interface Quorum {
  readonly leaderId: number | null;
  readonly epoch: number;
  readonly voters: readonly number[];
}

/** null: the cluster refuses to say. */
export async function askQuorum(client: KafkaClient): Promise<Quorum | null> {
  const view = await describeQuorum(client);
  return view === null ? null : { leaderId: view.leaderId, epoch: view.epoch, voters: view.voters.map(({ nodeId }) => nodeId) };
}

/** Everything there is to know of it; null: the cluster refuses to say, or runs without a quorum. */
export async function describeQuorum(client: KafkaClient): Promise<QuorumView | null> {
  const connection = await client.anyConnection();
  if (sharedVersion(describeQuorumApi, connection.abilities) === null) return null;
  const answer = await client.toAny(describeQuorumApi, {
    topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
  });
  const partition = answer.topics[0]?.partitions[0];
  // While nobody leads, the answer still names the voters and the epoch that is over.
  const isLeaderless = partition?.errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER && partition.leaderId < 0;
  if (answer.errorCode !== 0 || partition === undefined || (partition.errorCode !== 0 && !isLeaderless)) return null;
  const endOffset = Math.max(-1, ...partition.currentVoters.map((voter) => voter.logEndOffset));
  return {
    leaderId: partition.leaderId < 0 ? null : partition.leaderId,
    epoch: partition.leaderEpoch,
    highWatermark: partition.highWatermark,
    voters: partition.currentVoters.map((voter) => toReplica(voter, endOffset)),
    observers: partition.observers.map((observer) => toReplica(observer, endOffset)),
  };
}

type ReplicaState = DescribeQuorumResponse['topics'][number]['partitions'][number]['currentVoters'][number];

function toReplica({ replicaId, logEndOffset, lastFetchTimestamp, lastCaughtUpTimestamp }: ReplicaState, endOffset: number): QuorumReplica {
  return {
    nodeId: replicaId,
    logEndOffset,
    lag: Math.max(0, endOffset - logEndOffset),
    lastFetchMs: lastFetchTimestamp < 0 ? null : lastFetchTimestamp,
    lastCaughtUpMs: lastCaughtUpTimestamp < 0 ? null : lastCaughtUpTimestamp,
  };
}
