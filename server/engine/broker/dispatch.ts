// From a frame to its answer: header, version, decode, handler, encode. Requests are started in the order in which
// they came; the connection puts the answers back into that order.
// What can't be served at all (an unknown key or version, bytes that are no request) has no answer in Kafka's protocol:
// the connection is closed and the reason logged. The one exception is ApiVersions, which clients use to ask what works.

import { DecodeError } from '#engine/bytes/errors.ts';
import { decodeRequest } from '#engine/protocol/codec.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import {
  decodeRequestHeader,
  encodeResponseFrame,
  peekClientId,
  peekRequest,
  type RequestHeader,
  type RequestStart,
} from '#engine/protocol/headers.ts';
import type { Api, ResponseInput } from '#engine/protocol/schema.ts';
import { includesVersion } from '#engine/protocol/versions.ts';
import { borrowsFrame } from '#engine/protocol/wire-shape.ts';
import type { ApiMetrics } from '#engine/trace/metrics.ts';
import type { Connection, Outcome, ReleaseRequest } from './connection.ts';
import type { DropTarget } from './intercept.ts';
import { CloseConnection, noResponse, type BrokerContext, type Handler, type ListenerIdentity, type RequestContext } from './context.ts';

const apiVersionsKey = 18;

export type Dispatch = (frame: Buffer, connection: Connection, release: ReleaseRequest) => Outcome | Promise<Outcome>;

interface Served {
  readonly handler: Handler;
  readonly metrics: ApiMetrics;
  /** Whether the decoded request holds views of its frame. */
  readonly borrowsFrame: boolean;
}

/** One request on its way. Times are Clock.monotonicUs(). */
interface Call {
  readonly served: Served;
  readonly header: RequestHeader;
  readonly receivedUs: number;
  readonly decodedUs: number;
  /** The request's bytes, until nobody uses them: the answer may be long in coming. */
  frame: Buffer | null;
  /** Takes back what the handler had asked to be told if the client went away. */
  forget: (() => void) | undefined;
  /** What the handler wants to be told when its answer has left. */
  onSent: (() => void) | undefined;
  /** Of the time since, what was spent waiting for others. */
  parkedUs: number;
}

/** Builds the dispatcher of one listener. */
export function createDispatch(listener: ListenerIdentity, handlers: readonly Handler[], broker: BrokerContext): Dispatch {
  const table = new Map<number, Served>();
  for (const handler of handlers) {
    if (!handler.listeners.includes(listener.kind)) continue;
    const { key, request } = handler.api;
    table.set(key, { handler, metrics: broker.metrics.api(key), borrowsFrame: borrowsFrame(request.fields) });
  }
  return (frame, connection, release) => {
    broker.metrics.counters.requests += 1;
    const outcome = serve(frame, { connection, release, listener, table, broker });
    if (!(outcome instanceof Promise) && outcome.kind === 'close' && outcome.isOrdinary !== true) {
      broker.metrics.counters.refusedRequests += 1;
      // The log names who was sent away, also where its version was too old to be read any further.
      if (connection.clientId === '') connection.clientId = peekClientId(frame);
    }
    return outcome;
  };
}

/** Where a request came from. It outlives the frame, so it doesn't know it. */
interface Arrival {
  readonly connection: Connection;
  readonly release: ReleaseRequest;
  readonly listener: ListenerIdentity;
  readonly table: ReadonlyMap<number, Served>;
  readonly broker: BrokerContext;
}

function serve(frame: Buffer, arrival: Arrival): Outcome | Promise<Outcome> {
  const receivedUs = arrival.broker.world.clock.monotonicUs();
  const start = peekRequest(frame);
  if (start === undefined) return { kind: 'close', reason: `a frame of ${frame.length} bytes is too short for a request` };
  const served = arrival.table.get(start.apiKey);
  if (served === undefined) return { kind: 'close', reason: `API key ${start.apiKey} is not served on this listener` };
  const { api } = served.handler;
  if (!includesVersion(api.versions, start.apiVersion)) return answerUnsupportedVersion(arrival, api, start);
  if (isDropped(arrival, api, 'request')) return { kind: 'silent' };
  try {
    return callHandler(frame, { arrival, served, receivedUs });
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { kind: 'close', reason: `malformed ${api.name} v${start.apiVersion}: ${error.message}` };
  }
}

/** The lab may want to see what a client does when a request or an answer is lost. */
function isDropped({ broker, connection }: Pick<Arrival, 'broker' | 'connection'>, api: Api, what: DropTarget): boolean {
  const rule = broker.interception.strike(api.key, what);
  if (rule === undefined) return false;
  const client = { connectionId: connection.id, clientId: connection.clientId, address: connection.remoteAddress };
  broker.trace({ kind: 'dropped', client, api: api.name, what, ruleId: rule.ruleId });
  return true;
}

/** A client that asks for a newer ApiVersions than we know gets error 35 in version 0, with the list, and asks again. */
function answerUnsupportedVersion(arrival: Arrival, api: Api, start: RequestStart): Outcome {
  if (api.key !== apiVersionsKey) {
    const { min, max } = api.versions;
    const advice = start.apiVersion < min ? ': the client is older than those that Kafka 4 serves (2.1 and newer), update it' : '';
    return { kind: 'close', reason: `${api.name} version ${start.apiVersion} is not served; ${min} to ${max} are${advice}` };
  }
  const body = { errorCode: errorCodes.UNSUPPORTED_VERSION, apiKeys: arrival.broker.advertised(arrival.listener.kind) };
  return { kind: 'respond', chunks: encodeResponseFrame(api, { version: 0, correlationId: start.correlationId }, body) };
}

interface Calling {
  readonly arrival: Arrival;
  readonly served: Served;
  readonly receivedUs: number;
}

function callHandler(frame: Buffer, { arrival, served, receivedUs }: Calling): Outcome | Promise<Outcome> {
  const { connection, broker } = arrival;
  const header = decodeRequestHeader(served.handler.api, frame);
  const request = decodeRequest(served.handler.api, header.apiVersion, frame, header.bodyAt);
  const call: Call = {
    served,
    header,
    receivedUs,
    decodedUs: broker.world.clock.monotonicUs(),
    frame,
    parkedUs: 0,
    forget: undefined,
    onSent: undefined,
  };
  const requestContext = createRequestContext(arrival, call);
  if (!served.borrowsFrame) requestContext.releaseRequest();
  const answer = served.handler.handle(request, requestContext, broker);
  introduce(connection, requestContext, broker);
  const deliver = (settled: unknown): Outcome => {
    const outcome = finish(call, settled, broker);
    return outcome.kind === 'respond' && isDropped(arrival, served.handler.api, 'response') ? { kind: 'silent' } : outcome;
  };
  return answer instanceof Promise ? answer.then(deliver) : deliver(answer);
}

/** Tells viewers of a client once it has said who it is: a connection that never asks anything isn't a client. */
function introduce(connection: Connection, { client, listener }: RequestContext, broker: BrokerContext): void {
  connection.clientId = client.clientId;
  if (connection.wasIntroduced || listener !== 'broker') return;
  connection.wasIntroduced = true;
  broker.trace({ kind: 'client-connected', client, software: connection.software });
}

function createRequestContext({ connection, listener, broker, release }: Arrival, call: Call): RequestContext {
  const { header, receivedUs } = call;
  return {
    apiKey: header.apiKey,
    apiVersion: header.apiVersion,
    correlationId: header.correlationId,
    clientId: header.clientId,
    listener: listener.kind,
    listenerName: listener.name,
    client: { connectionId: connection.id, clientId: header.clientId ?? '', address: connection.remoteAddress },
    principal: 'User:ANONYMOUS',
    receivedAtUs: receivedUs,
    setSoftware: (name, version) => {
      connection.software = version === '' ? name : `${name} ${version}`;
    },
    onDisconnect: (cancel) => {
      call.forget = connection.onClose(cancel);
    },
    addParkedUs: (parkedUs) => {
      call.parkedUs += parkedUs;
    },
    releaseRequest: () => {
      if (call.frame === null) return;
      broker.buffers.giveBack(call.frame);
      call.frame = null;
      release();
    },
    onSent: (told) => {
      call.onSent = told;
    },
  };
}

function finish(call: Call, answer: unknown, broker: BrokerContext): Outcome {
  const { clock } = broker.world;
  // A long-lived connection would gather one for every long poll it ever made.
  call.forget?.();
  const handledUs = clock.monotonicUs();
  const outcome = toOutcome(call, answer);
  const sentUs = clock.monotonicUs();
  const { metrics } = call.served;
  metrics.count += 1;
  metrics.byStage.decode.record(call.decodedUs - call.receivedUs);
  metrics.byStage.handle.record(handledUs - call.decodedUs - call.parkedUs);
  metrics.byStage.encode.record(sentUs - handledUs);
  metrics.byStage.total.record(sentUs - call.receivedUs - call.parkedUs);
  if (outcome.kind === 'close') metrics.errors += 1;
  return outcome;
}

function toOutcome(call: Call, answer: unknown): Outcome {
  if (answer === noResponse) return { kind: 'silent' };
  if (answer instanceof CloseConnection) return { kind: 'close', reason: answer.reason, isOrdinary: true };
  const { api } = call.served.handler;
  const { apiVersion, correlationId } = call.header;
  // defineHandler has checked that the answer has this schema's type.
  const body = answer as ResponseInput<typeof api>;
  return { kind: 'respond', chunks: encodeResponseFrame(api, { version: apiVersion, correlationId }, body), onSent: call.onSent };
}
