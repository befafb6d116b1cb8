// Committed offsets of groups: one request for many groups where the broker can (8 and later), else one a group,
// pipelined. Version 10 would answer by topic id; names serve us better, as offsets outlive their topics.

import type { Connection } from '#engine/client/connection.ts';
import { throwUnlessNone } from '#engine/client/errors.ts';
import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { sharedVersion } from '#engine/client/negotiation.ts';
import { offsetFetchApi } from '#engine/protocol/apis/09-offset-fetch.ts';

const maxVersion = 9;
const firstManyVersion = 8;
/** Groups asked in one request: an answer for more could grow past what is pleasant to hold. */
const groupsPerRequest = 50;

export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  /** null: this partition's commit could not be read. */
  readonly offset: number | null;
  readonly metadata: string | null;
}

export type CommittedByGroup = ReadonlyMap<string, readonly CommittedOffset[]>;

/** Groups whose offsets could not be read are absent. */
export async function askCommitted(client: KafkaClient, coordinatorId: number, groupIds: readonly string[]): Promise<CommittedByGroup> {
  if (groupIds.length === 0) return new Map();
  const connection = await client.connectionTo(coordinatorId);
  const version = sharedVersion(offsetFetchApi, connection.abilities, maxVersion) ?? 0;
  const parts =
    version >= firstManyVersion
      ? await askMany(connection, groupIds)
      : await Promise.all(groupIds.map((groupId) => askOne(connection, groupId)));
  return new Map(parts.flat());
}

type Entry = readonly [string, readonly CommittedOffset[]];

async function askMany(connection: Connection, groupIds: readonly string[]): Promise<readonly (readonly Entry[])[]> {
  const requests: Promise<readonly Entry[]>[] = [];
  for (let at = 0; at < groupIds.length; at += groupsPerRequest)
    requests.push(askPart(connection, groupIds.slice(at, at + groupsPerRequest)));
  return Promise.all(requests);
}

async function askPart(connection: Connection, groupIds: readonly string[]): Promise<readonly Entry[]> {
  const answer = await connection.send(offsetFetchApi, { groups: groupIds.map((groupId) => ({ groupId, topics: null })) }, { maxVersion });
  return answer.groups.filter((group) => group.errorCode === 0).map((group) => [group.groupId, toCommitted(group.topics)] as const);
}

async function askOne(connection: Connection, groupId: string): Promise<readonly Entry[]> {
  const answer = await connection.send(offsetFetchApi, { groupId, topics: null }, { maxVersion });
  throwUnlessNone(answer.errorCode, `offsets of ${groupId}`);
  return [[groupId, toCommitted(answer.topics)]];
}

interface AnsweredTopic {
  readonly name: string;
  readonly partitions: readonly {
    readonly partitionIndex: number;
    readonly committedOffset: number;
    readonly metadata: string | null;
    readonly errorCode: number;
  }[];
}

/** -1 says that nothing is committed. */
function toCommitted(topics: readonly AnsweredTopic[]): readonly CommittedOffset[] {
  return topics.flatMap((topic) =>
    topic.partitions
      .filter((partition) => partition.errorCode !== 0 || partition.committedOffset >= 0)
      .map((partition) => ({
        topic: topic.name,
        partition: partition.partitionIndex,
        offset: partition.errorCode === 0 ? partition.committedOffset : null,
        metadata: partition.metadata === '' ? null : partition.metadata,
      })),
  );
}
