import { describe, expect, test } from 'vitest';
import { groupMood, lagSeconds, memberFacts, topicInitials } from './group-facts.ts';
import { group } from './scene/harbour.fixture.ts';

const stable = group('fulfilment', 'reader', { orders: [0, 1], payments: [2] });
const withLags = {
  ...stable,
  offsets: [
    ['orders', 0, 4],
    ['orders', 1, null],
    ['payments', 2, 3],
  ].map(([topic, partition, lag]) => ({
    topic: String(topic),
    partition: Number(partition),
    committedOffset: lag === null ? null : 1,
    metadata: null,
    startOffset: 0,
    endOffset: 9,
    lag: lag as number | null,
    state: 'behind' as const,
    memberId: null,
  })),
};

describe('the mood of a group', () => {
  test.each([
    ['Stable', false, 'steady'],
    ['Stable', true, 'behind'],
    ['PreparingRebalance', true, 'moving'],
    ['Reconciling', false, 'moving'],
    ['Empty', true, 'empty'],
    ['Dead', false, 'empty'],
  ] as const)('%s, and falling behind by the health report: %s, is %s', (state, isFallingBehind, mood) => {
    expect(groupMood({ ...stable, state, lag: 50_000 }, isFallingBehind)).toBe(mood);
  });
});

describe('what a member owns', () => {
  test('is told as chips, with the full name behind each', () => {
    expect(memberFacts(stable)[0]?.chips).toEqual([
      { short: 'o0', long: 'orders-0' },
      { short: 'o1', long: 'orders-1' },
      { short: 'p2', long: 'payments-2' },
    ]);
  });

  test('its lag is the sum over what it owns, and unknown as soon as one part is', () => {
    const known = { ...withLags, offsets: withLags.offsets.map((offset) => ({ ...offset, lag: offset.lag ?? 2 })) };
    expect(memberFacts(known)[0]?.lag).toBe(9);
    expect(memberFacts(withLags)[0]?.lag).toBeNull();
    expect(memberFacts(stable)[0]?.lag).toBeNull();
  });

  test('a member without partitions has none', () => {
    expect(memberFacts(group('g', 'c', {}))[0]).toMatchObject({ chips: [], lag: null });
  });

  test('two topics with one beginning are told apart', () => {
    expect([...topicInitials(['orders', 'outbox', 'payments'])]).toEqual([
      ['orders', 'or'],
      ['outbox', 'ou'],
      ['payments', 'p'],
    ]);
  });

  test("a topic that begins with another's whole name still has initials", () => {
    expect(topicInitials(['a', 'ab']).get('a')).toBe('a');
  });
});

describe('seconds behind', () => {
  test.each([
    [0, null, 0],
    [100, 50, 2],
    [100, 0, null],
    [100, null, null],
  ] as const)('%s records at %s a second are %s', (lag, rate, expected) => {
    expect(lagSeconds(lag, rate)).toBe(expected);
  });
});
