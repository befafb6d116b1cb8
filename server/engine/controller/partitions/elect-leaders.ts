// ElectLeaders (key 43). Without a list of partitions every one is looked at, and only those that needed an election are told.

import type { ElectLeadersRequest, ElectLeadersResponse } from '#engine/protocol/apis/43-elect-leaders.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { refuse, type ControllerView, type Decision, type Refusal } from '../decision.ts';
import { isActive, type TopicImage } from '../image/cluster-image.ts';
import type { MetadataRecord, PartitionChangeRecord } from '../records.ts';
import { changePartition } from './leader-change.ts';
import { electionRules } from './partition-rules.ts';

type Answer = Pick<ElectLeadersResponse, 'errorCode' | 'replicaElectionResults'>;
type PartitionResult = ElectLeadersResponse['replicaElectionResults'][number]['partitionResult'][number];

const electionTypes = { preferred: 0, unclean: 1 } as const;

export function decideElection(
  view: ControllerView,
  request: Pick<ElectLeadersRequest, 'electionType' | 'topicPartitions'>,
): Decision<Answer> {
  const isUnclean = request.electionType === electionTypes.unclean;
  if (!isUnclean && request.electionType !== electionTypes.preferred)
    return { records: [], answer: { errorCode: errorCodes.INVALID_REQUEST, replicaElectionResults: [] } };
  const records: MetadataRecord[] = [];
  const asked =
    request.topicPartitions ??
    [...view.image.topics.values()].map((topic) => ({
      topic: topic.name,
      partitions: topic.partitions.map((partition) => partition.partition),
    }));
  const results = asked.map(({ topic, partitions }) => ({
    topic,
    partitionResult: partitions.map((partitionId): PartitionResult => {
      const outcome = elect(view, { topic: view.image.topics.get(topic), partitionId, isUnclean });
      if ('errorCode' in outcome) return { partitionId, ...outcome };
      records.push(outcome);
      return { partitionId, errorCode: 0, errorMessage: null };
    }),
  }));
  const replicaElectionResults =
    request.topicPartitions === null ? results.map(withoutUnneeded).filter((topic) => topic.partitionResult.length > 0) : results;
  return { records, answer: { errorCode: 0, replicaElectionResults } };
}

function withoutUnneeded(result: Answer['replicaElectionResults'][number]): Answer['replicaElectionResults'][number] {
  return {
    ...result,
    partitionResult: result.partitionResult.filter((partition) => partition.errorCode !== errorCodes.ELECTION_NOT_NEEDED),
  };
}

function elect(
  view: ControllerView,
  asked: { readonly topic: TopicImage | undefined; readonly partitionId: number; readonly isUnclean: boolean },
): PartitionChangeRecord | Refusal {
  const { topic, isUnclean } = asked;
  const partition = topic?.partitions[asked.partitionId];
  if (topic === undefined || partition === undefined) return refuse(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, 'No such topic or partition.');
  const isNeeded = isUnclean ? partition.leaderId === -1 : partition.leaderId !== partition.replicas[0];
  if (!isNeeded) return refuse(errorCodes.ELECTION_NOT_NEEDED, 'Leader election not needed for topic partition.');
  const change = changePartition({
    topicId: topic.topicId,
    partition,
    election: isUnclean ? 'unclean' : 'preferred',
    rules: electionRules(view, topic.name),
    isAcceptable: (brokerId) => isActive(view.image.brokers.get(brokerId)),
  });
  const isElected =
    change !== null && change.leader !== undefined && change.leader !== -1 && (isUnclean || change.leader === partition.replicas[0]);
  if (isElected) return change;
  return isUnclean
    ? refuse(errorCodes.ELIGIBLE_LEADERS_NOT_AVAILABLE, 'Eligible topic partition leaders are not available.')
    : refuse(errorCodes.PREFERRED_LEADER_NOT_AVAILABLE, 'The preferred leader was not available.');
}
