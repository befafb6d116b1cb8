// Serves what peers and tools ask of the quorum, on the controller's listener.

import { fetchApi } from '#engine/protocol/apis/01-fetch.ts';
import { voteApi } from '#engine/protocol/apis/52-vote.ts';
import { beginQuorumEpochApi } from '#engine/protocol/apis/53-begin-quorum-epoch.ts';
import { endQuorumEpochApi } from '#engine/protocol/apis/54-end-quorum-epoch.ts';
import { fetchSnapshotApi } from '#engine/protocol/apis/59-fetch-snapshot.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { Api, RequestOf, ResponseInput } from '#engine/protocol/schema.ts';
import type { FetchRequest } from '#engine/raft/messages.ts';
import { votersOf } from '#engine/raft/turn.ts';
import type { RequestContext } from '../context.ts';
import type { Voter } from '../config.ts';
import type { QuorumPort } from '../coordination-ports.ts';
import type { QuorumDriver, QuorumAnswer } from './quorum.ts';
import {
  fromBeginEpoch,
  fromEndEpoch,
  fromFetch,
  fromFetchSnapshot,
  fromVote,
  toEpochResponse,
  toFetchResponse,
  toFetchSnapshotResponse,
  toVoteResponse,
  type Asked,
} from './quorum-requests.ts';
import type { VoterAddresses } from './voter-addresses.ts';

export interface QuorumDeskOptions {
  readonly driver: QuorumDriver;
  readonly addresses: VoterAddresses;
  /** Where the metadata log begins. */
  readonly startOffset: () => number;
  /** A replica fetched: it has read everything below the high watermark that it names. */
  readonly onReplicaOffset: (replicaId: number, lastOffset: number) => void;
  /** A replica's connection broke while its fetch waited here. */
  readonly onReplicaLost: (replicaId: number) => void;
}

/** How one API's request becomes the state machine's, and its answer a response. */
interface Exchange {
  readonly from: (request: never) => Asked | null;
  readonly to: (answer: QuorumAnswer) => object;
}

export class QuorumDesk implements QuorumPort {
  readonly #options: QuorumDeskOptions;
  readonly #exchanges: ReadonlyMap<number, Exchange>;

  constructor(options: QuorumDeskOptions) {
    this.#options = options;
    this.#exchanges = new Map<number, Exchange>([
      [fetchApi.key, { from: fromFetch, to: (answer) => toFetchResponse(answer, options.startOffset()) }],
      [voteApi.key, { from: fromVote, to: toVoteResponse }],
      [beginQuorumEpochApi.key, { from: fromBeginEpoch, to: toEpochResponse }],
      [endQuorumEpochApi.key, { from: fromEndEpoch, to: toEpochResponse }],
      [fetchSnapshotApi.key, { from: fromFetchSnapshot, to: toFetchSnapshotResponse }],
    ]);
  }

  async handle<A extends Api>(api: A, request: RequestOf<A>, from: RequestContext): Promise<ResponseInput<A>> {
    const exchange = this.#exchanges.get(api.key);
    const asked = exchange?.from(request as never) ?? null;
    if (exchange === undefined || asked === null) return refuse<A>(errorCodes.INVALID_REQUEST);
    if (asked.request.kind === 'fetch') this.#noteReplica(asked.request, from);
    const answer = await this.#options.driver.ask(asked.request, asked.maxBytes);
    if (answer === null) return refuse<A>(errorCodes.BROKER_NOT_AVAILABLE);
    return { ...exchange.to(answer), nodeEndpoints: this.#leaderAddress(answer.reply.leaderId) } as unknown as ResponseInput<A>;
  }

  /** Where the leader listens, for whoever doesn't know: the voters it was started with may all have gone. */
  #leaderAddress(leaderId: number | null): readonly Voter[] {
    const leader = leaderId === null ? null : this.#options.addresses.find(leaderId);
    return leader === null ? [] : [leader];
  }

  voters(): readonly Voter[] {
    return this.#options.addresses.voters();
  }

  kraftVersion(): number {
    return votersOf(this.#options.driver.quorum).kraftVersion;
  }

  #noteReplica({ replicaId, fetchOffset, highWatermark }: FetchRequest, from: RequestContext): void {
    const { driver, onReplicaOffset, onReplicaLost } = this.#options;
    if (!driver.isLeader) return;
    onReplicaOffset(replicaId, Math.min(fetchOffset, highWatermark) - 1);
    from.onDisconnect(() => {
      onReplicaLost(replicaId);
    });
  }
}

/** In the shape of each of the quorum's answers. */
function refuse<A extends Api>(errorCode: number): ResponseInput<A> {
  return { errorCode, topics: [], responses: [] } as unknown as ResponseInput<A>;
}
