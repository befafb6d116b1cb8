// What a handler may see. `BrokerContext` is one per process and holds every room behind a narrow port;
// `RequestContext` is one per request. Handlers import this file and the protocol, nothing else, so that
// a handler can be read, and tested, without a socket, a disk or a clock.

import type { World } from '#engine/world/ports.ts';
import type { BufferPool } from '#engine/bytes/buffer-pool.ts';
import type { Trace } from '#engine/trace/trace.ts';
import type { ClientRef } from '#engine/trace/events.ts';
import type { Api, ListenerKind, RequestOf, ResponseInput } from '#engine/protocol/schema.ts';
import type { BrokerConfig } from './config.ts';
import type { BrokerLog } from './broker-log.ts';
import type { Interception } from './intercept.ts';
import type { Metrics } from '#engine/trace/metrics.ts';
import type { MetadataView } from './metadata-view.ts';
import type { FetchSessionCache } from '#engine/replication/fetch-session.ts';
import type { FetchPartition, PartitionPort } from './partition-port.ts';
import type { ControllerPort, GroupCoordinatorPort, ProducerIdPort, QuorumPort } from './coordination-ports.ts';

export type { ListenerKind };

export interface BrokerContext {
  readonly config: BrokerConfig;
  readonly world: World;
  readonly trace: Trace;
  readonly metrics: Metrics;
  readonly log: BrokerLog;
  /** Memory of large requests and answers. */
  readonly buffers: BufferPool;
  readonly interception: Interception;
  readonly metadata: MetadataView;
  readonly partitions: PartitionPort;
  readonly fetchSessions: FetchSessionCache<FetchPartition>;
  readonly controller: ControllerPort;
  readonly quorum: QuorumPort;
  readonly groups: GroupCoordinatorPort;
  readonly producerIds: ProducerIdPort;
  /** Has a topic created with the broker's defaults, without waiting; false when that can't be its name. */
  readonly autoCreate: (topic: string) => boolean;
  /** What ApiVersions advertises on a listener: derived from the list of handlers that it serves. */
  readonly advertised: (listener: ListenerKind) => readonly AdvertisedApi[];
}

export interface AdvertisedApi {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** One of a node's listeners: what it is for, and its name. */
export interface ListenerIdentity {
  readonly kind: ListenerKind;
  readonly name: string;
}

export interface RequestContext {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  readonly listener: ListenerKind;
  /** The listener's name: the client is given the addresses that brokers advertise under it. */
  readonly listenerName: string;
  /** Who asks, for trace events and group member lists. */
  readonly client: ClientRef;
  /** The authenticated principal; "User:ANONYMOUS" on a plaintext listener. */
  readonly principal: string;
  readonly receivedAtUs: number;
  /** Remembers what the client says of itself in ApiVersions. */
  readonly setSoftware: (name: string, version: string) => void;
  /** Calls `cancel` when the client is gone before its answer, so that nothing stays parked for nobody. */
  readonly onDisconnect: (cancel: () => void) => void;
  /** Time in which the request waited for others (a long poll): no latency of this broker's. */
  readonly addParkedUs: (parkedUs: number) => void;
  /** The handler promises that nobody uses the request's bytes from now on: their memory serves the next one. */
  readonly releaseRequest: () => void;
  /** Calls `told` when the answer has left and its memory is free; never when the client is gone before. */
  readonly onSent: (told: () => void) => void;
}

/** The answer to a request that must not be answered: a produce with acks=0. */
export const noResponse: unique symbol = Symbol('noResponse');

/** The answer to a request whose failure can only be told by closing: acks=0 gone wrong. */
export class CloseConnection {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

export type Answer<Response> = Response | typeof noResponse | CloseConnection;

type Handle<A extends Api> = (
  request: RequestOf<A>,
  requestContext: RequestContext,
  broker: BrokerContext,
) => Answer<ResponseInput<A>> | Promise<Answer<ResponseInput<A>>>;

/** A key that the broker serves. Its schema's types are checked by defineHandler and forgotten here, so that handlers fit in one list. */
export interface Handler {
  readonly api: Api;
  /** Where requests of this key are served. */
  readonly listeners: readonly ListenerKind[];
  /** Takes the schema's request; answers an Answer of its response, or a promise of one. */
  readonly handle: (request: unknown, requestContext: RequestContext, broker: BrokerContext) => unknown;
}

/** Ties a schema to the function that serves it, on the schema's own listeners unless told. */
export function defineHandler<A extends Api>(api: A, handle: Handle<A>, listeners: readonly ListenerKind[] = api.listeners): Handler {
  return { api, listeners, handle: handle as Handler['handle'] };
}
