// Who leads the metadata quorum. In KRaft the Metadata answer names any live broker as "controller", so that clients
// spread their requests; the true one is the quorum's leader.

import { zeroTopicId } from '#engine/base/brand.ts';
import { thisSoftware } from '#engine/client/handshake.ts';
import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { sharedVersion } from '#engine/client/negotiation.ts';
import { apiVersionsApi } from '#engine/protocol/apis/18-api-versions.ts';
import { describeQuorumApi, type DescribeQuorumResponse } from '#engine/protocol/apis/55-describe-quorum.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { QuorumReplica, QuorumView, VotersIn } from '../quorum-view.ts';

export interface Quorum {
  readonly leaderId: number | null;
  readonly epoch: number;
  readonly voters: readonly number[];
}

export type QuorumAnswer = DescribeQuorumResponse['topics'][number]['partitions'][number] & Pick<DescribeQuorumResponse, 'nodes'>;

/** null: the cluster refuses to say. */
export async function askQuorum(client: KafkaClient): Promise<Quorum | null> {
  const answer = await askForQuorum(client);
  if (answer === null) return null;
  const { leaderId, leaderEpoch, currentVoters } = answer;
  return { leaderId: leaderId < 0 ? null : leaderId, epoch: leaderEpoch, voters: currentVoters.map(({ replicaId }) => replicaId) };
}

/** Everything there is to know of it; null: the cluster refuses to say, or runs without a quorum. */
export async function describeQuorum(client: KafkaClient): Promise<QuorumView | null> {
  const answer = await askForQuorum(client);
  if (answer === null) return null;
  const endOffset = Math.max(-1, ...answer.currentVoters.map((voter) => voter.logEndOffset));
  return {
    leaderId: answer.leaderId < 0 ? null : answer.leaderId,
    epoch: answer.leaderEpoch,
    highWatermark: answer.highWatermark,
    votersIn: await whereVotersAre(client),
    voters: answer.currentVoters.map((voter) => toReplica(voter, endOffset)),
    observers: answer.observers.map((observer) => toReplica(observer, endOffset)),
  };
}

/** DescribeQuorum as it came, and null where it says nothing. */
export async function askForQuorum(client: KafkaClient): Promise<QuorumAnswer | null> {
  const connection = await client.anyConnection();
  if (sharedVersion(describeQuorumApi, connection.abilities) === null) return null;
  const answer = await client.toAny(describeQuorumApi, {
    topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
  });
  const partition = answer.topics[0]?.partitions[0];
  // While nobody leads, the answer still names the voters and the epoch that is over.
  const isLeaderless = partition?.errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER && partition.leaderId < 0;
  if (answer.errorCode !== 0 || partition === undefined || (partition.errorCode !== 0 && !isLeaderless)) return null;
  return { ...partition, nodes: answer.nodes };
}

/** Asked each time: what a connection was told when it began may be older than the quorum's move into the log. */
export async function whereVotersAre(client: KafkaClient): Promise<VotersIn> {
  const software = { clientSoftwareName: thisSoftware.name, clientSoftwareVersion: thisSoftware.version };
  const { finalizedFeatures } = await client.toAny(apiVersionsApi, software);
  const level = finalizedFeatures.find(({ name }) => name === 'kraft.version')?.maxVersionLevel ?? 0;
  return level > 0 ? 'log' : 'configuration';
}

type ReplicaState = QuorumAnswer['currentVoters'][number];

function toReplica(state: ReplicaState, endOffset: number): QuorumReplica {
  const { replicaId, replicaDirectoryId, logEndOffset, lastFetchTimestamp, lastCaughtUpTimestamp } = state;
  return {
    nodeId: replicaId,
    directoryId: replicaDirectoryId === zeroTopicId ? null : replicaDirectoryId,
    logEndOffset,
    lag: Math.max(0, endOffset - logEndOffset),
    lastFetchMs: lastFetchTimestamp < 0 ? null : lastFetchTimestamp,
    lastCaughtUpMs: lastCaughtUpTimestamp < 0 ? null : lastCaughtUpTimestamp,
  };
}
