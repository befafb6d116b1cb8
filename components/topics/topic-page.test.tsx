// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { show } from '#components/testing/console.tsx';
import { ClusterError } from '#server/cluster/cluster-error.ts';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { ClusterPort, PartitionDetail, TopicDetail } from '#server/cluster/port.ts';
import { TopicPage } from './topic-page.tsx';

const partition = (number: number, change: Partial<PartitionDetail> = {}): PartitionDetail => ({
  partition: number,
  leaderId: 1,
  leaderEpoch: 4,
  replicas: [1, 2, 3],
  isr: [1, 2, 3],
  offlineReplicas: [],
  startOffset: 0,
  endOffset: 10,
  sizeBytes: 1_000,
  recordsPerSecond: 2,
  ...change,
});

const orders: TopicDetail = {
  name: 'orders',
  topicId: null,
  isInternal: false,
  partitions: [partition(0), partition(1, { leaderId: 2 })],
  groups: [],
};

function page(describeTopic: ClusterPort['describeTopic'], search = 'config=false') {
  const port: Partial<ClusterPort> = { describeTopic, topicConfigs: () => Promise.resolve([]) };
  return show(<TopicPage name="orders" />, { port, search });
}
const sentence = (name: string) => screen.findByRole('heading', { level: 1, name });

const gone = new ClusterError('UNKNOWN_TOPIC_OR_PARTITION', { kind: 'unknown-topic', params: { topic: 'orders' } });

test('a topic that is well says so and sums up exactly what is known', async () => {
  page(() => Promise.resolve(orders));
  await sentence('orders is well: every copy is in sync.');
  expect(screen.getByText(/2 partitions, 3 copies each/).textContent).toContain('20 records');
});

test('a partition without a leader comes before one that lacks copies', async () => {
  const partitions = [partition(0, { isr: [1] }), partition(1, { leaderId: null, isr: [] })];
  page(() => Promise.resolve({ ...orders, partitions }));
  await waitFor(() => expect(screen.getByRole('heading', { level: 1 }).textContent).not.toBe('orders'));
  expect(screen.getByRole('heading', { level: 1 }).textContent).toMatch(/leader/);
});

test('offsets nobody could tell are not summed up as nothing', async () => {
  page(() => Promise.resolve({ ...orders, partitions: [partition(0), partition(1, { endOffset: null, startOffset: null })] }));
  await sentence('orders is well: every copy is in sync.');
  expect(screen.getByText(/2 partitions, 3 copies each/).textContent).not.toContain('records');
});

test('a topic that is not there was answered for: nothing to read, write or set, and no waiting badge', async () => {
  page(() => Promise.reject(gone), '');
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('This cluster has no topic “orders”.');
  expect(screen.queryByText('no answer yet')).toBeNull();
  expect(screen.queryByRole('link', { name: /Produce|Read records/ })).toBeNull();
  expect(screen.queryByRole('complementary', { name: 'Configuration' })).toBeNull();
});

test('a topic that comes into being while one looks appears without a reload', async () => {
  const answers = [() => Promise.reject(gone)];
  const { user } = page(() => answers.shift()?.() ?? Promise.resolve(orders));
  await user.click(within(await screen.findByRole('alert')).getByRole('button', { name: 'Try again' }));
  await sentence('orders is well: every copy is in sync.');
});

test('a topic that another client deletes is gone from the page, with the time it was last there', async () => {
  const answers = [() => Promise.resolve(orders)];
  page(() => answers.shift()?.() ?? Promise.reject(gone), '');
  await sentence('orders is well: every copy is in sync.');
  expect((await screen.findByRole('alert')).textContent).toMatch(/Topic orders is gone: it was last there at .* UTC/);
  expect(screen.queryByText(/is well/)).toBeNull();
  expect(screen.queryByRole('table', { name: 'Partitions' })).toBeNull();
  expect(screen.queryByRole('link', { name: /Produce|Read records/ })).toBeNull();
});

test('no answer is not "not there": the figures stay, and what failed is said', async () => {
  const answers = [() => Promise.resolve(orders)];
  page(() => answers.shift()?.() ?? Promise.reject(clusterSaid('REQUEST_TIMED_OUT', 'no answer in time')));
  expect((await screen.findByRole('alert')).textContent).toMatch(/Topic orders could not be read anew.*REQUEST_TIMED_OUT/);
  expect(screen.getByRole('heading', { level: 1, name: 'orders is well: every copy is in sync.' })).toBeTruthy();
});

test('a topic made anew under its name is named as new', async () => {
  const answers = ['first', 'second'].map((topicId) => () => Promise.resolve({ ...orders, topicId }));
  page(() => answers.shift()?.() ?? Promise.resolve({ ...orders, topicId: 'second' }));
  await sentence('orders is well: every copy is in sync.');
  expect(screen.queryByText(/deleted and created again/)).toBeNull();
  expect(await screen.findByText(/Topic orders was deleted and created again/)).toBeTruthy();
});
