// Topics as requests about groups name them: by name, or by id in newer versions. Offsets are kept for partitions that
// exist; what doesn't is answered here, without asking the group.

import { zeroTopicId, type TopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { MetadataView } from './metadata-view.ts';

export interface GroupTopic {
  readonly name: string;
  readonly topicId: TopicId;
  /** Why the partition can't be meant; NONE when it exists. */
  readonly errorOf: (partition: number) => number;
}

export interface TopicLookup {
  readonly byId: boolean;
  readonly broker: { readonly metadata: MetadataView };
}

export function toGroupTopic(asked: { readonly name: string; readonly topicId: TopicId }, { byId, broker }: TopicLookup): GroupTopic {
  const found = byId ? broker.metadata.topicById(asked.topicId) : broker.metadata.topic(asked.name);
  if (found === undefined) {
    const errorCode = byId ? errorCodes.UNKNOWN_TOPIC_ID : errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
    return { name: asked.name, topicId: byId ? asked.topicId : zeroTopicId, errorOf: () => errorCode };
  }
  return {
    name: found.name,
    topicId: found.topicId,
    errorOf: (partition) => (found.partitions[partition] === undefined ? errorCodes.UNKNOWN_TOPIC_OR_PARTITION : errorCodes.NONE),
  };
}
