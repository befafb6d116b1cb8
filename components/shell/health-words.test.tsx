// @vitest-environment happy-dom
// The sentence people read first: a frozen quorum has to be told in words, in both languages, with what would end it.

import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { healthyOverview, show } from '#components/testing/console.tsx';
import { healthReasons, noGroupTroubles, toHealthReport } from '#server/cluster/health.ts';
import type { ClusterOverview, ClusterPort } from '#server/cluster/port.ts';
import { useHealthWords } from './health-words.tsx';

function Words(): React.JSX.Element {
  const { state, sentence, reasons } = useHealthWords();
  return (
    <>
      <output>{`${state}: ${sentence}`}</output>
      <p>{reasons}</p>
    </>
  );
}

function frozen(voters: readonly number[] | null): Partial<ClusterPort> {
  const overview = { controllerId: null, voters, brokers: [], offlinePartitions: 0, underReplicatedPartitions: 0 };
  const reasons = healthReasons({ overview: overview as unknown as ClusterOverview, groups: noGroupTroubles });
  return { health: () => Promise.resolve(toHealthReport(reasons, 1, null)) };
}

test.each([
  ['en', 'No controller is elected: 2 of the 3 voters must agree on one.', 'metadata is frozen'],
  ['zh', '3 个投票者中须有 2 个达成一致', '元数据冻结'],
] as const)('one of three voters left, in %s: how many it takes, and what holds meanwhile', async (locale, needed, meanwhile) => {
  show(<Words />, { port: frozen([1, 2, 3]), locale });
  const sentence = await screen.findByText(/^offline: .*(3)/);
  expect(sentence.textContent).toContain(needed);
  expect(sentence.textContent).toContain(meanwhile);
});

test.each([
  ['en', 0, '1 topic, 6 partitions.'],
  ['en', 50, '1 topic, 6 partitions; 50 internal partitions beside them.'],
  ['zh', 50, '1 个主题，6 个分区；另有 50 个内部分区。'],
] as const)(
  "the size of a healthy cluster, in %s with %i partitions of Kafka's own: they are told apart",
  async (locale, internal, size) => {
    const overview = { ...healthyOverview, topicCount: 1, partitionCount: 6, internalPartitionCount: internal };
    const health = toHealthReport([], 1, null);
    show(<Words />, { port: { health: () => Promise.resolve(health), overview: () => Promise.resolve(overview) }, locale });
    expect(
      (await screen.findByText((_text, element) => element?.tagName === 'P' && element.textContent.includes(size.slice(0, 6)))).textContent,
    ).toContain(size);
  },
);

test('it leads to the page that shows the votes', async () => {
  show(<Words />, { port: frozen([1, 2, 3]) });
  const link = await screen.findByRole('link', { name: 'no controller elected' });
  expect(link.getAttribute('href')).toMatch(/controller$/);
});

test('of a cluster that tells no voters no number is made up', async () => {
  show(<Words />, { port: frozen(null) });
  expect((await screen.findByText(/^offline: /)).textContent).toBe('offline: No controller is active; nothing in the cluster can change.');
});
