// CreatePartitions (key 37): one result a topic, always.

import type { CreatePartitionsRequest, CreatePartitionsResponse } from '#engine/protocol/apis/37-create-partitions.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { refuse, type ControllerView, type Decision, type Refusal } from '../decision.ts';
import type { TopicImage } from '../image/cluster-image.ts';
import { ReplicaBound } from '../partitions/replica-bound.ts';
import type { MetadataRecord } from '../records.ts';
import { assignAutomatically, refuseReplicas, toNewPartition } from './assignment.ts';
import { maxPartitionsPerRequest } from './create-topics.ts';

type PartitionsTopic = CreatePartitionsRequest['topics'][number];
type PartitionsResult = CreatePartitionsResponse['results'][number];

export function decideCreatePartitions(
  view: ControllerView,
  request: Pick<CreatePartitionsRequest, 'topics' | 'validateOnly'>,
): Decision<readonly PartitionsResult[]> {
  const records: MetadataRecord[] = [];
  const room: Room = { left: maxPartitionsPerRequest, bound: new ReplicaBound(view) };
  const answer = [...new Set(request.topics.map((topic) => topic.name))].map((name): PartitionsResult => {
    const asked = request.topics.filter((topic) => topic.name === name);
    const [topic] = asked;
    const outcome =
      topic === undefined || asked.length > 1
        ? refuse(errorCodes.INVALID_REQUEST, 'Duplicate topic in request.')
        : addPartitions(view, topic, room);
    if ('errorCode' in outcome) return { name, ...outcome };
    room.left -= outcome.length;
    records.push(...outcome);
    return { name, errorCode: 0, errorMessage: null };
  });
  return { records: request.validateOnly ? [] : records, answer };
}

/** What one request may still take. */
interface Room {
  left: number;
  readonly bound: ReplicaBound;
}

function addPartitions(view: ControllerView, asked: PartitionsTopic, room: Room): readonly MetadataRecord[] | Refusal {
  const topic = view.image.topics.get(asked.name);
  if (topic === undefined) return refuse(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.');
  const present = topic.partitions.length;
  const added = asked.count - present;
  if (added === 0) return refuse(errorCodes.INVALID_PARTITIONS, `Topic already has ${present} partition(s).`);
  if (added < 0)
    return refuse(
      errorCodes.INVALID_PARTITIONS,
      `The topic ${asked.name} currently has ${present} partition(s); ${asked.count} would not be an increase.`,
    );
  if (added > room.left)
    return refuse(
      errorCodes.POLICY_VIOLATION,
      `Excessively large number of partitions per request: at most ${maxPartitionsPerRequest} may be created at once.`,
    );
  const replicas =
    asked.assignments === null
      ? assignAutomatically(view, { partitionCount: added, firstPartition: present, replicationFactor: factorOf(topic) }, room.bound)
      : manual(view, topic, { added, assignments: asked.assignments });
  if ('errorCode' in replicas) return replicas;
  const overfull = room.bound.grant(replicas.flat());
  if (overfull !== null) return overfull;
  return replicas.map((ids, index) => toNewPartition(view, { topicId: topic.topicId, partitionId: present + index, replicas: ids }));
}

/** New partitions have as many replicas as the first one. */
function factorOf(topic: TopicImage): number {
  return topic.partitions[0]?.replicas.length ?? 1;
}

interface ManualPartitions {
  readonly added: number;
  readonly assignments: readonly { readonly brokerIds: readonly number[] }[];
}

function manual(
  view: ControllerView,
  topic: TopicImage,
  { added, assignments }: ManualPartitions,
): readonly (readonly number[])[] | Refusal {
  if (assignments.length !== added) {
    return refuse(
      errorCodes.INVALID_REPLICA_ASSIGNMENT,
      `Attempted to add ${added} additional partition(s), but only ${assignments.length} assignment(s) were specified.`,
    );
  }
  for (const { brokerIds } of assignments) {
    const refusal = refuseReplicas(view, brokerIds, factorOf(topic));
    if (refusal !== null) return refusal;
  }
  return assignments.map(({ brokerIds }) => brokerIds);
}
