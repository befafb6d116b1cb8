// Three voters and an observer, whole brokers, in bad weather. A failure names its seed; it stays in `formerFailures`.

import { describe, expect, test } from 'vitest';
import { metadataRules, type MetadataAccount } from './testing/metadata-account.ts';
import { runStorm } from './testing/metadata-storm.ts';

/** 5: an answer waited for an fsync while a snapshot took the records that it was to carry. */
const formerFailures: readonly number[] = [5];
const seeds = [1, 2, 3, 4, 6, 7];
const seconds = 40;

function violations(account: MetadataAccount): readonly string[] {
  return metadataRules.flatMap((rule) => rule(account));
}

test.each([...formerFailures, ...seeds])('storm %i: what was answered stays, and all agree', { timeout: 240_000 }, async (seed) => {
  const { account, elections, blows } = await runStorm(seed, seconds);
  expect(violations(account), `storm ${seed} of ${seconds} seconds`).toEqual([]);
  expect(account.answered.length, 'the storm left time to work').toBeGreaterThan(5);
  expect(elections, 'controllers came and went').toBeGreaterThan(1);
  expect(blows).toBeGreaterThan(5);
});

describe('the rules notice', () => {
  const sound: MetadataAccount = {
    answered: ['a'],
    asked: new Set(['a', 'b']),
    topics: new Map([
      [1, ['a', 'b']],
      [2, ['a', 'b']],
    ]),
    logs: new Map([
      [1, new Map([[0, 'x']])],
      [
        2,
        new Map([
          [0, 'x'],
          [1, 'y'],
        ]),
      ],
    ]),
    controllers: [
      { epoch: 1, controllerId: 1 },
      { epoch: 2, controllerId: 2 },
    ],
    fatal: [],
  };

  test('nothing in a sound account', () => {
    expect(violations(sound)).toEqual([]);
  });

  test.each<[string, Partial<MetadataAccount>, RegExp]>([
    ['a topic that was answered and is gone', { answered: ['a', 'c'], asked: new Set(['a', 'b', 'c']) }, /lost topic c/],
    ['a topic from nowhere', { asked: new Set(['a']) }, /nobody asked/],
    [
      'nodes of different opinions',
      {
        topics: new Map([
          [1, ['a', 'b']],
          [2, ['a']],
        ]),
      },
      /same topics/,
    ],
    [
      'logs that forked',
      {
        logs: new Map([
          [1, new Map([[0, 'x']])],
          [2, new Map([[0, 'z']])],
        ]),
      },
      /differ at metadata offset 0/,
    ],
    [
      'two controllers of one epoch',
      {
        controllers: [
          { epoch: 2, controllerId: 1 },
          { epoch: 2, controllerId: 3 },
        ],
      },
      /controllers 1 and 3/,
    ],
    ['a node that gave up', { fatal: ['2: assertion'] }, /gave up/],
  ])('%s', (_what, change, complaint) => {
    expect(violations({ ...sound, ...change }).join()).toMatch(complaint);
  });
});
