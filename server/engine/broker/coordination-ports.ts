// The ports behind which the controller, the quorum and the coordinators live. The engineers of those rooms
// own the method lists of their port; the hall only starts, stops and hands them around.

import type { envelopeApi, EnvelopeRequest } from '#engine/protocol/apis/58-envelope.ts';
import type { Api, RequestOf, ResponseInput } from '#engine/protocol/schema.ts';
import type { TopicId } from '#engine/base/brand.ts';
import type { GroupAnswerOf, GroupQuestion } from '#engine/coordinator/group/messages.ts';
import type { Voter } from './config.ts';
import type { RequestContext } from './context.ts';

export interface NewTopic {
  readonly name: string;
  /** -1: the broker's default. */
  readonly partitionCount: number;
  readonly replicationFactor: number;
  readonly configs: ReadonlyMap<string, string>;
}

export interface CreatedTopic {
  readonly name: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly topicId: TopicId;
}

/** Reaches the active controller, here or over the wire. */
export interface ControllerPort {
  /** Passes a client's admin request on as it came and answers what the controller answers. NOT_CONTROLLER and lost connections are retried until the deadline. */
  forward<A extends Api>(api: A, request: RequestOf<A>, from: RequestContext): Promise<ResponseInput<A>>;
  /** Auto-creation, and the coordinators' own topics. One answer a topic, in order. */
  createTopics(topics: readonly NewTopic[]): Promise<readonly CreatedTopic[]>;
  /** Serves a request that another broker forwarded. Only the controller of this process may answer it. */
  openEnvelope(envelope: EnvelopeRequest): Promise<ResponseInput<typeof envelopeApi>>;
}

/** The metadata quorum as this node sees it. */
export interface QuorumPort {
  /** Answers a request that only quorum members serve (Vote, Fetch of the metadata log, DescribeQuorum, ...). */
  handle<A extends Api>(api: A, request: RequestOf<A>, from: RequestContext): Promise<ResponseInput<A>>;
  /** Who may vote, and where they listen. */
  voters(): readonly Voter[];
  /** 1: the log names the voters, and they may change. 0: the configuration does. */
  kraftVersion(): number;
}

/** Where the coordinator of a group is, or why nobody knows. */
export interface CoordinatorLocation {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

/** Groups and their offsets: answers only for groups whose coordinator is this broker, else NOT_COORDINATOR. */
export interface GroupCoordinatorPort {
  /** Has the topic of the coordinators created when there is none yet. The address is the one of that listener. */
  locate(groupId: string, listenerName: string): Promise<CoordinatorLocation>;
  /** Never rejects: whatever goes wrong is an error code in the answer. */
  ask<Question extends GroupQuestion>(question: Question): Promise<GroupAnswerOf<Question['kind']>>;
  /** All groups that this broker coordinates, filtered as ListGroups does. */
  list(filter: { readonly states: readonly string[]; readonly types: readonly string[] }): Promise<GroupAnswerOf<'list-groups'>>;
}

export interface ProducerIdPort {
  /** A producer id nobody else in the cluster has; errorCode tells when the controller can't be reached. */
  next(): Promise<{ readonly errorCode: number; readonly producerId: number }>;
}
