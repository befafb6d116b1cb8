// Serves changes of the metadata quorum's voters (keys 80 to 82, KIP-853): from Kafka's requests to the state machine's, and
// its outcome in Kafka's codes. A newcomer that can't be reached would stop every commit, so it is knocked at first.

import { formatHostPort } from '#engine/base/host-port.ts';
import { addRaftVoterApi, type AddRaftVoterRequest } from '#engine/protocol/apis/80-add-raft-voter.ts';
import { removeRaftVoterApi, type RemoveRaftVoterRequest } from '#engine/protocol/apis/81-remove-raft-voter.ts';
import { updateRaftVoterApi, type UpdateRaftVoterRequest } from '#engine/protocol/apis/82-update-raft-voter.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { Api, RequestOf, ResponseInput } from '#engine/protocol/schema.ts';
import type { VoterOutcome, VoterRequest } from '#engine/raft/messages.ts';

/** Kafka's admin clients give up after this by default. */
const defaultTimeoutMs = 30_000;

export const voterApis: readonly Api[] = [addRaftVoterApi as Api, removeRaftVoterApi as Api, updateRaftVoterApi as Api];

export interface VoterDeskOptions {
  readonly clusterId: string;
  readonly changeVoters: (request: VoterRequest, timeoutMs: number) => Promise<VoterOutcome>;
  /** The listener that the quorum uses. */
  readonly listenerName: string;
  /** Whether something that speaks the protocol listens there. */
  readonly isReachable: (endpoint: { readonly host: string; readonly port: number }) => Promise<boolean>;
}

/** null: this node doesn't lead, ask who does. */
export type VoterAnswer = { readonly errorCode: number; readonly errorMessage: string | null } | null;

const refusals: Readonly<Record<Exclude<VoterOutcome, 'done' | 'not-leader'>, readonly [number, string]>> = {
  'fenced-leader-epoch': [errorCodes.FENCED_LEADER_EPOCH, 'The request names another epoch than the present one.'],
  busy: [errorCodes.REQUEST_TIMED_OUT, 'Another change of voters, or the beginning of this epoch, is not committed yet.'],
  lagging: [errorCodes.REQUEST_TIMED_OUT, 'The new voter, with this directory, has not caught up with the metadata log.'],
  'timed-out': [errorCodes.REQUEST_TIMED_OUT, 'The change was appended, and was not committed in time: it may yet be.'],
  'unsupported-version': [errorCodes.UNSUPPORTED_VERSION, 'The voters come from the configuration: kraft.version is 0, and 1 is needed.'],
  'duplicate-voter': [errorCodes.DUPLICATE_VOTER, 'A node of this id is a voter already.'],
  'voter-not-found': [errorCodes.VOTER_NOT_FOUND, 'No voter has this id and this directory.'],
  'last-voter': [errorCodes.INVALID_REQUEST, 'The last voter cannot be removed.'],
};

export class VoterDesk {
  readonly #options: VoterDeskOptions;

  constructor(options: VoterDeskOptions) {
    this.#options = options;
  }

  async serve<A extends Api>(api: A, request: RequestOf<A>, limitMs: number): Promise<ResponseInput<A> | null> {
    return (await this.#answer(api, request, limitMs)) as ResponseInput<A> | null;
  }

  #answer(api: Api, request: unknown, limitMs: number): Promise<VoterAnswer> {
    switch (api.key) {
      case addRaftVoterApi.key:
        return this.#add(request as AddRaftVoterRequest, limitMs);
      case removeRaftVoterApi.key:
        return this.#remove(request as RemoveRaftVoterRequest, limitMs);
      default:
        return this.#update(request as UpdateRaftVoterRequest, limitMs);
    }
  }

  async #add(request: AddRaftVoterRequest, limitMs: number): Promise<VoterAnswer> {
    const { voterId: nodeId, voterDirectoryId: directoryId, listeners: endpoints, ackWhenCommitted } = request;
    const refusal = this.#refuse(request.clusterId, nodeId);
    if (refusal !== null) return refusal;
    const endpoint = endpoints.find(({ name }) => name === this.#options.listenerName) ?? endpoints[0];
    if (endpoint === undefined) return invalid('The new voter names no listener.');
    if (!(await this.#options.isReachable(endpoint)))
      return { errorCode: errorCodes.REQUEST_TIMED_OUT, errorMessage: `Nothing answers at ${formatHostPort(endpoint)}.` };
    const wish: VoterRequest = { kind: 'add', voter: { nodeId, directoryId, endpoints }, isAnsweredAtOnce: !ackWhenCommitted };
    return this.#change(wish, Math.min(limitMs, Math.max(0, request.timeoutMs)));
  }

  async #remove(request: RemoveRaftVoterRequest, limitMs: number): Promise<VoterAnswer> {
    const { voterId: nodeId, voterDirectoryId: directoryId } = request;
    return this.#refuse(request.clusterId, nodeId) ?? this.#change({ kind: 'remove', nodeId, directoryId }, limitMs);
  }

  async #update(request: UpdateRaftVoterRequest, limitMs: number): Promise<VoterAnswer> {
    const { voterId: nodeId, voterDirectoryId: directoryId, listeners: endpoints, currentLeaderEpoch: epoch } = request;
    const wish: VoterRequest = { kind: 'update', voter: { nodeId, directoryId, endpoints }, epoch };
    return this.#refuse(request.clusterId, nodeId) ?? this.#change(wish, limitMs);
  }

  #refuse(clusterId: string | null, nodeId: number): VoterAnswer {
    if (clusterId !== null && clusterId !== this.#options.clusterId)
      return { errorCode: errorCodes.INCONSISTENT_CLUSTER_ID, errorMessage: `This is cluster ${this.#options.clusterId}.` };
    return nodeId < 0 ? invalid(`${nodeId} is no node id.`) : null;
  }

  async #change(wish: VoterRequest, timeoutMs: number): Promise<VoterAnswer> {
    const outcome = await this.#options.changeVoters(wish, Math.min(timeoutMs, defaultTimeoutMs));
    if (outcome === 'not-leader') return null;
    if (outcome === 'done') return { errorCode: errorCodes.NONE, errorMessage: null };
    const [errorCode, errorMessage] = refusals[outcome];
    return { errorCode, errorMessage };
  }
}

function invalid(errorMessage: string): VoterAnswer {
  return { errorCode: errorCodes.INVALID_REQUEST, errorMessage };
}
