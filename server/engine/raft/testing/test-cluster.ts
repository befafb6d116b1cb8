// A cluster of state machines in one process for tests: an in-memory disk and network around each node, moved step by step
// from one seed. It carries out effects exactly as the README's contract says a driver must.

import { assert } from '#engine/base/assert.ts';
import { EpochHistory } from '../epoch-history.ts';
import type { RaftBatch, RaftEffect, RaftInput, RaftReply, RaftRequest } from '../messages.ts';
import { createQuorum, nextTickMs, step } from '../step.ts';
import type { PersistedVote, Quorum, RaftConfig } from '../types.ts';
import { describe } from './describe-effect.ts';

export interface StoredBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly epoch: number;
  readonly text: string;
}

/** What survives a crash: the vote at once, batches only once flushed. */
export interface Disk {
  vote: PersistedVote;
  batches: StoredBatch[];
  durableEnd: number;
}

export interface Envelope {
  readonly from: number;
  readonly to: number;
  readonly atMs: number;
  readonly body: { readonly request: RaftRequest } | { readonly reply: RaftReply } | { readonly lost: RaftRequest['kind'] };
}

/** Known mistakes, planted around the state machine to see whether the invariants notice them. */
export type Sabotage = 'forgets-vote' | 'cuts-to-high-watermark' | 'counts-foreign-votes' | 'counts-foreign-acks';

export class TestNode {
  readonly id: number;
  readonly disk: Disk;
  readonly config: RaftConfig;
  quorum: Quorum;
  isUp = false;
  /** Committed texts, as a state machine would have seen them. */
  committed = 0;
  readonly askers = new Map<number, number>();
  nextRequestId = 1;

  constructor(config: RaftConfig) {
    this.id = config.nodeId;
    this.config = config;
    this.disk = { vote: { epoch: 0, leaderId: null, votedId: null }, batches: [], durableEnd: 0 };
    this.quorum = this.#recover();
  }

  #recover(): Quorum {
    const { vote, batches } = this.disk;
    const history = new EpochHistory();
    for (const batch of batches) history.note(batch.epoch, batch.baseOffset);
    const endOffset = (batches.at(-1)?.lastOffset ?? -1) + 1;
    return createQuorum(this.config, vote, { startOffset: 0, endOffset, history, snapshot: null });
  }

  /** A crash loses everything that wasn't flushed. */
  crash(): void {
    this.isUp = false;
    this.disk.batches = this.disk.batches.filter((batch) => batch.lastOffset < this.disk.durableEnd);
    this.askers.clear();
  }

  boot(sabotage?: Sabotage): void {
    this.isUp = true;
    if (sabotage === 'forgets-vote') this.disk.vote = { ...this.disk.vote, leaderId: null, votedId: null };
    if (sabotage === 'cuts-to-high-watermark') this.disk.batches = this.disk.batches.filter((batch) => batch.lastOffset < this.committed);
    this.disk.durableEnd = Math.min(this.disk.durableEnd, this.endOffset);
    this.quorum = this.#recover();
  }

  get endOffset(): number {
    return (this.disk.batches.at(-1)?.lastOffset ?? -1) + 1;
  }
}

export interface ClusterOptions {
  readonly voters: readonly number[];
  readonly observers?: readonly number[];
  readonly seed: number;
  readonly sabotage?: Sabotage;
}

const encode = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const decode = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

export class TestCluster {
  readonly nodes = new Map<number, TestNode>();
  readonly transcript: string[] = [];
  readonly #sabotage: Sabotage | undefined;
  readonly #queue: Envelope[] = [];
  /** Node pairs between which nothing passes, as "from>to". */
  readonly cuts = new Set<string>();
  nowMs = 0;
  /** Milliseconds a message takes; answers null for a lost one. */
  latency: () => number | null = () => 1;
  onEffect: (node: TestNode, effect: RaftEffect) => void = () => {};

  constructor(options: ClusterOptions) {
    this.#sabotage = options.sabotage;
    for (const nodeId of [...options.voters, ...(options.observers ?? [])]) {
      this.nodes.set(
        nodeId,
        new TestNode({
          nodeId,
          voters: options.voters,
          electionTimeoutMs: 1_000,
          electionBackoffMaxMs: 500,
          fetchTimeoutMs: 800,
          requestTimeoutMs: 400,
          retryBackoffMs: 20,
          fetchMaxWaitMs: 200,
          seed: options.seed * 31 + nodeId,
        }),
      );
    }
  }

  node(id: number): TestNode {
    const node = this.nodes.get(id);
    assert(node !== undefined, `there is no node ${id}`);
    return node;
  }

  start(id: number): void {
    this.node(id).boot(this.#sabotage);
    this.give(id, { kind: 'start' });
  }

  give(id: number, input: RaftInput): void {
    const node = this.node(id);
    if (!node.isUp) return;
    for (const effect of step(node.quorum, this.nowMs, input)) this.#perform(node, effect);
  }

  /** Appends on a leader; the text stands for a batch of one record. */
  append(id: number, text: string): void {
    this.give(id, { kind: 'append', epoch: this.node(id).quorum.epoch, recordCount: 1, bytes: encode(text) });
  }

  leaders(): readonly TestNode[] {
    return [...this.nodes.values()].filter((node) => node.isUp && node.quorum.role.kind === 'leader');
  }

  texts(id: number): readonly string[] {
    return this.node(id).disk.batches.map((batch) => batch.text);
  }

  /** Lets time pass, delivering and ticking in order, until `until` is true or `ms` are over. */
  run(ms: number, until: () => boolean = () => false): void {
    const endMs = this.nowMs + ms;
    while (!until()) {
      const next = Math.min(
        this.#nextDelivery(),
        ...[...this.nodes.values()].filter((node) => node.isUp).map((node) => nextTickMs(node.quorum)),
      );
      if (next > endMs) break;
      this.nowMs = Math.max(this.nowMs, next);
      if (!this.#deliverDue()) this.#tickDue();
    }
    if (!until()) this.nowMs = endMs;
  }

  #nextDelivery(): number {
    return this.#queue.reduce((least, envelope) => Math.min(least, envelope.atMs), Infinity);
  }

  #deliverDue(): boolean {
    const at = this.#queue.findIndex((envelope) => envelope.atMs <= this.nowMs);
    const [envelope] = at < 0 ? [] : this.#queue.splice(at, 1);
    if (envelope === undefined) return false;
    this.#deliver(envelope);
    return true;
  }

  #deliver({ from, to, body }: Envelope): void {
    const node = this.node(to);
    if ('lost' in body) return this.give(to, { kind: 'undelivered', to: from, request: body.lost });
    if ('reply' in body) return this.give(to, { kind: 'reply', from, reply: body.reply });
    if (!node.isUp) return this.#post(to, from, { lost: body.request.kind });
    const requestId = node.nextRequestId++;
    node.askers.set(requestId, from);
    this.give(to, { kind: 'request', requestId, request: this.#falsified(body.request, to) });
  }

  /** An observer's fetch that passes for a voter's. */
  #falsified(request: RaftRequest, to: number): RaftRequest {
    if (this.#sabotage !== 'counts-foreign-acks' || request.kind !== 'fetch') return request;
    const { voters } = this.node(to).config;
    return voters.includes(request.replicaId)
      ? request
      : { ...request, replicaId: voters.find((voter) => voter !== to) ?? request.replicaId };
  }

  /** A ballot filled in by somebody who is no voter, and so grants everything, in the name of one. */
  #forge(from: number, to: number, request: RaftRequest): boolean {
    if (this.#sabotage !== 'counts-foreign-votes' || request.kind !== 'vote') return false;
    const { epoch, isPreVote } = request;
    this.#queue.push({
      from: to,
      to: from,
      atMs: this.nowMs + 1,
      body: { reply: { kind: 'vote', error: 'none', epoch, leaderId: null, isGranted: true, isPreVote } },
    });
    return true;
  }

  #tickDue(): void {
    for (const node of this.nodes.values()) if (node.isUp && nextTickMs(node.quorum) <= this.nowMs) this.give(node.id, { kind: 'tick' });
  }

  #post(from: number, to: number, body: Envelope['body']): void {
    if ('request' in body && this.#forge(from, to, body.request)) return;
    const delay = this.latency();
    const isCut = this.cuts.has(`${from}>${to}`);
    if (delay !== null && !isCut) this.#queue.push({ from, to, atMs: this.nowMs + delay, body });
    // A request that vanishes is noticed by its sender's own time-out, except where the other side refuses at once.
    else if ('request' in body) this.#queue.push({ from: to, to: from, atMs: this.nowMs + 400, body: { lost: body.request.kind } });
  }

  #perform(node: TestNode, effect: RaftEffect): void {
    this.transcript.push(`${node.id}: ${describe(effect)}`);
    const { disk } = node;
    switch (effect.kind) {
      case 'save-vote':
        disk.vote = effect.vote;
        break;
      case 'append-leader-change':
        disk.batches.push({ baseOffset: effect.baseOffset, lastOffset: effect.baseOffset, epoch: effect.epoch, text: `leader ${node.id}` });
        break;
      case 'append':
        for (const batch of effect.batches) disk.batches.push(toStored(batch));
        break;
      case 'truncate':
        disk.batches = disk.batches.filter((batch) => batch.lastOffset < effect.endOffset);
        disk.durableEnd = Math.min(disk.durableEnd, effect.endOffset);
        break;
      case 'flush':
        disk.durableEnd = node.endOffset;
        break;
      case 'send':
        this.#post(node.id, effect.to, { request: effect.request });
        break;
      case 'reply':
        this.#reply(node, effect.requestId, effect.reply);
        break;
      case 'commit':
        node.committed = Math.max(node.committed, effect.highWatermark);
        break;
      case 'leader-known':
      case 'append-refused':
      case 'snapshot-piece':
      case 'install-snapshot':
        break;
    }
    this.onEffect(node, effect);
  }

  #reply(node: TestNode, requestId: number, reply: RaftReply): void {
    const to = node.askers.get(requestId);
    if (to === undefined) return;
    node.askers.delete(requestId);
    this.#post(node.id, to, {
      reply:
        reply.kind === 'fetch' && reply.content.kind === 'from'
          ? { ...reply, content: { kind: 'batches', batches: this.#read(node, reply.content.offset) } }
          : reply,
    });
  }

  #read(node: TestNode, offset: number): readonly RaftBatch[] {
    return node.disk.batches
      .filter((batch) => batch.lastOffset >= offset)
      .slice(0, 3)
      .map(({ baseOffset, lastOffset, epoch, text }) => ({ baseOffset, lastOffset, epoch, bytes: encode(text) }));
  }
}

function toStored({ baseOffset, lastOffset, epoch, bytes }: RaftBatch): StoredBatch {
  return { baseOffset, lastOffset, epoch, text: decode(bytes) };
}
