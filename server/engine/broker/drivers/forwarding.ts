// The road from any broker to the active controller: by a call when it is in this process, else over the wire - a client's
// request inside an Envelope with the client's principal (KIP-590), the broker's own as they are.
// Lost connections and NOT_CONTROLLER are tried again until the deadline; a change of leader is tried at once.

import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { describeQuorumApi } from '#engine/protocol/apis/55-describe-quorum.ts';
import { envelopeApi, type EnvelopeRequest } from '#engine/protocol/apis/58-envelope.ts';
import { Retries, type BackOff } from '#engine/client/back-off.ts';
import { defaultConnectionLimits } from '#engine/client/connection.ts';
import { ClientError } from '#engine/client/errors.ts';
import { thisSoftware } from '#engine/client/handshake.ts';
import { ConnectionPool } from '#engine/client/pool.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { frameLengthBytes } from '#engine/protocol/frame.ts';
import { decodeResponseFrame, encodeRequestFrame } from '#engine/protocol/headers.ts';
import { encodeVersioned } from '#engine/protocol/record-schema.ts';
import type { Api, RequestInput, RequestOf, ResponseInput, ResponseOf } from '#engine/protocol/schema.ts';
import { defaultPrincipalData } from '#engine/protocol/storage-records/principal-data.ts';
import { zeroTopicId } from '#engine/base/brand.ts';
import type { World } from '#engine/world/ports.ts';
import type { BrokerConfig, Voter } from '../config.ts';
import type { RequestContext } from '../context.ts';
import type { ControllerPort, CreatedTopic, NewTopic } from '../coordination-ports.ts';
import { failureCodes, findControllerRequest } from './controller-requests.ts';
import { refuseRequest, type ControllerDesk } from './controller-desk.ts';

/** Many requests may wait out the same election: each asks again soon at first, then more seldom. */
const askAgain: BackOff = { initialMs: 20, maxMs: 250 };
/** Whoever asks after the quorum wants to know soon that nobody leads it: an election takes less. */
const describeTimeoutMs = 3_000;

export interface ForwardingOptions {
  readonly world: World;
  readonly config: BrokerConfig;
  readonly desk: ControllerDesk;
  /** Node id of the quorum's leader; null while unknown. */
  readonly leaderId: () => number | null;
  readonly addressOf: (nodeId: number) => Voter | null;
  /** DescribeQuorum's answer while nobody leads. */
  readonly describeLeaderless: () => ResponseInput<typeof describeQuorumApi>;
  /** Who shares the connection: heartbeats have one of their own, so that nothing slow stands before them. */
  readonly purpose: string;
}

/** What one attempt came to; null: try again. */
type Attempt<A extends Api> = ResponseInput<A> | null;

export class Forwarding implements ControllerPort {
  readonly #options: ForwardingOptions;
  readonly #pool: ConnectionPool;
  /** Called when another leader is known. */
  readonly #wakers = new Set<() => void>();
  #isClosed = false;

  constructor(options: ForwardingOptions) {
    this.#options = options;
    const { world, config, purpose } = options;
    this.#pool = new ConnectionPool(world, {
      clientId: `broker-${config.nodeId}-${purpose}`,
      software: thisSoftware,
      connectTimeoutMs: 2_000,
      backOff: { initialMs: 5, maxMs: 50 },
      limits: { ...defaultConnectionLimits, requestTimeoutMs: config.get('request.timeout.ms') },
    });
  }

  /** How long a request waits for a controller that answers, where the client doesn't say. */
  get #ownTimeoutMs(): number {
    return this.#options.config.get('request.timeout.ms');
  }

  onLeaderChange(): void {
    for (const wake of this.#wakers) wake();
  }

  close(): void {
    this.#isClosed = true;
    this.onLeaderChange();
    this.#pool.close();
  }

  async forward<A extends Api>(api: A, request: RequestOf<A>, from: RequestContext): Promise<ResponseInput<A>> {
    if (from.listener === 'controller') return this.#options.desk.answer(api, request);
    const overWire = (leftMs: number): Promise<Attempt<A>> => this.#sendEnveloped(api, request, { from, leftMs });
    if (api.key === describeQuorumApi.key) return this.#describe(api, request, overWire);
    const timeoutMs = findControllerRequest(api)?.timeoutMs?.(request) ?? this.#ownTimeoutMs;
    return this.#untilAnswered(api, request, { timeoutMs, overWire });
  }

  async #describe<A extends Api>(
    api: A,
    request: RequestOf<A>,
    overWire: (leftMs: number) => Promise<Attempt<A>>,
  ): Promise<ResponseInput<A>> {
    const answer = await this.#untilAnswered(api, request, { timeoutMs: describeTimeoutMs, overWire });
    const isLeaderless = this.#options.leaderId() === null && (answer as { readonly errorCode?: number }).errorCode !== 0;
    return isLeaderless ? (this.#options.describeLeaderless() as ResponseInput<A>) : answer;
  }

  /** The broker's own request. */
  ask<A extends Api>(api: A, request: RequestOf<A>, timeoutMs = this.#ownTimeoutMs): Promise<ResponseInput<A>> {
    return this.#untilAnswered(api, request, {
      timeoutMs,
      overWire: (leftMs) => this.#send(api, request as RequestInput<A>, leftMs) as Promise<Attempt<A>>,
    });
  }

  openEnvelope(envelope: EnvelopeRequest): Promise<ResponseInput<typeof envelopeApi>> {
    return this.#options.desk.openEnvelope(envelope);
  }

  async createTopics(topics: readonly NewTopic[]): Promise<readonly CreatedTopic[]> {
    const answer = await this.ask(createTopicsApi, {
      topics: topics.map(toCreatable),
      timeoutMs: this.#ownTimeoutMs,
      validateOnly: false,
    });
    const byName = new Map(answer.topics.map((topic) => [topic.name, topic]));
    return topics.map(({ name }) => {
      const { errorCode, errorMessage, topicId } = byName.get(name) ?? { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, errorMessage: null };
      return { name, errorCode, errorMessage, topicId: topicId ?? zeroTopicId };
    });
  }

  async #untilAnswered<A extends Api>(
    api: A,
    request: RequestOf<A>,
    road: { readonly timeoutMs: number; readonly overWire: (leftMs: number) => Promise<Attempt<A>> },
  ): Promise<ResponseInput<A>> {
    const { world, desk } = this.#options;
    const deadlineUs = world.clock.monotonicUs() + road.timeoutMs * 1_000;
    const retries = new Retries(askAgain, world.random);
    for (;;) {
      const leftMs = Math.max(1, Math.ceil((deadlineUs - world.clock.monotonicUs()) / 1_000));
      const answer = desk.isActive ? await this.#atDesk(api, request, leftMs) : await road.overWire(leftMs);
      if (answer !== null) return answer;
      if (this.#isClosed || world.clock.monotonicUs() >= deadlineUs) return refuseRequest(api, request, errorCodes.REQUEST_TIMED_OUT);
      const end = await this.#pause(Math.min(retries.nextDelayMs(), leftMs));
      if (end === 'leader-changed') retries.reset();
    }
  }

  async #atDesk<A extends Api>(api: A, request: RequestOf<A>, leftMs: number): Promise<Attempt<A>> {
    const served = await this.#options.desk.serve(api, request, leftMs);
    if (served.kind === 'answered') return served.answer;
    return served.kind === 'not-controller' ? null : refuseRequest(api, request, failureCodes[served.kind]);
  }

  async #sendEnveloped<A extends Api>(
    api: A,
    request: RequestOf<A>,
    call: { readonly from: RequestContext; readonly leftMs: number },
  ): Promise<Attempt<A>> {
    const { apiVersion: version, correlationId, clientId, principal, client } = call.from;
    const frame = encodeRequestFrame(api, { version, correlationId, clientId }, request as RequestInput<A>);
    const requestData = concat(frame).subarray(frameLengthBytes);
    const envelope = { requestData, requestPrincipal: toPrincipalData(principal), clientHostAddress: toAddressBytes(client.address) };
    const sealed = await this.#send(envelopeApi, envelope, call.leftMs);
    if (sealed === null || sealed.errorCode === errorCodes.NOT_CONTROLLER) return null;
    if (sealed.errorCode !== 0 || sealed.responseData === null)
      return refuseRequest(api, request, sealed.errorCode || errorCodes.UNKNOWN_SERVER_ERROR);
    return decodeResponseFrame(api, version, sealed.responseData) as ResponseInput<A>;
  }

  /** null when nobody could be asked, or whoever was asked isn't the controller. */
  async #send<A extends Api>(api: A, request: RequestInput<A>, timeoutMs: number): Promise<ResponseOf<A> | null> {
    const leaderId = this.#options.leaderId();
    const voter = leaderId === null ? null : this.#options.addressOf(leaderId);
    // A leader in this very process isn't active yet: we are woken when it is.
    if (voter === null || leaderId === this.#options.config.nodeId) return null;
    return this.#unlessReplaced(voter.nodeId, this.#exchange(api, request, { voter, timeoutMs }));
  }

  async #exchange<A extends Api>(
    api: A,
    request: RequestInput<A>,
    { voter, timeoutMs }: { readonly voter: Voter; readonly timeoutMs: number },
  ): Promise<ResponseOf<A> | null> {
    try {
      const connection = await this.#pool.connection({ host: voter.host, port: voter.port });
      const answer = await connection.send(api, request, { timeoutMs });
      return saysNotController(answer) ? null : answer;
    } catch (error) {
      if (error instanceof ClientError) return null;
      throw error;
    }
  }

  /** A frozen or cut-off controller is not waited for once another leads: what it hasn't committed it never will. */
  #unlessReplaced<Answer>(askedId: number, exchange: Promise<Answer | null>): Promise<Answer | null> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer | null>();
    const look = (): void => {
      const leaderId = this.#options.leaderId();
      if (leaderId !== null && leaderId !== askedId) resolve(null);
    };
    this.#wakers.add(look);
    exchange.then(resolve, reject).finally(() => this.#wakers.delete(look));
    return promise;
  }

  #pause(delayMs: number): Promise<'over' | 'leader-changed'> {
    const { timers } = this.#options.world;
    return new Promise((resolve) => {
      const end = (how: 'over' | 'leader-changed'): void => {
        this.#wakers.delete(wake);
        timers.clearTimer(timer);
        resolve(how);
      };
      const wake = (): void => {
        end('leader-changed');
      };
      const timer = timers.setTimer(delayMs, () => {
        end('over');
      });
      this.#wakers.add(wake);
    });
  }
}

/** Answers to the broker's own requests carry the code at the top, or for each topic alike. */
function saysNotController(answer: object): boolean {
  const { errorCode, topics } = answer as { readonly errorCode?: number; readonly topics?: readonly { readonly errorCode?: number }[] };
  return errorCode === errorCodes.NOT_CONTROLLER || topics?.[0]?.errorCode === errorCodes.NOT_CONTROLLER;
}

function toCreatable({ name, partitionCount, replicationFactor, configs }: NewTopic): RequestOf<typeof createTopicsApi>['topics'][number] {
  return {
    name,
    numPartitions: partitionCount,
    replicationFactor,
    assignments: [],
    configs: [...configs].map(([key, value]) => ({ name: key, value })),
  };
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** "User:ANONYMOUS" as Kafka's default principal serialises it. */
function toPrincipalData(principal: string): Uint8Array {
  const colon = principal.indexOf(':');
  return encodeVersioned(defaultPrincipalData, 0, {
    type: principal.slice(0, colon),
    name: principal.slice(colon + 1),
    tokenAuthenticated: false,
  });
}

/** The client's address in network order; all zeros when it isn't one of version 4. */
function toAddressBytes(address: string): Uint8Array {
  const match = /(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})/.exec(address);
  return match === null ? new Uint8Array(16) : Uint8Array.from(match.slice(1, 5).map(Number));
}
