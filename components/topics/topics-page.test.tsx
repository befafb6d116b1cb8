// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { show } from '#components/testing/console.tsx';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { ClusterPort, TopicSummary } from '#server/cluster/port.ts';
import { TopicsPage } from './topics-page.tsx';

const topic = (name: string, change: Partial<TopicSummary> = {}): TopicSummary => ({
  name,
  topicId: null,
  isInternal: false,
  partitionCount: 3,
  replicationFactor: 1,
  offlinePartitions: 0,
  underReplicatedPartitions: 0,
  underMinIsrPartitions: 0,
  recordCount: 10,
  sizeBytes: 100,
  recordsPerSecond: 0,
  ...change,
});

const capabilities = { createTopics: { available: true } } as unknown as Awaited<ReturnType<ClusterPort['capabilities']>>;

function page(topics: readonly TopicSummary[], { search = '', ...change }: Partial<ClusterPort> & { search?: string } = {}) {
  const createTopic = vi.fn<ClusterPort['createTopic']>(() => Promise.resolve());
  const port = { listTopics: () => Promise.resolve(topics), createTopic, capabilities: () => Promise.resolve(capabilities), ...change };
  return { ...show(<TopicsPage viewActions={null} />, { port, search }), createTopic };
}
const listed = async () =>
  within(await screen.findByRole('table', { name: 'Topics' }))
    .getAllByRole('link')
    .map((link) => link.textContent);
const sentence = (name: string) => screen.findByRole('heading', { level: 1, name });

test('the page says first what needs a look, and leaves the cluster’s own topics out of its counts', async () => {
  page([topic('a', { offlinePartitions: 1 }), topic('b'), topic('__consumer_offsets', { isInternal: true })]);
  expect(await sentence('One topic needs a look.')).toBeTruthy();
  expect(await listed()).toEqual(['a', 'b']);
  expect(screen.getByText('1 partition has no leader')).toBeTruthy();
});

test('a count that is not known for every topic is not summed up', async () => {
  page([topic('a'), topic('b', { recordCount: null, sizeBytes: null })]);
  await sentence('2 topics, and every copy of them is in sync.');
  expect(screen.queryByText(/10 records/)).toBeNull();
});

test('a cluster without topics is told from a filter that finds none', async () => {
  const { user } = page([topic('a')], { search: 'q=zzz' });
  expect(await screen.findByText('No topic matches.')).toBeTruthy();
  expect(screen.queryByText('Nothing on the shelves yet')).toBeNull();
  await user.clear(screen.getByRole('textbox', { name: 'Find by name' }));
  expect(await listed()).toEqual(['a']);
});

test('a list that could not be read is no empty cluster', async () => {
  const answers = [() => Promise.reject(clusterSaid('TIMED_OUT', 'no answer'))];
  const { user } = page([], { listTopics: () => answers.shift()?.() ?? Promise.resolve([]) });
  expect((await screen.findByRole('alert')).textContent).toContain('TIMED_OUT');
  expect(screen.queryByText('Nothing on the shelves yet')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Nothing on the shelves yet')).toBeTruthy();
});

test('when no broker answers that is said in the sentence’s place', async () => {
  show(<TopicsPage viewActions={null} />, { isLost: true });
  expect(await sentence('c1 does not answer.')).toBeTruthy();
});

async function openForm(change: Partial<ClusterPort> = {}) {
  const shown = page([topic('a')], { search: 'create=true', ...change });
  const form = within(await screen.findByRole('dialog', { name: 'Create a topic' }));
  const fill = async (field: string, text: string): Promise<void> => {
    await shown.user.click(form.getByRole('textbox', { name: new RegExp(`^${field}`) }));
    await (field === 'Name' ? shown.user.paste(text) : shown.user.keyboard(text));
  };
  const isReady = (): boolean => !form.getByRole('button', { name: 'Ask first' }).hasAttribute('disabled');
  return { ...shown, form, fill, isReady };
}

test.each([
  ['a b', "Only letters, digits, '.', '_' and '-'."],
  ['..', '“.” and “..” are not names.'],
  ['x'.repeat(250), 'A name has at most 249 characters.'],
])('the name %.10s is refused at the field', async (name, reason) => {
  const { form, fill, isReady } = await openForm();
  await fill('Name', name);
  expect(form.getByText(reason)).toBeTruthy();
  expect(isReady()).toBe(false);
});

test('nought partitions is not the broker’s default', async () => {
  const { fill, isReady, createTopic, user, form } = await openForm();
  await fill('Name', 'new');
  await fill('Partitions', '0');
  expect(isReady()).toBe(false);
  await fill('Partitions', '6');
  expect(isReady()).toBe(true);
  await user.click(form.getByRole('button', { name: 'Create new' }));
  await waitFor(() => expect(createTopic).toHaveBeenCalledTimes(1));
  expect(createTopic.mock.calls[0]?.[0]).toMatchObject({ name: 'new', partitionCount: 6, replicationFactor: -1, validateOnly: false });
});

test('asking first creates nothing, and a verdict is of what was asked', async () => {
  const { fill, user, form, createTopic } = await openForm();
  await fill('Name', 'new');
  await user.click(form.getByRole('button', { name: 'Ask first' }));
  expect(await form.findByText(/The cluster would accept it/)).toBeTruthy();
  expect(createTopic.mock.calls.map(([input]) => input.validateOnly)).toEqual([true]);
  await fill('Name', '2');
  expect(form.queryByText(/The cluster would accept it/)).toBeNull();
});

test('what the cluster refuses is said with its code and advice, and the form stays', async () => {
  const refused = clusterSaid('INVALID_REPLICATION_FACTOR', 'factor 9 is more than 3 brokers', { advice: 'fewer-replicas' });
  const { fill, user, form } = await openForm({ createTopic: () => Promise.reject(refused) });
  await fill('Name', 'new');
  await fill('Copies', '9');
  await user.click(form.getByRole('button', { name: 'Create new' }));
  const alert = await form.findByRole('alert');
  expect(alert.textContent).toContain('INVALID_REPLICATION_FACTOR');
  expect(alert.textContent).toContain('“factor 9 is more than 3 brokers”');
  expect(alert.textContent).toContain('Use at most as many replicas as there are brokers.');
});

test('the table that waits has the columns of the one that comes', async () => {
  const heads = (): readonly (readonly [string, boolean])[] =>
    [...document.querySelectorAll('th')].map((head) => [head.textContent, /wide/.test(head.className)] as const);
  let answer: (topics: readonly TopicSummary[]) => void = () => undefined;
  const asked = new Promise<readonly TopicSummary[]>((resolve) => (answer = resolve));
  show(<TopicsPage viewActions={null} />, { port: { listTopics: () => asked } });
  const waiting = heads();
  answer([topic('orders')]);
  await screen.findByRole('link', { name: 'orders' });
  expect(waiting.length).toBeGreaterThan(3);
  expect(waiting).toEqual(heads());
});
