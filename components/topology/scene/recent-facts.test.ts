import { expect, test } from 'vitest';
import { fromSnapshot } from './cluster-state.ts';
import { event, snapshot, startMs } from './harbour.fixture.ts';
import { maxFacts, RecentFacts } from './recent-facts.ts';

const led = (partition: number, leaderEpoch: number) =>
  event(startMs + leaderEpoch, 1, {
    kind: 'leader-changed',
    topic: 'orders',
    partition,
    leaderId: 2,
    previousLeaderId: 1,
    leaderEpoch,
    cause: '',
  });

test('of more facts than are kept the newest are put onto the next snapshot, and the first are gone', () => {
  const recent = new RecentFacts();
  for (let epoch = 1; epoch <= maxFacts; epoch += 1) recent.add(led(epoch === 1 ? 0 : 1, epoch));
  const epochsOf = () =>
    [0, 1].map((number) => recent.onto(fromSnapshot(snapshot())).topics.get('orders')?.partitions.get(number)?.leaderEpoch);
  expect(epochsOf()).toEqual([1, maxFacts]);
  recent.add(led(1, maxFacts + 1));
  expect(epochsOf()).toEqual([0, maxFacts + 1]);
});
