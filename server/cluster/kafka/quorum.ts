// Who leads the metadata quorum. In KRaft the Metadata answer names any live broker as "controller", so that clients
// spread their requests; the true one is the quorum's leader.

import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { describeQuorumApi } from '#engine/protocol/apis/55-describe-quorum.ts';

export interface Quorum {
  readonly leaderId: number | null;
  readonly epoch: number;
  readonly voters: readonly number[];
}

/** null: the cluster refuses to say. */
export async function askQuorum(client: KafkaClient): Promise<Quorum | null> {
  const answer = await client.toAny(describeQuorumApi, {
    topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
  });
  const partition = answer.topics[0]?.partitions[0];
  // While nobody leads, the answer still names the voters and the epoch that is over.
  const isLeaderless = partition?.errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER && partition.leaderId < 0;
  if (answer.errorCode !== 0 || partition === undefined || (partition.errorCode !== 0 && !isLeaderless)) return null;
  return {
    leaderId: partition.leaderId < 0 ? null : partition.leaderId,
    epoch: partition.leaderEpoch,
    voters: partition.currentVoters.map((voter) => voter.replicaId),
  };
}
