import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { History } from './history.ts';
import { invariants, simulate } from './simulate.ts';

const kept = readFileSync(join(import.meta.dirname, 'seeds.txt'), 'utf8')
  .split('\n')
  .filter((line) => /^\d/.test(line))
  .map((line) => Number.parseInt(line, 10));

test.each(kept)('seed %i: kills and cut links lose nothing that was acknowledged', { timeout: 120_000 }, async (seed) => {
  const result = await simulate({ seed, seconds: 20 });
  expect(result.violations, `again: npm run sim -- --seed ${seed} --seconds 20 --story`).toEqual([]);
  expect(result.acknowledged).toBeGreaterThan(0);
  expect(result.kills + result.cuts).toBeGreaterThan(0);
});

test('the same seed gives the same world, another seed another one', { timeout: 120_000 }, async () => {
  const [first, second, other] = [
    await simulate({ seed: 5, seconds: 8 }),
    await simulate({ seed: 5, seconds: 8 }),
    await simulate({ seed: 6, seconds: 8 }),
  ];
  expect(second).toEqual(first);
  expect(other.fingerprint).not.toBe(first.fingerprint);
});

/** A history in which nothing is wrong. */
function soundHistory(): History {
  const history = new History();
  history.acknowledged.push({ topic: 't', partition: 0, offset: 0, value: 'a' }, { topic: 't', partition: 0, offset: 1, value: 'b' });
  history.finalLogs.set('t', [
    { partition: 0, offset: 0, value: 'a' },
    { partition: 0, offset: 1, value: 'b' },
  ]);
  history.leaders.push(
    { atUs: 1, topic: 't', partition: 0, leaderId: 1, leaderEpoch: 1 },
    { atUs: 2, topic: 't', partition: 0, leaderId: 2, leaderEpoch: 2 },
  );
  history.triedCommits.set('g', 3);
  history.acknowledgedCommits.set('g', 2);
  history.keptCommits.set('g', 3);
  return history;
}

function violations(history: History): readonly string[] {
  return invariants.flatMap((invariant) => invariant(history));
}

test('a sound history breaks no invariant', () => {
  expect(violations(soundHistory())).toEqual([]);
});

test.each<[string, (history: History) => void]>([
  ['a lost tail', (history) => void history.finalLogs.set('t', [{ partition: 0, offset: 0, value: 'a' }])],
  [
    'another value in its place',
    (history) =>
      void history.finalLogs.set('t', [
        { partition: 0, offset: 0, value: 'a' },
        { partition: 0, offset: 1, value: 'x' },
      ]),
  ],
  [
    'a record stored twice',
    (history) => void history.finalLogs.set('t', [...(history.finalLogs.get('t') ?? []), { partition: 0, offset: 2, value: 'b' }]),
  ],
  [
    'a hole in the offsets',
    (history) => void history.finalLogs.set('t', [...(history.finalLogs.get('t') ?? []), { partition: 0, offset: 3, value: 'c' }]),
  ],
  ['two leaders of one epoch', (history) => void history.leaders.push({ atUs: 3, topic: 't', partition: 0, leaderId: 3, leaderEpoch: 2 })],
  ['a commit that went back', (history) => void history.keptCommits.set('g', 1)],
  ['a commit from nowhere', (history) => void history.keptCommits.set('g', 9)],
  ['a broker that gave up', (history) => void history.fatal.push('assertion')],
])('the invariants catch %s', (_name, break_) => {
  const history = soundHistory();
  break_(history);
  expect(violations(history)).toHaveLength(1);
});
