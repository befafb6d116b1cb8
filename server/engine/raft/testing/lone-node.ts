// One state machine under test and nobody else: time moves when told, peers say what the test lets them say. What the node
// must have made durable is told apart from what it has let out, because that order is the promise most tests are about.

import { assert } from '#engine/base/assert.ts';
import type { EpochStart } from '#engine/base/epoch-starts.ts';
import { EpochHistory } from '../epoch-history.ts';
import type { RaftBatch, RaftEffect, RaftInput, RaftReply, RaftRequest, SnapshotId, UndeliveredCause } from '../messages.ts';
import { createQuorum, nextTickMs, step } from '../step.ts';
import type { PersistedVote, Quorum, RaftConfig } from '../types.ts';
import { noDirectory, staticVoters, VoterHistory, type VoterChange, type VoterSet } from '../voter-set.ts';

export const testTimes = {
  electionTimeoutMs: 1_000,
  electionBackoffMaxMs: 500,
  fetchTimeoutMs: 800,
  requestTimeoutMs: 400,
  retryBackoffMs: 20,
  fetchMaxWaitMs: 200,
} as const;

interface FetchPosition {
  readonly offset: number;
  readonly epoch: number;
  readonly highWatermark?: number;
  readonly directoryId?: string;
}

export interface LoneNodeOptions {
  readonly nodeId?: number;
  readonly voters?: readonly number[];
  readonly vote?: PersistedVote;
  readonly epochs?: readonly EpochStart[];
  readonly startOffset?: number;
  readonly endOffset?: number;
  readonly snapshot?: SnapshotId;
  readonly directoryId?: string;
  /** What a snapshot or the configuration says, in the place of `voters`. */
  readonly voterSet?: VoterSet;
  readonly voterChanges?: readonly VoterChange[];
  readonly upgradesVoters?: boolean;
}

export class LoneNode {
  readonly quorum: Quorum;
  nowMs = 0;
  #requestId = 0;
  readonly #tickets = new Map<number, number>();

  constructor(options: LoneNodeOptions = {}) {
    const { nodeId = 1, voters = [1, 2, 3], vote = { epoch: 0, leaderId: null, votedId: null } } = options;
    const { directoryId = noDirectory, upgradesVoters = false } = options;
    const config: RaftConfig = { nodeId, directoryId, upgradesVoters, ...testTimes, seed: 7 };
    this.quorum = createQuorum(config, vote, {
      startOffset: options.startOffset ?? 0,
      endOffset: options.endOffset ?? 0,
      history: EpochHistory.of(options.epochs ?? []),
      snapshot: options.snapshot ?? null,
      voters: new VoterHistory(options.voterSet ?? staticVoters(voters), options.voterChanges),
    });
  }

  get role(): string {
    return this.quorum.role.kind;
  }

  start(): this {
    this.give({ kind: 'start' });
    return this;
  }

  give(input: RaftInput): readonly RaftEffect[] {
    const effects = step(this.quorum, this.nowMs, input);
    for (const effect of effects) if (effect.kind === 'send') this.#tickets.set(effect.to, effect.ticket);
    return effects;
  }

  /** The answer to the last request sent there. */
  reply(from: number, reply: RaftReply): readonly RaftEffect[] {
    return this.give({ kind: 'reply', from, ticket: this.ticketOf(from), reply });
  }

  undelivered(to: number, request: RaftRequest['kind'], cause: UndeliveredCause = 'silent'): readonly RaftEffect[] {
    return this.give({ kind: 'undelivered', to, ticket: this.ticketOf(to), request, cause });
  }

  ticketOf(to: number): number {
    return this.#tickets.get(to) ?? 0;
  }

  /** Lets `ms` pass without a tick. */
  wait(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  /** Moves to the next moment at which the node has something to do. */
  tick(): readonly RaftEffect[] {
    const next = nextTickMs(this.quorum);
    assert(Number.isFinite(next), 'the node waits for nothing');
    this.nowMs = Math.max(this.nowMs, next);
    return this.give({ kind: 'tick' });
  }

  /** Everything this request brings about. */
  hear(request: RaftRequest): readonly RaftEffect[] {
    return this.give({ kind: 'request', requestId: ++this.#requestId, request });
  }

  /** The answer to a request that is answered at once. */
  ask(request: RaftRequest): RaftReply {
    const reply = repliesIn(this.hear(request)).at(-1);
    assert(reply !== undefined, `no answer to ${request.kind}`);
    return reply;
  }

  fetch(replicaId: number, position: FetchPosition): RaftEffect[] {
    const { offset: fetchOffset, epoch: lastFetchedEpoch, highWatermark = this.quorum.highWatermark } = position;
    const { epoch } = this.quorum;
    const replicaDirectoryId = position.directoryId ?? noDirectory;
    return [
      ...this.hear({ kind: 'fetch', epoch, replicaId, replicaDirectoryId, fetchOffset, lastFetchedEpoch, highWatermark, maxWaitMs: 100 }),
    ];
  }

  append(recordCount = 1): readonly RaftEffect[] {
    return this.give({ kind: 'append', epoch: this.quorum.epoch, recordCount, bytes: new Uint8Array(0) });
  }

  vote(from: number, isGranted: boolean): readonly RaftEffect[] {
    const { epoch, role } = this.quorum;
    const isPreVote = role.kind === 'prospective';
    return this.reply(from, { kind: 'vote', error: 'none', epoch, leaderId: null, isGranted, isPreVote });
  }

  /** Through both ballots with the help of node 2. */
  elect(): readonly RaftEffect[] {
    while (this.role !== 'prospective') this.tick();
    this.vote(2, true);
    return this.vote(2, true);
  }

  /** A leader whose epoch is committed. */
  reign(): this {
    this.elect();
    this.fetch(2, { offset: this.quorum.log.endOffset, epoch: this.quorum.epoch });
    return this;
  }

  follow(leaderId: number, epoch: number): readonly RaftEffect[] {
    return this.hear({ kind: 'begin-epoch', epoch, leaderId });
  }

  /** The leader's answer to the fetch under way. */
  receive(content: Extract<RaftReply, { kind: 'fetch' }>['content'], highWatermark = -1): readonly RaftEffect[] {
    const { epoch, role } = this.quorum;
    assert(role.kind === 'follower' || role.kind === 'observer', 'only replicas fetch');
    assert(role.leaderId !== null, 'a leader answers');
    const from = role.leaderId;
    return this.reply(from, { kind: 'fetch', error: 'none', epoch, leaderId: from, highWatermark, content });
  }
}

export function repliesIn(effects: readonly RaftEffect[]): readonly RaftReply[] {
  return effects.flatMap((effect) => (effect.kind === 'reply' ? [effect.reply] : []));
}

export function sendsIn(effects: readonly RaftEffect[]): readonly { readonly to: number; readonly request: RaftRequest }[] {
  return effects.flatMap((effect) => (effect.kind === 'send' ? [{ to: effect.to, request: effect.request }] : []));
}

/** Kinds in order; what matters most is what comes before what. */
export function kindsOf(effects: readonly RaftEffect[]): readonly string[] {
  return effects.map((effect) => effect.kind);
}

export function batch(baseOffset: number, epoch: number, count = 1): RaftBatch {
  return { baseOffset, lastOffset: baseOffset + count - 1, epoch, bytes: new Uint8Array(0) };
}

/** A candidate whose log is longer than any of these tests makes. */
export function voteRequest(
  candidateId: number,
  epoch: number,
  { isPreVote = false, lastEpoch = 1_000, lastOffset = 1_000_000, candidateDirectoryId = noDirectory, voterDirectoryId = noDirectory } = {},
): Extract<RaftRequest, { kind: 'vote' }> {
  return { kind: 'vote', epoch, candidateId, candidateDirectoryId, voterDirectoryId, lastEpoch, lastOffset, isPreVote };
}
