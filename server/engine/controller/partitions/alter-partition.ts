// AlterPartition (key 56): a leader reports its in-sync replicas. The controller accepts only what the leader of this
// epoch says about replicas that are really there, so that a fenced or restarted broker can't be counted in (KIP-497, KIP-841).

import type { TopicId } from '#engine/base/brand.ts';
import type { AlterPartitionRequest, AlterPartitionResponse } from '#engine/protocol/apis/56-alter-partition.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { answerOnly, type ControllerView, type Decision } from '../decision.ts';
import { isActive, topicById, type PartitionImage } from '../image/cluster-image.ts';
import type { MetadataRecord, PartitionChangeRecord } from '../records.ts';
import { changePartition } from './leader-change.ts';
import { electionRules } from './partition-rules.ts';

type PartitionRequest = AlterPartitionRequest['topics'][number]['partitions'][number];
type PartitionResult = AlterPartitionResponse['topics'][number]['partitions'][number];
type Answer = Pick<AlterPartitionResponse, 'errorCode' | 'topics'>;
interface Member {
  readonly brokerId: number;
  readonly brokerEpoch: number;
}

export function decideAlterPartition(
  view: ControllerView,
  request: Pick<AlterPartitionRequest, 'brokerId' | 'brokerEpoch' | 'topics'>,
): Decision<Answer> {
  const broker = view.image.brokers.get(request.brokerId);
  if (broker === undefined || broker.brokerEpoch !== request.brokerEpoch)
    return answerOnly({ errorCode: errorCodes.STALE_BROKER_EPOCH, topics: [] });
  const records: MetadataRecord[] = [];
  const topics = request.topics.map(({ topicId, partitions }) => ({
    topicId,
    partitions: partitions.map((asked): PartitionResult => {
      const outcome = alter(view, { topicId, asked, brokerId: request.brokerId });
      if (outcome.record !== null) records.push(outcome.record);
      return outcome.result;
    }),
  }));
  return { records, answer: { errorCode: 0, topics } };
}

interface Alteration {
  readonly topicId: TopicId;
  readonly asked: PartitionRequest;
  readonly brokerId: number;
}
interface Outcome {
  readonly record: PartitionChangeRecord | null;
  readonly result: PartitionResult;
}

function alter(view: ControllerView, alteration: Alteration): Outcome {
  const { topicId, asked, brokerId } = alteration;
  const topic = topicById(view.image, topicId);
  if (topic === undefined) return refused(asked, errorCodes.UNKNOWN_TOPIC_ID);
  const partition = topic.partitions[asked.partitionIndex];
  if (partition === undefined) return refused(asked, errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  const members = membersOf(asked);
  const errorCode = faultOfEpochs(partition, asked, brokerId) ?? faultOfMembers(view, partition, { members, asked });
  if (errorCode !== null) return refused(asked, errorCode);
  const record = changePartition({
    topicId,
    partition,
    election: 'keep-if-valid',
    rules: { ...electionRules(view, topic.name), isUncleanAllowed: false },
    targetIsr: members.map((member) => member.brokerId),
    targetIsRecovering: asked.leaderRecoveryState === 1,
    isAcceptable: (replica) => isActive(view.image.brokers.get(replica)),
  });
  return { record, result: accepted(partition, record) };
}

/** Version 3 names each member's broker epoch; before that -1 stands for "whichever". */
function membersOf(asked: PartitionRequest): readonly Member[] {
  return asked.newIsrWithEpochs.length > 0 ? asked.newIsrWithEpochs : asked.newIsr.map((brokerId) => ({ brokerId, brokerEpoch: -1 }));
}

function faultOfEpochs(partition: PartitionImage, asked: PartitionRequest, brokerId: number): number | null {
  // A leader that is ahead of us heard of it from a newer controller than we are.
  if (asked.leaderEpoch > partition.leaderEpoch || asked.partitionEpoch > partition.partitionEpoch) return errorCodes.NOT_CONTROLLER;
  if (asked.leaderEpoch < partition.leaderEpoch) return errorCodes.FENCED_LEADER_EPOCH;
  if (partition.leaderId !== brokerId) return errorCodes.INVALID_REQUEST;
  return asked.partitionEpoch < partition.partitionEpoch ? errorCodes.INVALID_UPDATE_VERSION : null;
}

function faultOfMembers(
  view: ControllerView,
  partition: PartitionImage,
  given: { readonly members: readonly Member[]; readonly asked: PartitionRequest },
): number | null {
  const ids = given.members.map((member) => member.brokerId);
  const isValid =
    new Set(ids).size === ids.length && ids.every((id) => partition.replicas.includes(id)) && ids.includes(partition.leaderId);
  if (!isValid) return errorCodes.INVALID_REQUEST;
  const isRecovering = given.asked.leaderRecoveryState === 1;
  if (isRecovering && (ids.length > 1 || !partition.isRecovering)) return errorCodes.INVALID_REQUEST;
  const isEligible = given.members.every(({ brokerId, brokerEpoch }) => {
    const broker = view.image.brokers.get(brokerId);
    return isActive(broker) && (brokerEpoch === -1 || brokerEpoch === broker.brokerEpoch);
  });
  return isEligible ? null : errorCodes.INELIGIBLE_REPLICA;
}

function refused(asked: PartitionRequest, errorCode: number): Outcome {
  return {
    record: null,
    result: {
      partitionIndex: asked.partitionIndex,
      errorCode,
      leaderId: 0,
      leaderEpoch: 0,
      isr: [],
      leaderRecoveryState: 0,
      partitionEpoch: 0,
    },
  };
}

function accepted(partition: PartitionImage, record: PartitionChangeRecord | null): PartitionResult {
  return {
    partitionIndex: partition.partition,
    errorCode: 0,
    leaderId: record?.leader ?? partition.leaderId,
    leaderEpoch: partition.leaderEpoch + (record?.leader === undefined ? 0 : 1),
    isr: record?.isr ?? partition.isr,
    leaderRecoveryState: record?.leaderRecoveryState ?? (partition.isRecovering ? 1 : 0),
    partitionEpoch: partition.partitionEpoch + (record === null ? 0 : 1),
  };
}
