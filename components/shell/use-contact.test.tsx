// @vitest-environment happy-dom
// A cluster is lost until it answers: a page that is asked again and again must not flip between two truths.

import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { show } from '#components/testing/console.tsx';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { ClusterOverview, ClusterPort } from '#server/cluster/port.ts';
import { useContact } from './use-contact.ts';

function Contact(): React.JSX.Element {
  const { state, tries, failures, retry } = useContact();
  return (
    <>
      <output>{`${state} ${failures} ${tries.map(({ address }) => address).join()}`}</output>
      <button type="button" onClick={retry}>
        again
      </button>
    </>
  );
}

type Answer = () => Promise<ClusterOverview>;

/** Answers the questions in turn, the last one for ever. */
function portOf(...answers: readonly Answer[]): Partial<ClusterPort> {
  let asked = 0;
  return { overview: () => answers[Math.min(asked++, answers.length - 1)]!() };
}

const refuse: Answer = () =>
  Promise.reject(clusterSaid('CLUSTER_LOST', 'no broker answers', { tries: [{ address: '127.0.0.1:9', reason: 'refused' }] }));
const never: Answer = () => new Promise(() => undefined);
const overview = { clusterId: 'kafka', brokers: [], topicCount: 0, atMs: 1 } as unknown as ClusterOverview;

test('while it is asked again a cluster that never answered stays lost, with what was tried', async () => {
  const { user } = show(<Contact />, { port: portOf(refuse, never) });
  await screen.findByText('lost 1 127.0.0.1:9');
  await user.click(screen.getByRole('button', { name: 'again' }));
  expect(screen.getByRole('status').textContent).toBe('lost 1 127.0.0.1:9');
});

test('its first answer makes it live, and nothing of the failure stays', async () => {
  const { user } = show(<Contact />, { port: portOf(refuse, () => Promise.resolve(overview)) });
  await screen.findByText('lost 1 127.0.0.1:9');
  await user.click(screen.getByRole('button', { name: 'again' }));
  await screen.findByText('live 1');
});

test('before any answer nothing is said to be lost', () => {
  show(<Contact />, { port: portOf(never) });
  expect(screen.getByRole('status').textContent).toBe('connecting 0 ');
});
