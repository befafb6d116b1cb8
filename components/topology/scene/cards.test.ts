import { describe, expect, test } from 'vitest';
import { familyPrefix, toClientCards, toGroupCards } from './cards.ts';
import { group } from './harbour.fixture.ts';

const many = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

describe('cards of writing clients', () => {
  test('each has its own while there is room', () => {
    expect(toClientCards(['web', 'pay'], 4).map((card) => card.label)).toEqual(['web', 'pay']);
  });

  test('share one by prefix when there is none, and no client is lost', () => {
    const clients = [...many('web', 5), ...many('pay', 2), 'etl'];
    const cards = toClientCards(clients, 4);
    expect(cards.map((card) => card.label)).toEqual(['web-*', 'pay-*', 'etl']);
    expect(cards.flatMap((card) => card.clientIds).toSorted()).toEqual(clients.toSorted());
  });

  test('when even families are too many, the last card counts the rest', () => {
    const cards = toClientCards(['a', 'b', 'c', 'd', 'e', 'f', 'g'], 6);
    expect(cards).toHaveLength(6);
    expect(cards.at(-1)).toMatchObject({ kind: 'rest', clientIds: ['f', 'g'] });
  });

  test("the console's own connections share one card, which never passes for somebody's client", () => {
    const cards = toClientCards(['web', 'logarium-console', 'logarium-console-jobs', 'logarium-consoles'], 4);
    expect(cards.map((card) => [card.kind, card.clientIds])).toEqual([
      ['client', ['web']],
      ['client', ['logarium-consoles']],
      ['own', ['logarium-console', 'logarium-console-jobs']],
    ]);
  });

  test("the console's own card has room however many others write", () => {
    const cards = toClientCards([...many('web', 3), 'a', 'b', 'c', 'd', 'e', 'logarium-console'], 4);
    expect(cards).toHaveLength(4);
    expect(cards.map((card) => card.kind)).toEqual(['family', 'client', 'rest', 'own']);
  });

  test('a client keeps its card when a stranger joins', () => {
    const before = toClientCards(['web-1', 'pay'], 4);
    const after = toClientCards(['web-1', 'pay', 'etl'], 4);
    expect(after.slice(0, 2)).toEqual(before);
  });

  test.each([
    ['web-tracker-17', 'web-tracker-'],
    ['rdkafka', 'rdkafka'],
    ['a.b.c', 'a.b.'],
    ['-x', '-x'],
    ['', ''],
  ])('the family of %j is %j', (clientId, prefix) => {
    expect(familyPrefix(clientId)).toBe(prefix);
  });
});

describe('cards of groups', () => {
  const idle = { ...group('aaa', 'x', {}), state: 'Empty', members: [] };

  test('groups with members come before the ones left behind', () => {
    expect(toGroupCards([idle, group('zzz', 'x', {})], [], 3).map((card) => card.label)).toEqual(['zzz', 'aaa']);
  });

  test('readers without a group have cards of their own', () => {
    expect(toGroupCards([], ['kcat'], 3)).toMatchObject([{ key: 'reader:kcat', kind: 'reader' }]);
  });

  test('beyond the places the last card counts the rest and knows its groups', () => {
    const groups = ['a', 'b', 'c', 'd'].map((name) => group(name, 'x', {}));
    expect(toGroupCards(groups, [], 3).at(-1)).toMatchObject({ kind: 'rest', label: '2', groupIds: ['c', 'd'] });
  });
});
