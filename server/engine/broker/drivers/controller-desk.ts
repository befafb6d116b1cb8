// Where requests reach the controller of this process: the one on the local road, the controller's listener, or inside an
// Envelope. Whether it is the active one is known only here, at the moment of the decision.

import { describeQuorumApi } from '#engine/protocol/apis/55-describe-quorum.ts';
import { envelopeApi, type EnvelopeRequest } from '#engine/protocol/apis/58-envelope.ts';
import { DecodeError } from '#engine/bytes/errors.ts';
import { decodeRequest, encodeResponse } from '#engine/protocol/codec.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { decodeRequestHeader, encodeResponseHeader, peekRequest } from '#engine/protocol/headers.ts';
import type { Api, RequestOf, ResponseInput } from '#engine/protocol/schema.ts';
import { includesVersion } from '#engine/protocol/versions.ts';
import type { ControllerDriver, Failure } from './controller.ts';
import { controllerApis, failureCodes, findControllerRequest } from './controller-requests.ts';
import { voterApis, type VoterDesk } from './voter-desk.ts';

/** What clients that name no time-out get, as Kafka's default.api.timeout. */
const defaultTimeoutMs = 30_000;
const maxTimeoutMs = 300_000;

export type Served<A extends Api> = { readonly kind: 'answered'; readonly answer: ResponseInput<A> } | { readonly kind: Failure };

export interface DeskOptions {
  readonly controller: ControllerDriver;
  /** Null unless this node leads the quorum. */
  readonly describeQuorum: () => ResponseInput<typeof describeQuorumApi> | null;
  readonly voters: VoterDesk;
}

export class ControllerDesk {
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  get isActive(): boolean {
    return this.#options.controller.isActive;
  }

  /** `limitMs` is how long the asker will listen, whatever the request itself allows. */
  async serve<A extends Api>(api: A, request: RequestOf<A>, limitMs = maxTimeoutMs): Promise<Served<A>> {
    if (api.key === describeQuorumApi.key) return this.#describeQuorum();
    if (isVoterApi(api)) return this.#serveVoters(api, request, limitMs);
    const entry = findControllerRequest(api);
    if (entry === undefined) return { kind: 'not-controller' };
    const asked = entry.timeoutMs?.(request) ?? defaultTimeoutMs;
    return this.#options.controller.submit((view) => entry.decide(view, request), Math.min(Math.max(asked, 0), limitMs, maxTimeoutMs));
  }

  /** The same, with failures put into the response's own shape: for the controller's listener. */
  async answer<A extends Api>(api: A, request: RequestOf<A>): Promise<ResponseInput<A>> {
    const served = await this.serve(api, request);
    return served.kind === 'answered' ? served.answer : refuseRequest(api, request, failureCodes[served.kind]);
  }

  async #serveVoters<A extends Api>(api: A, request: RequestOf<A>, limitMs: number): Promise<Served<A>> {
    const answer = await this.#options.voters.serve(api, request, limitMs);
    return answer === null ? { kind: 'not-controller' } : { kind: 'answered', answer };
  }

  #describeQuorum<A extends Api>(): Served<A> {
    const answer = this.#options.describeQuorum();
    return answer === null ? { kind: 'not-controller' } : { kind: 'answered', answer: answer as ResponseInput<A> };
  }

  /** Opens a forwarded request, serves it, and seals the answer. */
  async openEnvelope({ requestData }: EnvelopeRequest): Promise<ResponseInput<typeof envelopeApi>> {
    try {
      const start = peekRequest(requestData);
      const api = [...controllerApis, ...voterApis, describeQuorumApi as Api].find((candidate) => candidate.key === start?.apiKey);
      if (start === undefined || api === undefined || !includesVersion(api.versions, start.apiVersion))
        return { errorCode: errorCodes.UNSUPPORTED_VERSION };
      const header = decodeRequestHeader(api, requestData);
      const served = await this.serve(api, decodeRequest(api, header.apiVersion, requestData, header.bodyAt));
      if (served.kind !== 'answered') return { errorCode: failureCodes[served.kind] };
      const head = encodeResponseHeader(api, header.apiVersion, header.correlationId);
      return { errorCode: 0, responseData: [head, ...encodeResponse(api, header.apiVersion, served.answer)] };
    } catch (error) {
      if (error instanceof DecodeError) return { errorCode: errorCodes.INVALID_REQUEST };
      throw error;
    }
  }
}

function isVoterApi(api: Api): boolean {
  return voterApis.some(({ key }) => key === api.key);
}

/** The answer of an API when nothing of it could be done. */
export function refuseRequest<A extends Api>(api: A, request: RequestOf<A>, errorCode: number): ResponseInput<A> {
  if (api.key === describeQuorumApi.key) return { errorCode, errorMessage: null, topics: [], nodes: [] } as unknown as ResponseInput<A>;
  if (isVoterApi(api)) return { errorCode, errorMessage: null } as unknown as ResponseInput<A>;
  const entry = findControllerRequest(api);
  // Only the table's own keys come here: handlers are written for them one by one.
  return entry === undefined ? ({ errorCode } as unknown as ResponseInput<A>) : entry.refuse(request, errorCode);
}
