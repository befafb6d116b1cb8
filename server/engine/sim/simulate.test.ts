import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { History, type Observation } from './history.ts';
import { scenarios } from './scenarios.ts';
import { invariants, simulate } from './simulate.ts';

const kept = readFileSync(join(import.meta.dirname, 'seeds.txt'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [name, seed, seconds = '20'] = line.split(' ');
    const scenario = scenarios.find((one) => one.name === name);
    return scenario === undefined ? [] : [{ scenario, name, seed: Number(seed), seconds: Number(seconds) }];
  });

test.each(kept)(
  '$name, seed $seed: nothing that was acknowledged is lost',
  { timeout: 240_000 },
  async ({ scenario, name, seed, seconds }) => {
    const result = await simulate({ seed, seconds, scenario });
    expect(result.violations, `again: npm run sim -- --scenario ${name} --seed ${seed} --seconds ${seconds} --story`).toEqual([]);
    expect(result.acknowledged).toBeGreaterThan(0);
    expect(result.kills + result.cuts).toBeGreaterThan(0);
  },
);

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
  history.observations.push(observed());
  history.replicaLogs.push(
    { partition: 't-0', brokerId: 1, digest: 'same', sizeBytes: 9 },
    { partition: 't-0', brokerId: 2, digest: 'same', sizeBytes: 9 },
  );
  return history;
}

function believing(brokerId: number, highWatermark = 2): Observation['leaders'][number] {
  return { brokerId, leaderEpoch: 2, highWatermark };
}

function observed(change: Partial<Observation> = {}): Observation {
  return {
    atUs: 2,
    partition: 't-0',
    leaderEpoch: 2,
    isr: [2, 3],
    eligible: [],
    leaders: [believing(2)],
    endOffsets: new Map([
      [2, 2],
      [3, 2],
    ]),
    ...change,
  };
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
  [
    'two that believe to lead in one epoch',
    (history) => void history.observations.push(observed({ leaders: [believing(2), believing(3)] })),
  ],
  ['a leader epoch that went back', (history) => void history.observations.push(observed({ leaderEpoch: 1, leaders: [] }))],
  ['a high watermark that went back', (history) => void history.observations.push(observed({ leaders: [believing(2, 1)] }))],
  ['a member in sync without what is committed', (history) => void history.observations.push(observed({ endOffsets: new Map([[3, 1]]) }))],
  [
    'an eligible replica without what is committed',
    (history) => void history.observations.push(observed({ isr: [2], eligible: [3], endOffsets: new Map([[3, 1]]) })),
  ],
  ['replicas that differ', (history) => void history.replicaLogs.push({ partition: 't-0', brokerId: 3, digest: 'other', sizeBytes: 9 })],
  ['a broker that gave up', (history) => void history.fatal.push('assertion')],
])('the invariants catch %s', (_name, break_) => {
  const history = soundHistory();
  break_(history);
  expect(violations(history)).toHaveLength(1);
});
