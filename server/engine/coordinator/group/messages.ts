// What can be asked of a group shard and what it answers. Handlers build these from the wire's requests, with the
// meaning of each version already spelt out, so that nothing in this room knows an API version.

import type { TopicId } from '#engine/base/brand.ts';
import type { CommittedOffset } from './records.ts';

export interface ClientIdentity {
  readonly clientId: string;
  readonly clientHost: string;
}

/** One protocol (assignor) a member can use; `metadata` is opaque to the broker. */
export interface JoinProtocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

export interface JoinGroupInput {
  readonly kind: 'join-group';
  readonly token: number;
  readonly groupId: string;
  /** Empty when the member asks for an id. */
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly client: ClientIdentity;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocolType: string;
  readonly protocols: readonly JoinProtocol[];
  readonly reason: string;
  /** Version 4 and later: a dynamic member first gets its id, then joins with it. */
  readonly requiresKnownMemberId: boolean;
  /** Version 9 and later: a returning static leader may be told to skip the assignment. */
  readonly canSkipAssignment: boolean;
}

export interface SyncGroupInput {
  readonly kind: 'sync-group';
  readonly token: number;
  readonly groupId: string;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly generationId: number;
  /** Null before version 5: not checked. */
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignments: ReadonlyMap<string, Uint8Array>;
}

export interface HeartbeatInput {
  readonly kind: 'heartbeat';
  readonly token: number;
  readonly groupId: string;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly generationId: number;
}

export interface LeavingMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly reason: string;
}

export interface LeaveGroupInput {
  readonly kind: 'leave-group';
  readonly token: number;
  readonly groupId: string;
  readonly members: readonly LeavingMember[];
}

export interface OffsetToCommit {
  readonly topic: string;
  readonly topicId: TopicId;
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string;
}

export interface CommitOffsetsInput {
  readonly kind: 'commit-offsets';
  readonly token: number;
  readonly groupId: string;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  /** -1: not as a member. */
  readonly generationId: number;
  /** Null: by the broker's setting. */
  readonly retentionMs: number | null;
  /** Version 9 and later say GROUP_ID_NOT_FOUND where earlier ones said ILLEGAL_GENERATION. */
  readonly knowsGroupIdNotFound: boolean;
  readonly offsets: readonly OffsetToCommit[];
}

export interface PartitionRef {
  readonly topic: string;
  readonly partition: number;
}

export interface FetchOffsetsInput {
  readonly kind: 'fetch-offsets';
  readonly token: number;
  readonly groupId: string;
  /** Null: all that the group has committed. A topic id, where the client gave one, must be that of the commit. */
  readonly partitions: readonly (PartitionRef & { readonly topicId: TopicId })[] | null;
}

export interface DescribeGroupInput {
  readonly kind: 'describe-group';
  readonly token: number;
  readonly groupId: string;
}
/** Empty filters match everything; letters' case doesn't matter. */
export interface ListGroupsInput {
  readonly kind: 'list-groups';
  readonly token: number;
  readonly states: readonly string[];
  readonly types: readonly string[];
}
export interface DeleteGroupInput {
  readonly kind: 'delete-group';
  readonly token: number;
  readonly groupId: string;
}
export interface DeleteOffsetsInput {
  readonly kind: 'delete-offsets';
  readonly token: number;
  readonly groupId: string;
  readonly partitions: readonly PartitionRef[];
}

/** Timers that have run out, and news from the metadata log. */
export type InternalInput =
  | { readonly kind: 'session-expired'; readonly groupId: string; readonly memberId: string }
  | { readonly kind: 'initial-join-due'; readonly groupId: string; readonly delayMs: number; readonly remainingMs: number }
  | { readonly kind: 'join-due'; readonly groupId: string }
  | { readonly kind: 'sync-due'; readonly groupId: string; readonly generationId: number }
  | { readonly kind: 'retention-due' }
  | { readonly kind: 'topics-deleted'; readonly topics: ReadonlyMap<string, TopicId> };

export type GroupRequest =
  | JoinGroupInput
  | SyncGroupInput
  | HeartbeatInput
  | LeaveGroupInput
  | CommitOffsetsInput
  | FetchOffsetsInput
  | DescribeGroupInput
  | ListGroupsInput
  | DeleteGroupInput
  | DeleteOffsetsInput;

export type GroupInput = GroupRequest | InternalInput;

type Tokenless<Request> = Request extends unknown ? Omit<Request, 'token'> : never;
/** A request before the runtime has given it the token that its answer will carry. */
export type GroupQuestion = Tokenless<GroupRequest>;

// -- answers -----------------------------------------------------------------------------------------

export interface JoinedMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly metadata: Uint8Array;
}

export interface JoinGroupAnswer {
  readonly kind: 'join-group';
  readonly errorCode: number;
  readonly generationId: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leader: string;
  readonly skipAssignment: boolean;
  readonly memberId: string;
  /** Only the leader learns who is there. */
  readonly members: readonly JoinedMember[];
}

export interface SyncGroupAnswer {
  readonly kind: 'sync-group';
  readonly errorCode: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignment: Uint8Array;
}

export interface HeartbeatAnswer {
  readonly kind: 'heartbeat';
  readonly errorCode: number;
}

export interface LeaveGroupAnswer {
  readonly kind: 'leave-group';
  readonly errorCode: number;
  readonly members: readonly { readonly memberId: string; readonly groupInstanceId: string | null; readonly errorCode: number }[];
}

/** One error a partition, in the order of the request. */
export interface CommitOffsetsAnswer {
  readonly kind: 'commit-offsets';
  readonly errorCodes: readonly number[];
}

export interface FetchedOffset extends PartitionRef {
  readonly committed: CommittedOffset | null;
}

export interface FetchOffsetsAnswer {
  readonly kind: 'fetch-offsets';
  readonly errorCode: number;
  readonly offsets: readonly FetchedOffset[];
}

export interface DescribedMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly client: ClientIdentity;
  readonly metadata: Uint8Array;
  readonly assignment: Uint8Array;
}

export interface DescribeGroupAnswer {
  readonly kind: 'describe-group';
  readonly errorCode: number;
  readonly state: string;
  readonly protocolType: string;
  readonly protocolName: string;
  readonly members: readonly DescribedMember[];
}

export interface ListedGroup {
  readonly groupId: string;
  readonly protocolType: string;
  readonly state: string;
  readonly type: string;
}
export interface ListGroupsAnswer {
  readonly kind: 'list-groups';
  readonly errorCode: number;
  readonly groups: readonly ListedGroup[];
}
export interface DeleteGroupAnswer {
  readonly kind: 'delete-group';
  readonly errorCode: number;
}
/** One error a partition, in the order of the request; none when `errorCode` refuses the whole. */
export interface DeleteOffsetsAnswer {
  readonly kind: 'delete-offsets';
  readonly errorCode: number;
  readonly partitionErrorCodes: readonly number[];
}

export type GroupAnswer =
  | JoinGroupAnswer
  | SyncGroupAnswer
  | HeartbeatAnswer
  | LeaveGroupAnswer
  | CommitOffsetsAnswer
  | FetchOffsetsAnswer
  | DescribeGroupAnswer
  | ListGroupsAnswer
  | DeleteGroupAnswer
  | DeleteOffsetsAnswer;

/** The answer to a request of that kind. */
export type GroupAnswerOf<Kind extends GroupAnswer['kind']> = Extract<GroupAnswer, { readonly kind: Kind }>;
