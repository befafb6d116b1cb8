// DeleteTopics (key 20), by name or by id.

import { zeroTopicId, type TopicId } from '#engine/base/brand.ts';
import type { DeleteTopicsRequest, DeleteTopicsResponse } from '#engine/protocol/apis/20-delete-topics.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { ControllerView, Decision } from '../decision.ts';
import { topicById, type TopicImage } from '../image/cluster-image.ts';
import type { MetadataRecord } from '../records.ts';

type TopicResult = DeleteTopicsResponse['responses'][number];
interface TopicRef {
  readonly name: string | null;
  readonly topicId: TopicId;
}

export function decideDeleteTopics(
  view: ControllerView,
  request: Pick<DeleteTopicsRequest, 'topics' | 'topicNames'>,
): Decision<readonly TopicResult[]> {
  const asked: readonly TopicRef[] = [...request.topics, ...request.topicNames.map((name) => ({ name, topicId: zeroTopicId }))];
  const found = asked.map((ref) => find(view, ref));
  const records: MetadataRecord[] = [];
  const answer = asked.map((ref, index): TopicResult => {
    const topic = found[index];
    if (isAmbiguous(ref)) return result(ref, errorCodes.INVALID_REQUEST, 'Exactly one of topic name and topic id must be set.');
    if (topic === undefined) return missing(ref);
    if (found.filter((other) => other === topic).length > 1)
      return result(ref, errorCodes.INVALID_REQUEST, `Duplicate topic ${topic.name}.`);
    records.push({ type: 'RemoveTopic', topicId: topic.topicId });
    return { name: topic.name, topicId: topic.topicId, errorCode: 0, errorMessage: null };
  });
  return { records, answer };
}

function isAmbiguous(ref: TopicRef): boolean {
  return (ref.name === null) === (ref.topicId === zeroTopicId);
}

function find(view: ControllerView, ref: TopicRef): TopicImage | undefined {
  if (isAmbiguous(ref)) return undefined;
  return ref.name === null ? topicById(view.image, ref.topicId) : view.image.topics.get(ref.name);
}

function missing(ref: TopicRef): TopicResult {
  return ref.name === null
    ? result(ref, errorCodes.UNKNOWN_TOPIC_ID, 'This server does not host this topic ID.')
    : result(ref, errorCodes.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.');
}

function result(ref: TopicRef, errorCode: number, errorMessage: string): TopicResult {
  return { name: ref.name, topicId: ref.topicId, errorCode, errorMessage };
}
