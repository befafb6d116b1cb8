// Where kafka-ts wants other forms than the protocol's, because it is a client: it fills in fields by itself, has
// one form for old and new versions, or builds batches and assignments from objects. `narrow` keeps our value
// within what it can say, `toForeign` says it in its form.

import { encodeAssignment, encodeSubscription } from '../group-records/consumer-protocol.ts';

export type Value = Readonly<Record<string, unknown>>;

interface Forms {
  readonly narrow?: (value: Value, version: number) => Value;
  readonly toForeign?: (value: Value, version: number) => Value;
}

const noUserData = new Uint8Array(0);
const each = (list: unknown, change: (element: Value) => unknown): unknown =>
  list === null ? null : (list as readonly Value[]).map(change);

export const requestForms: Readonly<Record<string, Forms>> = {
  Produce: { narrow: (value) => ({ ...value, topicData: each(value['topicData'], (topic) => ({ ...topic, partitionData: [] })) }) },
  Fetch: {
    narrow: (value) => ({ ...value, replicaId: -1 }),
    toForeign: (value) => ({
      ...value,
      topics: each(value['topics'], (topic) => ({ ...topic, topicName: topic['topic'] })),
      forgottenTopicsData: each(value['forgottenTopicsData'], (topic) => ({ ...topic, topicName: topic['topic'] })),
    }),
  },
  Metadata: {
    toForeign: (value) => ({
      ...value,
      allowTopicAutoCreation: value['allowAutoTopicCreation'],
      topics: each(value['topics'], (topic) => ({ ...topic, id: topic['topicId'] })),
    }),
  },
  OffsetCommit: { narrow: (value) => ({ ...value, retentionTimeMs: -1 }) },
  OffsetFetch: {
    toForeign: (value, version) => (version < 8 ? { ...value, groups: [{ groupId: value['groupId'], topics: value['topics'] }] } : value),
  },
  FindCoordinator: { toForeign: (value, version) => ({ ...value, keys: version < 4 ? [value['key']] : value['coordinatorKeys'] }) },
  LeaveGroup: { toForeign: (value, version) => (version < 3 ? { ...value, members: [{ memberId: value['memberId'] }] } : value) },
  DeleteTopics: {
    toForeign: (value, version) =>
      version < 6 ? { ...value, topics: (value['topicNames'] as string[]).map((name) => ({ name })) } : value,
  },
  CreateDelegationToken: {
    narrow: (value, version) =>
      version < 3
        ? value
        : { ...value, ownerPrincipalType: value['ownerPrincipalType'] ?? '', ownerPrincipalName: value['ownerPrincipalName'] ?? '' },
  },
  JoinGroup: {
    narrow: (value) => ({
      ...value,
      protocols: each(value['protocols'], ({ name }) => ({
        name,
        metadata: encodeSubscription(0, { topics: [name as string], userData: noUserData }),
      })),
    }),
    toForeign: (value) => ({
      ...value,
      protocols: each(value['protocols'], ({ name }) => ({ name, metadata: { version: 0, topics: [name] } })),
    }),
  },
  SyncGroup: {
    narrow: (value) => ({
      ...value,
      assignments: each(value['assignments'], ({ memberId }) => ({
        memberId,
        assignment: encodeAssignment(0, { assignedPartitions: [{ topic: memberId as string, partitions: [1, 2] }], userData: noUserData }),
      })),
    }),
    toForeign: (value) => ({
      ...value,
      assignments: each(value['assignments'], ({ memberId }) => ({ memberId, assignment: { [memberId as string]: [1, 2] } })),
    }),
  },
};

export const responseForms: Readonly<Record<string, Forms>> = {
  // It reads an unsupported-version answer as version 0, which Kafka sends in that form.
  ApiVersions: { narrow: (value) => ({ ...value, errorCode: 0 }) },
  SyncGroup: {
    narrow: (value) => ({
      ...value,
      assignment: encodeAssignment(0, { assignedPartitions: [{ topic: 't', partitions: [3] }], userData: null }),
    }),
  },
};
