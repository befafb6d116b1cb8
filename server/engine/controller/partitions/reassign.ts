// AlterPartitionReassignments (key 45): where a partition's replicas shall be, or null to call a move off. The move itself is
// the followers' work; it is done when AlterPartition brings the last newcomer into the in-sync set (leader-change.ts).

import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from '#engine/protocol/apis/45-alter-partition-reassignments.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { refuse, type ControllerView, type Decision, type Refusal } from '../decision.ts';
import { isActive, type PartitionImage, type TopicImage } from '../image/cluster-image.ts';
import type { MetadataRecord, PartitionChangeRecord } from '../records.ts';
import { changePartition } from './leader-change.ts';
import { ReplicaBound } from './replica-bound.ts';
import { electionRules, isUncleanAllowed } from './partition-rules.ts';
import { isMoving, planMove, replanMove, replicasBeforeMove, type ReplicaPlan } from './reassignment.ts';

type Answer = Pick<AlterPartitionReassignmentsResponse, 'errorCode' | 'errorMessage' | 'responses' | 'allowReplicationFactorChange'>;
type PartitionResult = Answer['responses'][number]['partitions'][number];
type Asked = AlterPartitionReassignmentsRequest['topics'][number]['partitions'][number];

export function decideReassignment(
  view: ControllerView,
  request: Pick<AlterPartitionReassignmentsRequest, 'topics' | 'allowReplicationFactorChange'>,
): Decision<Answer> {
  const { allowReplicationFactorChange } = request;
  const bound = new ReplicaBound(view);
  const records: MetadataRecord[] = [];
  const responses = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((asked): PartitionResult => {
      const outcome = reassign(view, { topic: view.image.topics.get(name), asked, allowReplicationFactorChange, bound });
      if (outcome !== null && 'errorCode' in outcome) return { partitionIndex: asked.partitionIndex, ...outcome };
      if (outcome !== null) records.push(outcome);
      return { partitionIndex: asked.partitionIndex, errorCode: 0, errorMessage: null };
    }),
  }));
  return { records, answer: { errorCode: 0, errorMessage: null, responses, allowReplicationFactorChange } };
}

interface AskedMove {
  readonly topic: TopicImage | undefined;
  readonly asked: Asked;
  readonly allowReplicationFactorChange: boolean;
  readonly bound: ReplicaBound;
}

function reassign(view: ControllerView, move: AskedMove): PartitionChangeRecord | Refusal | null {
  const { topic, asked } = move;
  const partition = topic?.partitions[asked.partitionIndex];
  if (topic === undefined || partition === undefined) return refuse(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, 'No such topic or partition.');
  if (asked.replicas === null) return callOff(view, topic, partition);
  const refusal = refuseTarget(view, partition, { target: asked.replicas, ...move });
  if (refusal !== null) return refusal;
  // Who leaves holds its copy until the newcomers are in sync, so nothing is taken off here.
  const overfull = move.bound.grant(asked.replicas.filter((brokerId) => !partition.replicas.includes(brokerId)));
  if (overfull !== null) return overfull;
  const plan = isMoving(partition) ? replanMove(partition, asked.replicas) : planMove(partition, asked.replicas);
  return changeTo(view, { topic, partition, plan });
}

function callOff(view: ControllerView, topic: TopicImage, partition: PartitionImage): PartitionChangeRecord | Refusal | null {
  if (!isMoving(partition)) return refuse(errorCodes.NO_REASSIGNMENT_IN_PROGRESS, 'The partition is not being reassigned.');
  const replicas = replicasBeforeMove(partition);
  const hasData = partition.isr.some((replica) => replicas.includes(replica));
  if (!hasData && !isUncleanAllowed(view, topic.name))
    return refuse(
      errorCodes.INVALID_REPLICA_ASSIGNMENT,
      `Unable to revert partition assignment for ${topic.name}-${partition.partition} because it would require an unclean leader election.`,
    );
  return changeTo(view, { topic, partition, plan: { replicas, addingReplicas: [], removingReplicas: [] } });
}

interface Target {
  readonly topic: TopicImage;
  readonly partition: PartitionImage;
  readonly plan: ReplicaPlan;
}

function changeTo(view: ControllerView, { topic, partition, plan }: Target): PartitionChangeRecord | null {
  return changePartition({
    topicId: topic.topicId,
    partition,
    plan,
    election: 'keep-if-valid',
    rules: electionRules(view, topic.name),
    targetIsr: partition.isr.filter((replica) => plan.replicas.includes(replica)),
    isAcceptable: (replica) => isActive(view.image.brokers.get(replica)),
  });
}

interface Question {
  readonly target: readonly number[];
  readonly allowReplicationFactorChange: boolean;
}

function refuseTarget(view: ControllerView, partition: PartitionImage, { target, allowReplicationFactorChange }: Question): Refusal | null {
  const fault = faultOfTarget(view, partition, target);
  if (fault !== null) return refuse(errorCodes.INVALID_REPLICA_ASSIGNMENT, fault);
  const factor = replicasBeforeMove(partition).length;
  if (allowReplicationFactorChange || target.length === factor) return null;
  return refuse(
    errorCodes.INVALID_REPLICATION_FACTOR,
    `The replication factor is changed from ${factor} to ${target.length}, which the request doesn't allow.`,
  );
}

function faultOfTarget(view: ControllerView, partition: PartitionImage, target: readonly number[]): string | null {
  if (target.length === 0) return 'The manual partition assignment includes an empty replica list.';
  if (new Set(target).size < target.length) return 'The manual partition assignment includes a broker more than once.';
  const unknown = target.find((brokerId) => !view.image.brokers.has(brokerId));
  if (unknown !== undefined) return `The manual partition assignment includes broker ${unknown}, but no such broker is registered.`;
  // A newcomer that isn't there could never come into sync, and the move would never end.
  const absent = target.find((brokerId) => !partition.replicas.includes(brokerId) && !isActive(view.image.brokers.get(brokerId)));
  return absent === undefined
    ? null
    : `The manual partition assignment includes broker ${absent}, which is fenced or in controlled shutdown.`;
}
