// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { show } from '#components/testing/console.tsx';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { ClusterPort, GroupDetail } from '#server/cluster/port.ts';
import { GroupPage } from './group-page.tsx';
import { group, offset } from './groups.fixture.ts';

const page = (detail: GroupDetail, change: Partial<ClusterPort> = {}) =>
  show(<GroupPage groupId="readers" />, { port: { describeGroup: () => Promise.resolve(detail), ...change } });
const heading = (text: string) => screen.findByRole('heading', { level: 1, name: text });
const lagRow = async (name: string) =>
  within(within(await screen.findByRole('table', { name: 'Lag by partition' })).getByRole('row', { name: new RegExp(name) }));

test('the sentence says how far behind, and where most', async () => {
  page(group({ offsets: [offset(0), offset(1, { lag: 1_200, endOffset: 1_207 })], lag: 1_203 }));
  expect(await heading('readers is 1,203 records behind.')).toBeTruthy();
  expect(screen.getByText(/Furthest behind: orders-1 by 1,200/)).toBeTruthy();
});

test('a partition whose end nobody can tell has an unknown lag, not none, and so has the group', async () => {
  page(group({ offsets: [offset(0), offset(1, { endOffset: null, state: 'log-unknown', lag: null })], lag: null }));
  expect(await heading('readers reads; its lag is not known.')).toBeTruthy();
  expect((await lagRow('orders-1')).getAllByTitle('not known')).toHaveLength(2);
  expect((await lagRow('orders-0')).queryAllByTitle('not known')).toHaveLength(0);
});

test('without members an unknown lag is not called "nothing left to read"', async () => {
  page(group({ members: [], state: 'Empty', offsets: [offset(0, { state: 'log-unknown', lag: null, memberId: null })], lag: null }));
  expect(await heading('readers has no members; its lag is not known.')).toBeTruthy();
});

test('a partition without a commit says so, in place of an offset', async () => {
  page(group({ offsets: [offset(0, { committedOffset: null, state: 'no-commit', lag: null })], lag: null }));
  expect((await lagRow('orders-0')).getByTitle('nothing committed')).toBeTruthy();
  expect(await heading('readers reads; its lag is not known.')).toBeTruthy();
  expect(screen.getByText(/up to auto.offset.reset/)).toBeTruthy();
});

test.each([
  ['en', 'connect-cluster is a group of type connect; it commits no offsets.'],
  ['zh', 'connect-cluster 是 connect 类型的组，不提交位移。'],
] as const)("a group of Connect's workers has not read everything, in %s", async (locale, sentence) => {
  const detail = group({ groupId: 'connect-cluster', protocolType: 'connect', offsets: [], lag: null, judgement: null });
  show(<GroupPage groupId="connect-cluster" />, { port: { describeGroup: () => Promise.resolve(detail) }, locale });
  expect(await heading(sentence)).toBeTruthy();
});

test.each([
  ['en', 'records were deleted before they were read', 'committed offset is below the log start'],
  ['zh', '记录在被读取之前已删除', '已提交位移低于日志起始'],
] as const)('a commit below the log start is told as such, in %s', async (locale, reason, word) => {
  const below = offset(0, { committedOffset: 2, startOffset: 20, endOffset: 20, state: 'below-log-start', lag: 0 });
  show(<GroupPage groupId="readers" />, {
    port: { describeGroup: () => Promise.resolve(group({ offsets: [below], lag: 0 })) },
    locale,
  });
  expect((await screen.findAllByText(reason, { exact: false })).length).toBeGreaterThan(0);
  expect(screen.getAllByText(word, { exact: false }).length).toBeGreaterThan(0);
});

test('how the group reads is told with the age of its oldest unread record', async () => {
  page(group({ judgement: { verdict: 'stopped', timeLag: { ms: 90_000, isAtLeast: true } } }));
  expect(await screen.findByText('Stopped')).toBeTruthy();
  expect(screen.getByText(/or more/)).toBeTruthy();
});

test('a group with members can not be deleted, and the button says why', async () => {
  page(group());
  const button = await screen.findByRole('button', { name: 'Delete' });
  expect([button.hasAttribute('disabled'), button.title]).toEqual([true, 'A group with members cannot be deleted.']);
});

test('deleting is asked first, said afterwards, and leads back to the list', async () => {
  const deleteGroup = vi.fn<ClusterPort['deleteGroup']>(() => Promise.resolve());
  const { user, address } = page(group({ members: [], state: 'Empty', lag: 0 }), { deleteGroup, listGroups: () => Promise.resolve([]) });
  await user.click(await screen.findByRole('button', { name: 'Delete' }));
  expect(deleteGroup).not.toHaveBeenCalled();
  expect(screen.getByText(/Its committed offset on 1 partition will be gone/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Delete readers' }));
  expect(await screen.findByText('readers is deleted')).toBeTruthy();
  expect(deleteGroup).toHaveBeenCalledExactlyOnceWith('readers');
  expect(address.visited).toEqual(['/c/c1/groups']);
});

test('a deletion that the cluster refuses leaves the question open with its reason', async () => {
  const refused = clusterSaid('NON_EMPTY_GROUP', 'the group is not empty', { advice: 'stop-consumers' });
  const { user, address } = page(group({ members: [], state: 'Empty', lag: 0 }), { deleteGroup: () => Promise.reject(refused) });
  await user.click(await screen.findByRole('button', { name: 'Delete' }));
  await user.click(screen.getByRole('button', { name: 'Delete readers' }));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('NON_EMPTY_GROUP');
  expect(alert.textContent).toContain('Stop its consumers first.');
  expect(address.visited).toEqual([]);
});

test('a group that could not be read is asked again on demand', async () => {
  const answers = [() => Promise.reject(clusterSaid('COORDINATOR_NOT_AVAILABLE', 'no coordinator now'))];
  const { user } = page(group(), { describeGroup: () => answers.shift()?.() ?? Promise.resolve(group()) });
  expect((await screen.findByRole('alert')).textContent).toContain('COORDINATOR_NOT_AVAILABLE');
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await heading('readers is 3 records behind.')).toBeTruthy();
});

test('when no broker answers the page says that first, and what was tried', async () => {
  show(<GroupPage groupId="readers" />, { isLost: true });
  expect(await heading('c1 does not answer.')).toBeTruthy();
  expect(screen.getAllByText('127.0.0.1:9092', { exact: false }).length).toBeGreaterThan(0);
  expect(screen.getAllByRole('button', { name: 'Try now' }).length).toBeGreaterThan(0);
});

test('a group that another client deletes is gone from the page', async () => {
  const answers = [() => Promise.resolve(group())];
  const describeGroup = () => answers.shift()?.() ?? Promise.reject(clusterSaid('GROUP_ID_NOT_FOUND', 'no such group'));
  page(group(), { describeGroup });
  expect((await screen.findByRole('alert')).textContent).toMatch(/Group readers is gone: it was last there at .* UTC/);
  expect(screen.queryByRole('table', { name: 'Lag by partition' })).toBeNull();
});
