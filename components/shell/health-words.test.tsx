// @vitest-environment happy-dom
// The sentence people read first: a frozen quorum has to be told in words, in both languages, with what would end it.

import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { show } from '#components/testing/console.tsx';
import { healthReasons, toHealthReport } from '#server/cluster/health.ts';
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
  const reasons = healthReasons({ overview: overview as unknown as ClusterOverview, groupsFallingBehind: [] });
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

test('it leads to the page that shows the votes', async () => {
  show(<Words />, { port: frozen([1, 2, 3]) });
  const link = await screen.findByRole('link', { name: 'no controller elected' });
  expect(link.getAttribute('href')).toMatch(/controller$/);
});

test('of a cluster that tells no voters no number is made up', async () => {
  show(<Words />, { port: frozen(null) });
  expect((await screen.findByText(/^offline: /)).textContent).toBe('offline: No controller is active; nothing in the cluster can change.');
});
