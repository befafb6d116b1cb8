// A node that joined while the cluster ran is let vote on the Controller page, and loses its vote again; what the page says is
// what DescribeQuorum tells another client. On a cluster of its own: a broker that was added stays.

import { KafkaClient } from '#engine/client/kafka-client.ts';
import { describeQuorumApi } from '#engine/protocol/apis/55-describe-quorum.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { expectAccessible } from './accessible.ts';
import { startCluster, type RunningCluster } from './cluster.ts';
import { expect, test } from './fixtures.ts';
import { dialog } from './screen.ts';

let cluster: RunningCluster;

test.beforeAll(async () => {
  cluster = await startCluster();
});
test.afterAll(async () => {
  await cluster?.stop();
});

interface Seats {
  readonly voters: readonly number[];
  readonly observers: readonly number[];
}

/** As the quorum's leader tells a client that isn't the console. */
async function seats(): Promise<Seats> {
  const bootstrap = cluster.bootstrap.map((address) => ({ host: '127.0.0.1', port: Number(address.split(':')[1]) }));
  const client = new KafkaClient(nodeWorld(), { bootstrap, clientId: 'e2e-voters' });
  try {
    const topics = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];
    const partition = (await client.toAny(describeQuorumApi, { topics })).topics[0]?.partitions[0];
    const ids = (replicas: readonly { readonly replicaId: number }[] = []): number[] =>
      replicas.map(({ replicaId }) => replicaId).toSorted();
    return { voters: ids(partition?.currentVoters), observers: ids(partition?.observers) };
  } finally {
    client.close();
  }
}

test('a fourth broker is let vote from the Controller page, and its vote is taken away again', async ({ page }) => {
  const home = `${cluster.consoleUrl}/c/embedded`;
  await page.goto(`${home}/lab`);
  await page.getByRole('button', { name: 'Add a broker' }).click();
  await dialog(page, 'Add a broker?').getByRole('button', { name: 'Add a broker' }).click();
  await expect(page.getByRole('listitem', { name: 'Broker 4', exact: true })).toContainText('ready');

  await page.goto(`${home}/controller`);
  const voters = page.getByRole('table', { name: 'Voters' }).getByRole('row');
  const observers = page.getByRole('table', { name: 'Observers' }).getByRole('row');
  await expect(voters).toHaveCount(4);
  await expect(observers.filter({ hasText: 'Node 4' })).toContainText('follows');
  expect(await seats()).toEqual({ voters: [1, 2, 3], observers: [4] });
  await expectAccessible(page, 'the page with an observer');

  // With the keyboard, as the mouse adds nothing.
  const letVote = page.getByRole('button', { name: 'Let it vote, node 4' });
  await expect(letVote).toBeEnabled();
  await letVote.press('Enter');
  const asked = dialog(page, 'Let node 4 vote?');
  await expect(asked.getByRole('row', { name: 'Majority 2 3' })).toBeVisible();
  await expect(asked.getByRole('button', { name: 'Leave it as it is' })).toBeFocused();
  await expect(page).toHaveURL(/deed=let-vote&node=4/);
  await expectAccessible(page, 'the question');
  await asked.getByRole('button', { name: 'Let node 4 vote' }).press('Enter');
  await expect(asked).toBeHidden();
  await expect(voters).toHaveCount(5);
  await expect(voters.filter({ hasText: 'Node 4' })).toBeVisible();
  await expect.poll(seats).toEqual({ voters: [1, 2, 3, 4], observers: [] });
  await expect(page.getByRole('heading', { level: 1 })).toContainText('all 4 voters follow');

  await page.getByRole('button', { name: 'Take its vote away, node 4' }).click();
  const taken = dialog(page, 'Take node 4’s vote away?');
  await expect(taken.getByRole('row', { name: 'Voters 1, 2, 3, 4 1, 2, 3' })).toBeVisible();
  await taken.getByRole('button', { name: 'Take node 4’s vote away' }).click();
  await expect(taken).toBeHidden();
  await expect(voters).toHaveCount(4);
  await expect.poll(seats).toEqual({ voters: [1, 2, 3], observers: [4] });

  await page.goto(`${home}/live?events=true`);
  const events = page.getByRole('region', { name: 'Event lane' }).getByRole('row');
  await expect(events.filter({ hasText: 'Voter added' }).filter({ hasText: 'local operator' })).toContainText('1, 2, 3, 4');
  await expect(events.filter({ hasText: 'Voter removed' }).filter({ hasText: 'local operator' })).toHaveCount(1);
});
