// Drives a group shard in tests: a clock that only moves when told, timers in order of their time, a log in
// memory that can be cut anywhere and replayed. Tests see answers and records, as clients and disks would.

import { assert } from '#engine/base/assert.ts';
import { zeroTopicId } from '#engine/base/brand.ts';
import type { Fact } from '#engine/trace/events.ts';
import { GroupShard } from '../group/group-shard.ts';
import type {
  CommitOffsetsInput,
  FetchOffsetsInput,
  GroupAnswer,
  GroupAnswerOf,
  GroupInput,
  GroupRequest,
  HeartbeatInput,
  JoinGroupInput,
  LeavingMember,
  SyncGroupInput,
} from '../group/messages.ts';
import type { GroupRecord } from '../group/records.ts';
import { defaultGroupSettings, type GroupSettings } from '../group/settings.ts';
import { decide, load, revert, type Effect } from '../shard.ts';

/** An answer that may still be parked. */
export interface Pending<Answer> {
  readonly token: number;
  readonly isAnswered: boolean;
  /** Fails the test when nothing has been answered. */
  readonly answer: Answer;
}

type RequestOfKind<Kind> = { readonly kind: Kind } & Omit<Extract<GroupRequest, { readonly kind: Kind }>, 'token' | 'kind'>;

export const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
export const bytesOf = (value: string): Uint8Array => Uint8Array.from(value, (char) => char.charCodeAt(0));

export class GroupHarness {
  readonly settings: GroupSettings;
  log: GroupRecord[] = [];
  facts: Fact[] = [];
  nowMs = 1_000_000;
  /** Counts the coordinators so far: answers owed by an earlier one never come. */
  incarnation = 1;
  /** Whether the log takes what is written: not before it is replayed, or only once memory has changed (a full disk). */
  writes: 'taken' | 'refused-before-replay' | 'refused-after-replay' = 'taken';
  /** Requests whose answer was dropped, as the log refused what they stood for. */
  readonly refusedTokens = new Set<number>();
  readonly #answers = new Map<number, GroupAnswer>();
  readonly #timers = new Map<string, { readonly atMs: number; readonly order: number; readonly input: GroupInput }>();
  #shard: GroupShard;
  #nextToken = 1;
  #nextUuid = 1;
  #timerOrder = 0;

  constructor(settings: Partial<GroupSettings> = {}) {
    this.settings = { ...defaultGroupSettings, initialRebalanceDelayMs: 0, ...settings };
    this.#shard = new GroupShard(this.settings);
    this.#carryOut(load(this.#shard, [], this.#context()).effects);
  }

  submit<Kind extends GroupRequest['kind']>(request: RequestOfKind<Kind>): Pending<GroupAnswerOf<Kind>> {
    const token = this.#nextToken++;
    this.#step({ ...request, token } as unknown as GroupRequest);
    const answers = this.#answers;
    return {
      token,
      get isAnswered() {
        return answers.has(token);
      },
      get answer() {
        const answer = answers.get(token);
        assert(answer !== undefined && answer.kind === request.kind, `the ${request.kind} is still parked`);
        return answer as GroupAnswerOf<Kind>;
      },
    };
  }

  join(memberId: string, more: Partial<JoinGroupInput> = {}): Pending<GroupAnswerOf<'join-group'>> {
    return this.submit({
      kind: 'join-group',
      groupId: 'g',
      memberId,
      groupInstanceId: null,
      client: { clientId: 'c', clientHost: '/127.0.0.1' },
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 60_000,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: bytesOf('') }],
      reason: '',
      requiresKnownMemberId: false,
      canSkipAssignment: false,
      ...more,
    });
  }

  sync(
    memberId: string,
    generationId: number,
    more: Partial<Omit<SyncGroupInput, 'assignments'>> & { readonly assignments?: Record<string, string> } = {},
  ): Pending<GroupAnswerOf<'sync-group'>> {
    const assignments = new Map(Object.entries(more.assignments ?? {}).map(([member, value]) => [member, bytesOf(value)]));
    return this.submit({
      kind: 'sync-group',
      groupId: 'g',
      memberId,
      groupInstanceId: null,
      generationId,
      protocolType: null,
      protocolName: null,
      ...more,
      assignments,
    });
  }

  heartbeat(memberId: string, generationId: number, more: Partial<HeartbeatInput> = {}): number {
    return this.submit({ kind: 'heartbeat', groupId: 'g', memberId, groupInstanceId: null, generationId, ...more }).answer.errorCode;
  }

  leave(members: readonly (string | Partial<LeavingMember>)[], groupId = 'g'): readonly number[] {
    const leaving = members.map((member) => ({
      memberId: '',
      groupInstanceId: null,
      reason: '',
      ...(typeof member === 'string' ? { memberId: member } : member),
    }));
    return this.submit({ kind: 'leave-group', groupId, members: leaving }).answer.members.map(({ errorCode }) => errorCode);
  }

  /** Commits partition 0 of topic t unless told otherwise. */
  commit(
    offset: number,
    more: Partial<CommitOffsetsInput> & { readonly topic?: string; readonly partition?: number; readonly metadata?: string } = {},
  ): readonly number[] {
    const { topic = 't', partition = 0, metadata = '', ...rest } = more;
    return this.submit({
      kind: 'commit-offsets',
      groupId: 'g',
      memberId: '',
      groupInstanceId: null,
      generationId: -1,
      retentionMs: null,
      knowsGroupIdNotFound: false,
      offsets: [{ topic, topicId: zeroTopicId, partition, offset, leaderEpoch: -1, metadata }],
      ...rest,
    }).answer.errorCodes;
  }

  /** The offsets of a group as `topic-partition: offset`. */
  committed(groupId = 'g', partitions: FetchOffsetsInput['partitions'] = null): Record<string, number> {
    const { offsets } = this.submit({ kind: 'fetch-offsets', groupId, partitions }).answer;
    return Object.fromEntries(offsets.map(({ topic, partition, committed }) => [`${topic}-${partition}`, committed?.offset ?? -1]));
  }

  describe(groupId = 'g'): GroupAnswerOf<'describe-group'> {
    return this.submit({ kind: 'describe-group', groupId }).answer;
  }

  /** Joins and syncs `count` dynamic members; returns their ids, the leader first, and the generation. */
  formGroup(count: number, more: Partial<JoinGroupInput> = {}): { readonly memberIds: readonly string[]; readonly generationId: number } {
    const joins = Array.from({ length: count }, () => this.join('', more));
    this.advance(this.settings.initialRebalanceDelayMs * 2);
    const memberIds = joins.map((each) => each.answer.memberId);
    const { generationId, leader } = joins[0]!.answer;
    const assignments = Object.fromEntries(memberIds.map((memberId, index) => [memberId, `share ${index}`]));
    for (const memberId of memberIds) this.sync(memberId, generationId, memberId === leader ? { assignments } : {});
    return { memberIds: [leader, ...memberIds.filter((memberId) => memberId !== leader)], generationId };
  }

  feed(input: GroupInput): void {
    this.#step(input);
  }

  /** Lets time pass; timers fire in order, and those they set as well. */
  advance(durationMs: number): void {
    const untilMs = this.nowMs + durationMs;
    for (;;) {
      const next = [...this.#timers]
        .filter(([, timer]) => timer.atMs <= untilMs)
        .toSorted(([, a], [, b]) => a.atMs - b.atMs || a.order - b.order)[0];
      if (next === undefined) break;
      const [key, timer] = next;
      this.#timers.delete(key);
      this.nowMs = Math.max(this.nowMs, timer.atMs);
      this.#step(timer.input);
    }
    this.nowMs = untilMs;
  }

  /** The coordinator dies; another loads the first `records` records (all, unless told) and goes on. */
  crash(records = this.log.length): void {
    this.log = this.log.slice(0, records);
    this.incarnation += 1;
    this.#timers.clear();
    this.#answers.clear();
    this.#shard = new GroupShard(this.settings);
    this.#carryOut(load(this.#shard, this.log, this.#context()).effects);
  }

  get timerKeys(): readonly string[] {
    return [...this.#timers.keys()].map((key) => key.split('\u0000')[0]!);
  }

  #step(input: GroupInput): void {
    const turn = decide(this.#shard, input, this.#context());
    const isRefused = this.writes !== 'taken' && turn.records.length > 0;
    const isReplayed = !isRefused || this.writes === 'refused-after-replay';
    const inverses = isReplayed ? turn.records.map((record) => this.#shard.replay(record)) : [];
    if (!isRefused) {
      this.log.push(...turn.records);
      return this.#carryOut(turn.effects);
    }
    for (const effect of turn.effects) if (effect.kind === 'respond') this.refusedTokens.add(effect.token);
    this.#carryOut(turn.effects.filter(({ kind }) => kind === 'schedule' || kind === 'cancel'));
    this.#carryOut(revert(this.#shard, { turns: [turn], inverses }, this.#context()).effects);
  }

  #context() {
    return { nowMs: this.nowMs, drawUuid: () => `uuid-${this.#nextUuid++}` };
  }

  #carryOut(effects: readonly Effect<GroupInput, GroupAnswer>[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'respond':
          assert(!this.#answers.has(effect.token) && !this.refusedTokens.has(effect.token), 'a request is answered once');
          this.#answers.set(effect.token, effect.response);
          break;
        case 'schedule':
          this.#timers.set(effect.key, { atMs: this.nowMs + effect.delayMs, order: this.#timerOrder++, input: effect.input });
          break;
        case 'cancel':
          this.#timers.delete(effect.key);
          break;
        case 'tell':
          this.facts.push(effect.fact);
          break;
      }
    }
  }
}
