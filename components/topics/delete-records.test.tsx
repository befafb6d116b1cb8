// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { show } from '#components/testing/console.tsx';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { ClusterPort, ConfigEntry, TopicDetail } from '#server/cluster/port.ts';
import { DeleteRecords } from './delete-records.tsx';

const partitions = [0, 1].map((partition) => ({ partition })) as unknown as TopicDetail['partitions'];
const topic: TopicDetail = { name: 'orders', topicId: null, isInternal: false, partitions, groups: [] };
const policy = (value: string): ConfigEntry[] => [
  { name: 'cleanup.policy', value, source: 'topic', isReadOnly: false, isSensitive: false, documentation: null },
];
const ranges = [
  { partition: 0, startOffset: 100, endOffset: 250 },
  { partition: 1, startOffset: 0, endOffset: 7 },
];

function ask(change: Partial<ClusterPort> = {}, of: TopicDetail = topic) {
  const deleteRecords = vi.fn<ClusterPort['deleteRecords']>((_topic, cuts) =>
    Promise.resolve(cuts.map((cut) => ({ partition: cut.partition, startOffset: cut.beforeOffset, error: null }))),
  );
  const port = {
    topicConfigs: () => Promise.resolve(policy('delete')),
    offsets: vi.fn<ClusterPort['offsets']>(() => Promise.resolve(ranges)),
    deleteRecords,
    ...change,
  };
  const onClose = vi.fn();
  return { ...show(<DeleteRecords name="orders" topic={of} isOpen onClose={onClose} />, { port }), port, deleteRecords, onClose };
}

const before = (partition: number) => screen.findByRole('textbox', { name: `Delete before offset, partition ${partition}` });
const rowOf = (partition: number) =>
  within(screen.getByRole('table', { name: 'What each partition loses' })).getAllByRole('row')[partition + 1];

test('the button counts exactly what each partition loses, and exactly that is sent', async () => {
  const { user, deleteRecords } = ask();
  await user.type(await before(0), '130');
  expect(rowOf(0)?.lastElementChild?.textContent).toBe('30');
  expect(rowOf(1)?.lastElementChild?.textContent).toBe('0');
  await user.click(screen.getByRole('button', { name: 'Delete 30 records of orders' }));
  expect(await screen.findByText('Done: the log begins anew.')).toBeTruthy();
  expect(deleteRecords).toHaveBeenCalledExactlyOnceWith('orders', [{ partition: 0, beforeOffset: 130 }]);
});

test('all up to the high watermark means the ends that were shown, not those of a moment later', async () => {
  const { user, deleteRecords, port } = ask();
  await user.click(await screen.findByRole('button', { name: 'All up to the high watermark' }));
  await user.click(screen.getByRole('button', { name: 'Delete 157 records of orders' }));
  await screen.findByText('Done: all 2 logs begin anew.');
  expect(deleteRecords.mock.calls[0]?.[1]).toEqual([
    { partition: 0, beforeOffset: 250 },
    { partition: 1, beforeOffset: 7 },
  ]);
  expect(port.offsets).toHaveBeenCalledExactlyOnceWith('orders', 'uncommitted');
});

test.each(['251', '99999999999999999999', '0251'])('%s lies beyond the end: said so, and not sendable', async (text) => {
  const { user } = ask();
  await user.type(await before(0), text);
  expect(screen.getByText('The log ends at 250.')).toBeTruthy();
  await user.type(await before(1), '5');
  expect(screen.getByRole('button', { name: 'Delete 5 records of orders' }).hasAttribute('disabled')).toBe(true);
});

test('an offset before the first one loses nothing and is nothing to confirm', async () => {
  const { user } = ask();
  await user.type(await before(0), '100');
  expect(screen.getByRole('button', { name: 'Delete records of orders' }).hasAttribute('disabled')).toBe(true);
  expect(screen.getByText('nothing chosen')).toBeTruthy();
});

test('one partition that refuses is told by its code beside those that did not', async () => {
  const { user } = ask({
    deleteRecords: () =>
      Promise.resolve([
        { partition: 0, startOffset: 250, error: null },
        { partition: 1, startOffset: null, error: 'NOT_LEADER_OR_FOLLOWER' },
      ]),
  });
  await user.click(await screen.findByRole('button', { name: 'All up to the high watermark' }));
  await user.click(screen.getByRole('button', { name: /^Delete 157/ }));
  expect(await screen.findByText('1 of 2 partitions refused; the others begin anew.')).toBeTruthy();
  const rows = within(screen.getByRole('table', { name: 'What became of each partition' })).getAllByRole('row');
  expect(rows.slice(1).map((row) => row.textContent)).toEqual([
    expect.stringMatching(/^0deleted100250$/),
    expect.stringMatching(/^1NOT_LEADER_OR_FOLLOWER0/),
  ]);
});

test.each([
  { what: 'a compacted topic', configs: policy('compact'), of: topic, code: 'POLICY_VIOLATION' },
  { what: 'an internal topic', configs: policy('delete'), of: { ...topic, isInternal: true }, code: 'INVALID_TOPIC_EXCEPTION' },
])('$what is refused before anything is asked, with Kafka’s reason', async ({ configs, of, code }) => {
  const { port } = ask({ topicConfigs: () => Promise.resolve(configs) }, of);
  expect(await screen.findByText(code)).toBeTruthy();
  expect(screen.queryByRole('button', { name: /^Delete/ })).toBeNull();
  expect(port.offsets).not.toHaveBeenCalled();
});

test('a topic that is compacted and deleted by age may be cut', async () => {
  ask({ topicConfigs: () => Promise.resolve(policy('compact, delete')) });
  expect(await before(0)).toBeTruthy();
});

test('a partition that did not answer is named and left alone', async () => {
  ask({ offsets: () => Promise.resolve(ranges.slice(0, 1)) });
  expect(await screen.findByText('Partition 1 does not answer now and cannot lose anything.')).toBeTruthy();
});

test('offsets that could not be read are asked again on demand', async () => {
  const answers = [() => Promise.reject(clusterSaid('TIMED_OUT', 'no answer')), () => Promise.resolve(ranges)];
  const { user } = ask({ offsets: () => answers.shift()?.() ?? Promise.resolve(ranges) });
  expect((await screen.findByRole('alert')).textContent).toContain('TIMED_OUT');
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await before(0)).toBeTruthy();
});

test('when nothing was sent the question stays as it was, with the reason', async () => {
  const { user } = ask({ deleteRecords: () => Promise.reject(clusterSaid('CLUSTER_LOST', 'no broker answers')) });
  await user.type(await before(0), '130');
  await user.click(screen.getByRole('button', { name: 'Delete 30 records of orders' }));
  expect((await screen.findByRole('alert')).textContent).toContain('CLUSTER_LOST');
  expect((await before(0)).getAttribute('value')).toBe('130');
});
