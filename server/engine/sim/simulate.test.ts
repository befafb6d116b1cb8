import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { History, type ChurnedTopic, type Cleanup, type Observation } from './history.ts';
import { scenarios } from './scenarios.ts';
import { invariants, simulate } from './simulate.ts';

const kept = readFileSync(join(import.meta.dirname, 'seeds.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [name, seed, seconds = '20'] = line.split(' ');
    const scenario = scenarios.find((one) => one.name === name);
    // A kept seed that matches nothing would be one that nobody runs any more.
    if (scenario === undefined || !(Number(seed) > 0) || !(Number(seconds) > 0))
      throw new Error(`seeds.txt: no scenario and seed: "${line}"`);
    return { scenario, name, seed: Number(seed), seconds: Number(seconds) };
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
  history.churned.push({
    name: 'c',
    topicId: 'id',
    cleanup: 'none',
    partitions: 1,
    state: 'stands',
    deletedBefore: new Map(),
    acknowledged: [],
  });
  history.found.set('id', { topicId: 'id', partitions: 1, records: [] });
  return history;
}

function churned(history: History): ChurnedTopic {
  return history.churned[0] as ChurnedTopic;
}

/** The topic's second record is lost; `kept` are those before it. */
function loseFirst(history: History, { cleanup = 'none' as Cleanup, kept = [] as readonly number[], key = 'k' } = {}): void {
  const lost = { partition: 0, offset: 1, key, value: 'lost' };
  history.churned[0] = { ...churned(history), cleanup, acknowledged: [lost] };
  const records = [...kept, 2].map((offset) => ({ partition: 0, offset, key: 'k', value: `v${offset}` }));
  history.found.set('id', { topicId: 'id', partitions: 1, records });
}

test.each<[string, (history: History) => void]>([
  [
    'deleted by request',
    (history) => {
      loseFirst(history);
      churned(history).deletedBefore.set(0, 2);
    },
  ],
  ['expired with all before it', (history) => loseFirst(history, { cleanup: 'expires' })],
  ['followed by another of its key', (history) => loseFirst(history, { cleanup: 'compacts', kept: [0] })],
])('a record may be gone when it was %s', (_name, lose) => {
  const history = soundHistory();
  lose(history);
  expect(violations(history)).toEqual([]);
});

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
  ['a topic that was made and is gone', (history) => history.found.clear()],
  ['a deleted topic that is there', (history) => void (churned(history).state = 'is deleted')],
  ['a partition that was added and is not there', (history) => void (churned(history).partitions = 2)],
  ['a directory that is no replica', (history) => void history.misplaced.push('broker 1 keeps c-7')],
  ['a lost record of a topic that keeps all', (history) => loseFirst(history)],
  ['a record that went before others of its age', (history) => loseFirst(history, { cleanup: 'expires', kept: [0] })],
  ['a compacted record without a successor', (history) => loseFirst(history, { cleanup: 'compacts', key: 'other' })],
  ['a broker that gave up', (history) => void history.fatal.push('assertion')],
])('the invariants catch %s', (_name, break_) => {
  const history = soundHistory();
  break_(history);
  expect(violations(history)).toHaveLength(1);
});
