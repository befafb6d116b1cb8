// Replays the conversations in testdata/ line by line: what a member asks, and what anyone is told because of it.
// They are the flows of real client libraries, as seen on the wire.

import { readdirSync, readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorName } from '#engine/protocol/error-codes.ts';
import type { JoinGroupAnswer, SyncGroupAnswer } from './group/messages.ts';
import { bytesOf, GroupHarness, text, type Pending } from './testing/group-harness.ts';

type Parked = { readonly who: string; readonly pending: Pending<JoinGroupAnswer> | Pending<SyncGroupAnswer> };

class Conversation {
  readonly #groups = new GroupHarness({ initialRebalanceDelayMs: 3_000 });
  readonly #ids = new Map<string, string>();
  readonly #instances = new Map<string, string>();
  #generations = new Map<string, number>();
  #parked: Parked[] = [];

  run(command: string): string {
    const [verb, who = '', ...rest] = command.split(/\s+/);
    switch (verb) {
      case 'join':
        return this.#join(who, rest);
      case 'sync':
        return this.#sync(who, rest);
      case 'beat':
        return errorName(this.#groups.heartbeat(this.#id(who), this.#generation(who), this.#instance(who)));
      case 'leave':
        return this.#groups
          .leave([{ memberId: this.#id(who), ...this.#instance(who) }])
          .map(errorName)
          .join();
      case 'commit':
        return this.#groups
          .commit(Number(rest[0]), { memberId: this.#id(who), generationId: this.#generation(who), ...this.#instance(who) })
          .map(errorName)
          .join();
      case 'committed':
        return String(this.#groups.committed()['t-0']);
      case 'crash':
        this.#groups.crash();
        return 'nothing';
      case 'wait':
        this.#groups.advance(Number(who));
        return this.#news() || 'nothing';
      default:
        throw new Error(`what is ${command}?`);
    }
  }

  #join(who: string, words: readonly string[]): string {
    if (words.includes('static')) this.#instances.set(who, `instance of ${words.includes('as') ? words.at(-1)! : who}`);
    const metadata = bytesOf(words.find((word) => word.startsWith('meta='))?.slice(5) ?? '');
    const pending = this.#groups.join(this.#ids.get(who) ?? '', {
      ...this.#instance(who),
      requiresKnownMemberId: words.includes('known'),
      canSkipAssignment: words.includes('static'),
      protocols: [{ name: 'p', metadata }],
    });
    return this.#told({ who, pending });
  }

  #sync(who: string, shares: readonly string[]): string {
    const assignments = Object.fromEntries(
      shares.map((share) => share.split('=')).map(([member = '', value = '']) => [this.#id(member), value]),
    );
    return this.#told({ who, pending: this.#groups.sync(this.#id(who), this.#generation(who), { ...this.#instance(who), assignments }) });
  }

  /** What came of a request: the asker's own answer first among syncs, in order of asking among joins. */
  #told(parked: Parked): string {
    const isSync = parked.pending.isAnswered && parked.pending.answer.kind === 'sync-group';
    this.#parked = isSync ? [parked, ...this.#parked] : [...this.#parked, parked];
    return this.#news() || 'parked';
  }

  #news(): string {
    const told = this.#parked.filter(({ pending }) => pending.isAnswered);
    this.#parked = this.#parked.filter(({ pending }) => !pending.isAnswered);
    // Ids first: an answer may name a member whose own answer comes behind it.
    for (const { who, pending } of told) {
      if (pending.answer.kind !== 'join-group') continue;
      this.#ids.set(who, pending.answer.memberId);
      if (pending.answer.errorCode === 0) this.#generations.set(who, pending.answer.generationId);
    }
    return told.map(({ who, pending }) => this.#spell(who, pending.answer)).join('; ');
  }

  #spell(who: string, answer: JoinGroupAnswer | SyncGroupAnswer): string {
    if (answer.errorCode !== 0) return errorName(answer.errorCode);
    if (answer.kind === 'sync-group') return `${who} got ${text(answer.assignment)}`.trim();
    const members = answer.members.map(({ memberId }) => this.#name(memberId)).join(' ');
    return `${who} joined ${answer.generationId} leader ${this.#name(answer.leader)}${members === '' ? '' : ` of ${members}`}${answer.skipAssignment ? ' skip' : ''}`;
  }

  #name(memberId: string): string {
    return [...this.#ids].find(([, id]) => id === memberId)?.[0] ?? memberId;
  }
  #id(who: string): string {
    return this.#ids.get(who) ?? '';
  }
  #generation(who: string): number {
    return this.#generations.get(who) ?? -1;
  }
  #instance(who: string): { readonly groupInstanceId: string | null } {
    return { groupInstanceId: this.#instances.get(who) ?? null };
  }
}

const directory = joinPath(import.meta.dirname, 'testdata');

describe.each(readdirSync(directory).filter((name) => name.endsWith('.txt')))('%s', (name) => {
  it('goes as it is written', () => {
    const conversation = new Conversation();
    const script = readFileSync(joinPath(directory, name), 'utf8').trimEnd();
    const replayed = script.split('\n').map((line) => {
      if (line.startsWith('#')) return line;
      const [command = ''] = line.split('->');
      return `${command}-> ${conversation.run(command.trim())}`;
    });
    expect(replayed.join('\n')).toBe(script);
  });
});
