// A group member as client libraries write it: joins, computes assignments when it leads, syncs, heartbeats, reads on
// from the committed offset and commits what it has read. It moves only when polled, so a test can let it stop, go
// silent, or meet a coordinator that died meanwhile, between any two steps.

import { assert } from '#engine/base/assert.ts';
import { zeroTopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { JoinGroupAnswer, SyncGroupAnswer } from '../group/messages.ts';
import { bytesOf, text, type GroupHarness, type Pending } from './group-harness.ts';

export const topic = 't';

/** What everyone has committed so far, by partition, as the consumers that were told so believe. */
export interface Ledger {
  readonly committed: Map<number, number>;
  /** A commit went through that did not start where the last one ended: a record was committed twice or skipped. */
  readonly violations: string[];
}

export type Assignor = 'range' | 'roundrobin' | 'cooperative';

export interface ConsumerOptions {
  readonly name: string;
  readonly assignor: Assignor;
  readonly groupInstanceId: string | null;
  readonly partitionCount: number;
}

interface Claim {
  readonly owned: readonly number[];
  readonly generation: number;
}

type Phase =
  | { readonly kind: 'outside' }
  | { readonly kind: 'joining'; readonly join: Pending<JoinGroupAnswer>; readonly incarnation: number }
  | { readonly kind: 'syncing'; readonly sync: Pending<SyncGroupAnswer>; readonly incarnation: number }
  | { readonly kind: 'stable' }
  | { readonly kind: 'stopped' };

export class SimulatedConsumer {
  readonly options: ConsumerOptions;
  readonly #groups: GroupHarness;
  readonly #ledger: Ledger;
  #phase: Phase = { kind: 'outside' };
  memberId = '';
  generation = -1;
  owned: readonly number[] = [];
  readonly #positions = new Map<number, number>();

  constructor(options: ConsumerOptions, groups: GroupHarness, ledger: Ledger) {
    this.options = options;
    this.#groups = groups;
    this.#ledger = ledger;
  }

  get isStable(): boolean {
    return this.#phase.kind === 'stable';
  }
  get isStopped(): boolean {
    return this.#phase.kind === 'stopped';
  }

  /** Does the next thing a client library would do. */
  poll(): void {
    switch (this.#phase.kind) {
      case 'outside':
        return this.#join();
      case 'joining':
        return this.#onJoin(this.#phase);
      case 'syncing':
        return this.#onSync(this.#phase);
      case 'stable':
        return this.#heartbeat();
      case 'stopped':
        return undefined;
    }
  }

  /** Reads `count` records of every partition it owns and commits them, whatever it is waiting for. */
  consume(count: number): void {
    for (const partition of this.owned) this.#commit(partition, count);
  }

  /** Commits and leaves, as close() does. */
  leave(): void {
    if (this.memberId !== '') this.#groups.leave([{ memberId: this.memberId, groupInstanceId: this.options.groupInstanceId }]);
    this.kill();
  }

  /** The process is gone without a word. */
  kill(): void {
    this.owned = [];
    this.#phase = { kind: 'stopped' };
  }

  /** The answer to what it waits for is lost; it asks again. */
  loseAnswer(): void {
    if (this.#phase.kind === 'joining' || this.#phase.kind === 'syncing') this.#phase = { kind: 'outside' };
  }

  #join(): void {
    if (this.options.assignor !== 'cooperative') this.#own([]);
    const claim: Claim = { owned: this.owned, generation: this.generation };
    const join = this.#groups.join(this.memberId, {
      groupInstanceId: this.options.groupInstanceId,
      requiresKnownMemberId: true,
      canSkipAssignment: true,
      client: { clientId: this.options.name, clientHost: '/h' },
      rebalanceTimeoutMs: 8_000,
      // Static members are given long sessions, so that a restart goes unnoticed.
      sessionTimeoutMs: this.options.groupInstanceId === null ? 10_000 : 40_000,
      protocols: [{ name: this.options.assignor, metadata: bytesOf(JSON.stringify(claim)) }],
    });
    this.#phase = { kind: 'joining', join, incarnation: this.#groups.incarnation };
  }

  #onJoin({ join, incarnation }: Phase & { kind: 'joining' }): void {
    if (incarnation !== this.#groups.incarnation) return this.#goOutside();
    if (!join.isAnswered) return;
    const { answer } = join;
    if (answer.errorCode === errorCodes.MEMBER_ID_REQUIRED) this.memberId = answer.memberId;
    if (answer.errorCode !== errorCodes.NONE) return this.#onError(answer.errorCode);
    this.memberId = answer.memberId;
    this.generation = answer.generationId;
    const leads = answer.leader === answer.memberId && !answer.skipAssignment;
    const sync = this.#groups.sync(this.memberId, this.generation, {
      groupInstanceId: this.options.groupInstanceId,
      assignments: leads ? assign(answer, this.options) : {},
    });
    this.#phase = { kind: 'syncing', sync, incarnation };
  }

  #onSync({ sync, incarnation }: Phase & { kind: 'syncing' }): void {
    if (incarnation !== this.#groups.incarnation) return this.#goOutside();
    if (!sync.isAnswered) return;
    if (sync.answer.errorCode !== errorCodes.NONE) return this.#onError(sync.answer.errorCode);
    const assigned = JSON.parse(text(sync.answer.assignment) || '[]') as number[];
    const hasRevoked = this.owned.some((partition) => !assigned.includes(partition));
    this.#own(assigned);
    // A cooperative member that gave something up joins again at once, so that others can take it.
    this.#phase = this.options.assignor === 'cooperative' && hasRevoked ? { kind: 'outside' } : { kind: 'stable' };
  }

  #heartbeat(): void {
    const errorCode = this.#groups.heartbeat(this.memberId, this.generation, { groupInstanceId: this.options.groupInstanceId });
    if (errorCode !== errorCodes.NONE) this.#onError(errorCode);
  }

  #onError(errorCode: number): void {
    const hasLostMembership = errorCode === errorCodes.UNKNOWN_MEMBER_ID || errorCode === errorCodes.ILLEGAL_GENERATION;
    if (hasLostMembership) this.#own([]);
    if (errorCode === errorCodes.UNKNOWN_MEMBER_ID) this.memberId = '';
    if (errorCode === errorCodes.FENCED_INSTANCE_ID) return this.kill();
    this.#goOutside();
  }

  #goOutside(): void {
    this.#phase = { kind: 'outside' };
  }

  /** Reads on where the group has come to in partitions that are new to it. */
  #own(partitions: readonly number[]): void {
    for (const partition of partitions) {
      if (this.owned.includes(partition)) continue;
      const committed = this.#groups.committed('g', [{ topic, topicId: zeroTopicId, partition }])[`${topic}-${partition}`];
      assert(committed !== undefined, 'every partition that is asked for is answered');
      this.#positions.set(partition, Math.max(committed, 0));
    }
    this.owned = partitions;
  }

  #commit(partition: number, count: number): void {
    const start = this.#positions.get(partition) ?? 0;
    const [errorCode] = this.#groups.commit(start + count, {
      topic,
      partition,
      memberId: this.memberId,
      generationId: this.generation,
      groupInstanceId: this.options.groupInstanceId,
    });
    if (errorCode !== errorCodes.NONE) return;
    const last = this.#ledger.committed.get(partition) ?? 0;
    if (start !== last) this.#ledger.violations.push(`${this.options.name} committed ${partition} from ${start}, the group was at ${last}`);
    this.#ledger.committed.set(partition, start + count);
    this.#positions.set(partition, start + count);
  }
}

/** What a leader hands in: the share of every member of the answer. */
function assign(answer: JoinGroupAnswer, { assignor, partitionCount }: ConsumerOptions): Record<string, string> {
  const members = [...answer.members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const target = (partition: number): number =>
    assignor === 'range' ? Math.floor((partition * members.length) / partitionCount) : partition % members.length;
  const claims = members.map((member) => JSON.parse(text(member.metadata)) as Claim);
  const shares = members.map((): number[] => []);
  for (let partition = 0; partition < partitionCount; partition += 1) {
    const taker = target(partition);
    const holder = assignor === 'cooperative' ? holderOf(partition, claims) : -1;
    if (holder === -1 || holder === taker) shares[taker]!.push(partition);
  }
  return Object.fromEntries(members.map((member, index) => [member.memberId, JSON.stringify(shares[index])]));
}

/** The claimant of the newest generation; claims of older ones are those of members that were away. */
function holderOf(partition: number, claims: readonly Claim[]): number {
  let holder = -1;
  claims.forEach((claim, index) => {
    if (claim.owned.includes(partition) && (holder === -1 || claim.generation > claims[holder]!.generation)) holder = index;
  });
  return holder;
}
