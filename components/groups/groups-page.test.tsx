// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { show } from '#components/testing/console.tsx';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { GroupSummary, LagVerdict } from '#server/cluster/port.ts';
import { summary } from './groups.fixture.ts';
import { GroupsPage } from './groups-page.tsx';

const page = (groups: readonly GroupSummary[], search = '') =>
  show(<GroupsPage />, { port: { listGroups: () => Promise.resolve(groups) }, search });
const listed = async () =>
  within(await screen.findByRole('table', { name: 'Consumer groups' }))
    .getAllByRole('link')
    .map((link) => link.textContent);

test('the sum of lags is told only when every part of it is known', async () => {
  page([summary('a', { lag: 5 }), summary('b', { lag: 7 })]);
  expect(await screen.findByText(/12 records are still to be read/)).toBeTruthy();
});

test('one unknown lag makes the sum unknown, not smaller', async () => {
  page([summary('a', { lag: 5 }), summary('b', { lag: null })]);
  expect(await screen.findByText(/cannot be told for every group/)).toBeTruthy();
  expect(screen.queryByText(/5 records are still/)).toBeNull();
});

test('a group whose lag is unknown is not listed among those with lag', async () => {
  page([summary('a', { lag: 5 }), summary('b', { lag: null }), summary('c', { lag: 0 })], 'show=lag');
  expect(await listed()).toEqual(['a']);
});

test('where the health sentence leads, exactly the groups that it counts are listed, whatever lag others have', async () => {
  const judged = (verdict: LagVerdict | null) => ({ judgement: { verdict, timeLag: null } });
  const groups = [
    summary('falls', judged('falling-behind')),
    summary('left', { memberCount: 0, lag: 900, judgement: null }),
    summary('new', judged(null)),
    summary('reads', { lag: 900, ...judged('ok') }),
    summary('stands', judged('stopped')),
    summary('stuck', judged('stalled')),
  ];
  page(groups, 'show=behind');
  expect(await listed()).toEqual(['falls', 'stands', 'stuck']);
});

test.each([
  { sort: '-lag', order: ['much', 'none', 'unknown'] },
  { sort: 'lag', order: ['none', 'much', 'unknown'] },
])('sorted by $sort the unknown ones stand last', async ({ sort, order }) => {
  page([summary('unknown', { lag: null }), summary('much', { lag: 900 }), summary('none', { lag: 0 })], `sort=${sort}`);
  expect(await listed()).toEqual(order);
});

test('the filter stands in the address, and an empty one leaves it', async () => {
  const { user, address } = page([summary('a'), summary('b')]);
  await listed();
  const field = screen.getByRole('textbox', { name: 'Find by name' });
  await user.type(field, 'B');
  await waitFor(() => expect(address.search).toBe('q=B'));
  await waitFor(async () => expect(await listed()).toEqual(['b']));
  await user.type(field, 'x');
  expect(await screen.findByText('No group matches.')).toBeTruthy();
  await user.clear(field);
  await waitFor(() => expect(address.search).toBe(''));
  expect(await listed()).toEqual(['a', 'b']);
});

test('no groups, and groups that could not be read, are two things', async () => {
  const answers = [() => Promise.reject(clusterSaid('TIMED_OUT', 'no answer in time')), () => Promise.resolve([])];
  const { user } = show(<GroupsPage />, { port: { listGroups: () => answers.shift()?.() ?? Promise.resolve([]) } });
  expect((await screen.findByRole('alert')).textContent).toContain('TIMED_OUT');
  expect(screen.queryByText('Nobody reads yet')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Nobody reads yet')).toBeTruthy();
});
