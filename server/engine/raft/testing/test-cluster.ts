// A cluster of state machines in one process for tests: an in-memory network between test nodes, moved step by step from one
// seed. Messages are late, lost, doubled and out of order; what a sender is told of a lost one is what a time-out tells.

import { assert } from '#engine/base/assert.ts';
import type { RaftEffect, RaftInput, RaftReply, RaftRequest, UndeliveredCause, VoterRequest } from '../messages.ts';
import { nextTickMs, step } from '../step.ts';
import { voterIds } from '../turn.ts';
import { staticVoters } from '../voter-set.ts';
import { describe } from './describe-effect.ts';
import { testTimes } from './lone-node.ts';
import { TestNode, type Asker, type Sabotage } from './test-node.ts';

type Body =
  | { readonly request: RaftRequest }
  | { readonly reply: RaftReply; readonly life: number }
  | { readonly lost: RaftRequest['kind']; readonly cause: UndeliveredCause; readonly life: number };

interface Envelope {
  readonly from: number;
  readonly to: number;
  readonly ticket: number;
  readonly atMs: number;
  readonly body: Body;
}

export interface ClusterOptions {
  readonly voters: readonly number[];
  readonly observers?: readonly number[];
  readonly seed: number;
  readonly sabotage?: Sabotage;
  /** The voters move into the log, where they can be changed (KIP-853). */
  readonly upgradesVoters?: boolean;
}

const maxBatches = 3;
const pieceBytes = 64;

export function directoryOf(nodeId: number): string {
  return `disk-of-${nodeId}`;
}

export class TestCluster {
  readonly nodes = new Map<number, TestNode>();
  readonly transcript: string[] = [];
  readonly #sabotage: Sabotage | undefined;
  readonly upgradesVoters: boolean;
  /** How many of the nodes, the first ones, were set up as voters. */
  readonly foundingVoters: number;
  readonly #queue: Envelope[] = [];
  /** Node pairs between which nothing passes, as "from>to". */
  readonly cuts = new Set<string>();
  nowMs = 0;
  #lastChange = 0;
  /** Milliseconds a message takes; answers null for a lost one. */
  latency: () => number | null = () => 1;
  /** Whether a request arrives twice. */
  isDoubled: () => boolean = () => false;
  /** Whether the node dies here, between two effects: every write is the last one once. */
  isStruck: () => boolean = () => false;
  onEffect: (node: TestNode, effect: RaftEffect) => void = () => {};

  constructor({ voters, observers = [], seed, sabotage, upgradesVoters = false }: ClusterOptions) {
    this.#sabotage = sabotage;
    this.upgradesVoters = upgradesVoters;
    this.foundingVoters = voters.length;
    for (const nodeId of [...voters, ...observers]) {
      const config = { nodeId, directoryId: directoryOf(nodeId), upgradesVoters, ...testTimes, seed: seed * 31 + nodeId };
      this.nodes.set(nodeId, new TestNode(config, staticVoters(voters), sabotage));
    }
  }

  node(id: number): TestNode {
    const node = this.nodes.get(id);
    assert(node !== undefined, `there is no node ${id}`);
    return node;
  }

  start(id: number): void {
    this.node(id).boot();
    this.give(id, { kind: 'start' });
  }

  /** SIGKILL: whoever waits for an answer sees its connection break. */
  crash(id: number): void {
    const node = this.node(id);
    for (const { from, ticket, request } of node.askers.values())
      this.#enqueue({ from: id, to: from, ticket, body: this.#lost(from, request, 'broken') }, 1);
    node.crash();
  }

  give(id: number, input: RaftInput): void {
    const node = this.node(id);
    if (!node.isUp) return;
    for (const effect of step(node.quorum, this.nowMs, input)) {
      this.#perform(node, effect);
      if (this.isStruck()) return this.crash(id);
    }
  }

  /** Appends on a leader; the text stands for a batch of one record. */
  append(id: number, text: string): void {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    this.give(id, { kind: 'append', epoch: this.node(id).quorum.epoch, recordCount: 1, bytes });
  }

  /** Asks a node to add or remove a voter; whatever it answers. */
  changeVoters(id: number, request: VoterRequest): void {
    this.#lastChange += 1;
    this.give(id, { kind: 'change-voters', requestId: this.#lastChange, request, deadlineMs: this.nowMs + 1_000 });
  }

  /** Writes a snapshot of everything committed there; the log begins behind it. */
  snapshot(id: number): void {
    const node = this.node(id);
    const snapshotId = node.isUp ? node.takeSnapshot() : null;
    if (snapshotId !== null) this.give(id, { kind: 'snapshot-saved', id: snapshotId, logStartOffset: snapshotId.offset });
  }

  leaders(): readonly TestNode[] {
    return [...this.nodes.values()].filter((node) => node.isUp && node.quorum.role.kind === 'leader');
  }

  texts(id: number): readonly string[] {
    return this.node(id).entries.map(({ text }) => text);
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

  #deliver({ from, to, ticket, body }: Envelope): void {
    const node = this.node(to);
    if ('request' in body) return this.#deliverRequest(node, { from, ticket, request: body.request });
    if (body.life !== node.life) return;
    if ('lost' in body) return this.give(to, { kind: 'undelivered', to: from, ticket, request: body.lost, cause: body.cause });
    this.give(to, { kind: 'reply', from, ticket: this.#believed(node, ticket), reply: body.reply });
  }

  #deliverRequest(node: TestNode, asked: Asker): void {
    const { from, ticket, request } = asked;
    if (!node.isUp) return this.#enqueue({ from: node.id, to: from, ticket, body: this.#lost(from, request, 'refused') }, 1);
    const requestId = node.nextRequestId++;
    node.askers.set(requestId, asked);
    this.give(node.id, { kind: 'request', requestId, request: this.#falsified(request, node) });
  }

  #lost(asker: number, request: RaftRequest, cause: UndeliveredCause): Body {
    return { lost: request.kind, cause, life: this.node(asker).life };
  }

  #tickDue(): void {
    for (const node of this.nodes.values()) if (node.isUp && nextTickMs(node.quorum) <= this.nowMs) this.give(node.id, { kind: 'tick' });
  }

  #perform(node: TestNode, effect: RaftEffect): void {
    this.transcript.push(`${node.id}: ${describe(effect)}`);
    if (!node.perform(effect)) {
      if (effect.kind === 'send') this.#ask(node.id, effect);
      if (effect.kind === 'reply') this.#reply(node, effect.requestId, effect.reply);
    }
    this.onEffect(node, effect);
    if (effect.kind === 'install-snapshot')
      this.give(node.id, { kind: 'snapshot-installed', id: effect.id, voters: node.snapshotVoters() });
  }

  #ask(from: number, { to, ticket, request }: Extract<RaftEffect, { kind: 'send' }>): void {
    if (this.#forge(from, { to, ticket, request })) return;
    const message = { from, to, ticket, body: { request } };
    const delay = this.#delay(from, to);
    // A request that vanishes is noticed by its sender's own time-out, except where the other side refuses at once.
    if (delay === null)
      return this.#enqueue({ from: to, to: from, ticket, body: this.#lost(from, request, 'silent') }, testTimes.requestTimeoutMs);
    this.#enqueue(message, delay);
    if (this.isDoubled()) this.#enqueue(message, delay + (this.#delay(from, to) ?? 0));
  }

  #reply(node: TestNode, requestId: number, reply: RaftReply): void {
    const asker = node.askers.get(requestId);
    if (asker === undefined) return;
    node.askers.delete(requestId);
    const { from: to, ticket } = asker;
    const { life } = this.node(to);
    const delay = this.#delay(node.id, to);
    if (delay === null)
      this.#enqueue({ from: node.id, to, ticket, body: { lost: reply.kind, cause: 'silent', life } }, testTimes.requestTimeoutMs);
    else this.#enqueue({ from: node.id, to, ticket, body: { reply: this.#withBytes(node, reply), life } }, delay);
  }

  #withBytes(node: TestNode, reply: RaftReply): RaftReply {
    if (reply.kind === 'fetch' && reply.content.kind === 'from')
      return { ...reply, content: { kind: 'batches', batches: node.readBatches(reply.content.offset, maxBatches) } };
    if (reply.kind !== 'fetch-snapshot' || reply.error !== 'none') return reply;
    const piece = node.readPiece(reply.id, reply.position, pieceBytes);
    return piece === null ? { ...reply, error: 'snapshot-not-found' } : { ...reply, piece };
  }

  #delay(from: number, to: number): number | null {
    const delay = this.latency();
    return this.cuts.has(`${from}>${to}`) ? null : delay;
  }

  #enqueue(message: Omit<Envelope, 'atMs'>, delayMs: number): void {
    this.#queue.push({ ...message, atMs: this.nowMs + delayMs });
  }

  // -- planted mistakes --------------------------------------------------------------------------------

  /** An observer's fetch that passes for a voter's. */
  #falsified(request: RaftRequest, node: TestNode): RaftRequest {
    if (this.#sabotage !== 'counts-foreign-acks' || request.kind !== 'fetch') return request;
    const voters = voterIds(node.quorum);
    return voters.includes(request.replicaId)
      ? request
      : { ...request, replicaId: voters.find((voter) => voter !== node.id) ?? request.replicaId };
  }

  /** A ballot filled in by an observer, which grants everything, in the name of a voter. */
  #forge(from: number, { to, ticket, request }: { readonly to: number; readonly ticket: number; readonly request: RaftRequest }): boolean {
    if (this.#sabotage !== 'counts-foreign-votes' || request.kind !== 'vote') return false;
    const { epoch, isPreVote } = request;
    const reply: RaftReply = { kind: 'vote', error: 'none', epoch, leaderId: null, isGranted: true, isPreVote };
    this.#enqueue({ from: to, to: from, ticket, body: { reply, life: this.node(from).life } }, 1);
    return true;
  }

  /** An answer to a question that was given up, taken for the answer to the one under way. */
  #believed(node: TestNode, ticket: number): number {
    const { role } = node.quorum;
    if (this.#sabotage !== 'takes-late-answers' || (role.kind !== 'follower' && role.kind !== 'observer')) return ticket;
    return role.fetch.kind === 'waiting' ? ticket : role.fetch.ticket;
  }
}
