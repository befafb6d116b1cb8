// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { show } from '#components/testing/console.tsx';
import type { Why } from '#engine/base/why.ts';
import type { ConsoleWhy } from '#server/cluster/timeline/entry.ts';
import { en } from './i18n/en.ts';
import { zh } from './i18n/zh.ts';
import { useCauseWords } from './use-cause-words.ts';

function Words({ cause, why }: { readonly cause: string; readonly why: unknown }): React.JSX.Element {
  return <output>{useCauseWords()({ cause, detail: { why } })}</output>;
}
const wordsOf = (why: unknown, cause = 'as it was told'): string | null => {
  cleanup();
  show(<Words cause={cause} why={why} />);
  return screen.getByRole('status').textContent;
};

/** The compiler keeps this list whole: a cause that the engine learns and no screen can word does not pass. */
const kinds: Readonly<Record<Why['kind'] | ConsoleWhy['kind'], true>> = {
  'generation-joined': true,
  'generation-assigned': true,
  'member-joined': true,
  'member-left': true,
  'member-left-early': true,
  'members-left': true,
  'session-expired': true,
  'static-returned': true,
  'static-returned-changed': true,
  'subscription-changed': true,
  'leader-rejoined': true,
  'sync-late': true,
  'assignment-refused': true,
  'no-members': true,
  'group-deleted': true,
  'group-forgotten': true,
  rejoined: true,
  'group-too-large': true,
  unregistered: true,
  restarted: true,
  'controlled-shutdown': true,
  'session-timed-out': true,
  'broker-unregistered': true,
  'broker-stopping': true,
  'broker-back': true,
  'broker-fenced-restarted': true,
  'broker-fenced-shutdown': true,
  'broker-fenced-silent': true,
  election: true,
  'elected-eligible': true,
  'elected-last-known': true,
  'elected-unclean': true,
  'fell-behind': true,
  'caught-up': true,
  'followed-leader': true,
  'records-deleted': true,
  snapshot: true,
  'leader-began-later': true,
  'retention-time': true,
  'retention-size': true,
  'retention-log-start': true,
  epoch: true,
  'partition-count': true,
  'bytes-removed': true,
  dropped: true,
  'stop-asked': true,
  'stop-orphaned': true,
  'not-in-metadata': true,
  'too-much-at-once': true,
  'broker-gone': true,
  'no-room': true,
  'room-again': true,
  'directory-failed': true,
  'bytes-damaged': true,
  'compaction-failed': true,
  'lab-began': true,
  'lab-ended': true,
  'lab-deed': true,
  'voter-deed': true,
};

test('every cause that can be told has words', () => {
  expect(Object.keys(en.timeline.why).toSorted()).toEqual(Object.keys(kinds).toSorted());
});

test('a cause is worded from its data', () => {
  const why: Why = { kind: 'generation-assigned', params: { generation: 5 } };
  expect(wordsOf(why)).toBe('generation 5 is assigned');
});

test('an election where nobody was in sync says so, in both languages', () => {
  const last: Why = { kind: 'elected-last-known', params: { broker: 3 } };
  expect(wordsOf(last)).toMatch(/^unclean: .*broker 3 led last/);
  expect(zh.timeline.why['elected-last-known']).toContain('不洁选举');
  expect(zh.timeline.why['elected-unclean']).toContain('不洁选举');
});

test('what a client gave as its reason is kept, and its silence leaves no brackets', () => {
  const joined = (reason: string): Why => ({ kind: 'member-joined', params: { member: 'm-1', reason } });
  expect(wordsOf(joined('rebalance timeout'))).toBe('m-1 joined (rebalance timeout)');
  expect(wordsOf(joined(''))).toBe('m-1 joined');
});

test('a fault of the lab is told by its name, its end and who did it', () => {
  const why: ConsoleWhy = { kind: 'lab-ended', params: { fault: 'slow_disk', end: 'time', by: '' } };
  expect(wordsOf(why)).toBe('disk slowed, its time was up');
});

test.each([
  ['stored before causes were data', undefined],
  ['of a kind that this release has no words for', { kind: 'flux', params: {} }],
  ['that is no cause at all', { kind: 'a.b' }],
])('what was %s is shown as it was told', (_what, why) => {
  expect(wordsOf(why)).toBe('as it was told');
});
