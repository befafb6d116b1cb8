// @vitest-environment happy-dom
// A vote is given and taken on the screen: who is asked about, what is told beforehand, what reaches the cluster, and what is
// said when the cluster refuses.

import { screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { show, type Stage } from '#components/testing/console.tsx';
import { ClusterError } from '#server/cluster/cluster-error.ts';
import type { Capability } from '#server/cluster/capabilities.ts';
import type { ClusterPort } from '#server/cluster/port.ts';
import type { QuorumReplica, QuorumView } from '#server/cluster/quorum-view.ts';
import type { QuorumVoters } from '#server/cluster/quorum-voters.ts';
import { ControllerPage } from './controller-page.tsx';

/** Its times are those of each answer, as of a node that goes on fetching: on a busy machine a fixed one would be old by the end. */
const replica = (nodeId: number): QuorumReplica => ({
  nodeId,
  directoryId: `disk-${nodeId}`,
  logEndOffset: 10,
  lag: 0,
  get lastFetchMs() {
    return Date.now();
  },
  get lastCaughtUpMs() {
    return Date.now();
  },
});

interface Scene {
  readonly view?: Partial<QuorumView>;
  readonly voters?: Partial<QuorumVoters>;
  readonly capability?: Capability;
  readonly stage?: Stage;
}

/** A quorum of 1, 2 and 3 that 2 leads, which 4 (a controller) and 5 (a broker alone) follow. */
function quorumPage({ view = {}, voters = {}, capability = { available: true }, stage = {} }: Scene = {}) {
  const quorum: QuorumView = {
    leaderId: 2,
    epoch: 7,
    highWatermark: 10,
    votersIn: 'log',
    voters: [1, 2, 3].map(replica),
    observers: [4, 5].map(replica),
    ...view,
  };
  const acts = {
    candidates: vi.fn(() => Promise.resolve([{ nodeId: 4, directoryId: 'disk-4', address: 'h:9195' }])),
    add: vi.fn(() => Promise.resolve()),
    remove: vi.fn(() => Promise.resolve()),
    ...voters,
  };
  const no = { available: false, reason: 'external-cluster' };
  const capabilities = { quorum: { available: true }, quorumNodes: no, voters: capability };
  const port = {
    capabilities: () => Promise.resolve(capabilities as unknown as Awaited<ReturnType<ClusterPort['capabilities']>>),
    quorum: () => Promise.resolve(quorum),
    voters: acts,
  };
  return { ...acts, ...show(<ControllerPage />, { port, ...stage }) };
}

const button = (name: string): Promise<HTMLElement> => screen.findByRole('button', { name });
/** The reason comes with an answer of its own, which may be later than the button. */
const titled = (name: string, reason: string): Promise<void> => waitFor(async () => expect((await button(name)).title).toContain(reason));
const enabled = async (name: string): Promise<HTMLElement> => {
  await waitFor(async () => expect(await button(name)).toHaveProperty('disabled', false));
  return button(name);
};

test('an observer is let vote: named, with both majorities and the call, and only after a second press', async () => {
  const { add, user, address } = quorumPage();
  await user.click(await enabled('Let it vote, node 4'));
  expect(add).not.toHaveBeenCalled();
  const dialog = await screen.findByRole('dialog', { name: 'Let node 4 vote?' });
  expect(address.search).toContain('deed=let-vote&node=4');
  const rows = within(within(dialog).getByRole('table', { name: 'What changes' })).getAllByRole('row');
  expect(rows.map((row) => [...row.children].map((cell) => cell.textContent))).toEqual([
    ['', 'Now', 'Then'],
    ['Voters', '1, 2, 3', '1, 2, 3, 4'],
    ['Majority', '2', '3'],
    ['May be down at once', '1', '1'],
  ]);
  expect(dialog.textContent).toContain('As many may be down at once as before, 1; each change waits for one voter more.');
  expect(dialog.textContent).toContain('AddRaftVoter\n  node 4, directory disk-4\n  h:9195');
  await user.click(within(dialog).getByRole('button', { name: 'Let node 4 vote' }));
  await waitFor(() => expect(add).toHaveBeenCalledWith(4, 'local operator'));
  expect(await screen.findByText('Node 4 votes')).toBeTruthy();
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(address.search).not.toContain('deed');
});

test("the leader's vote is taken away: that it hands over is said first", async () => {
  const { remove, user } = quorumPage({ view: { voters: [1, 2, 3, 6].map(replica) } });
  await user.click(await enabled('Take its vote away, node 2'));
  const dialog = await screen.findByRole('dialog', { name: 'Take node 2’s vote away?' });
  expect(dialog.textContent).toContain('Node 2 leads the quorum. It hands over');
  await user.click(within(dialog).getByRole('button', { name: 'Take node 2’s vote away' }));
  await waitFor(() => expect(remove).toHaveBeenCalledWith(2, 'local operator'));
});

test('down to two voters: the caution, and the focus on the button that leaves it', async () => {
  quorumPage({ stage: { search: '?deed=take-vote&node=3' } });
  const dialog = await screen.findByRole('dialog', { name: 'Take node 3’s vote away?' });
  expect(dialog.textContent).toContain('Of two voters neither may be down');
  await waitFor(() => expect(document.activeElement?.textContent).toBe('Leave it as it is'));
});

test('what would stall the quorum is not offered', async () => {
  const silent = { ...replica(3), lastFetchMs: Date.now() - 60_000 };
  const { user, remove } = quorumPage({ view: { voters: [replica(1), replica(2), silent] }, stage: { search: '?deed=take-vote&node=1' } });
  const dialog = await screen.findByRole('dialog', { name: 'Take node 1’s vote away?' });
  expect(dialog.textContent).toContain('Of the 2 that would vote only one follows now, and 2 have to');
  const press = within(dialog).getByRole('button', { name: 'Take node 1’s vote away' });
  expect(press).toHaveProperty('disabled', true);
  await user.click(press);
  expect(remove).not.toHaveBeenCalled();
});

test('a refusal stands in the dialog in words, with its code, and the dialog stays', async () => {
  const refused = new ClusterError(
    'REQUEST_TIMED_OUT',
    { kind: 'voters-late', params: { node: 4, words: 'It reads.' } },
    { advice: 'try-again' },
  );
  const { user } = quorumPage({ voters: { add: () => Promise.reject(refused) }, stage: { search: '?deed=let-vote&node=4' } });
  const dialog = await screen.findByRole('dialog');
  await user.click(within(dialog).getByRole('button', { name: 'Let node 4 vote' }));
  const notice = await within(dialog).findByRole('alert');
  expect(notice.textContent).toContain('The quorum did not take the change of node 4 in time. In its own words: “It reads.”');
  expect(notice.textContent).toContain('REQUEST_TIMED_OUT');
  expect(within(dialog).getByRole('button', { name: 'Let node 4 vote' })).toHaveProperty('disabled', false);
});

test('who could not vote keeps a button that says why', async () => {
  quorumPage({ view: { observers: [3, 4, 5].map(replica) } });
  await enabled('Let it vote, node 4');
  await titled('Let it vote, node 5', 'It has no controller’s listener, so it cannot vote.');
  await titled('Let it vote, node 3', 'votes already, with another disk');
});

test('of two disks of one node only the one that follows now is let vote', async () => {
  quorumPage({ view: { observers: [Object.assign(replica(4), { directoryId: 'lost-disk' }), replica(4)] } });
  await waitFor(async () =>
    expect((await screen.findAllByRole('button', { name: 'Let it vote, node 4' })).map(({ title }) => title)).toEqual([
      'This disk follows no more: the node has another one now.',
      '',
    ]),
  );
});

test('the only voter keeps its vote', async () => {
  quorumPage({ view: { leaderId: 1, voters: [replica(1)] } });
  const press = await button('Take its vote away, node 1');
  expect(press).toHaveProperty('disabled', true);
  expect(press.title).toBe('It is the only voter.');
});

test.each([
  ['the voters stand in the configuration', { view: { votersIn: 'configuration' } }, /kraft.version 0/],
  ['the brokers are too old', { capability: { available: false, reason: 'broker-too-old' } }, /since Apache Kafka 3.9/],
  ['nobody leads', { view: { leaderId: null } }, /nobody’s vote can change now/],
] as const)('where %s the page says so, and nobody is asked who could vote', async (_why, scene: Scene, words) => {
  const { candidates } = quorumPage(scene);
  expect(await screen.findByText(words)).toBeTruthy();
  for (const press of await screen.findAllByRole('button', { name: /vote/ })) expect(press).toHaveProperty('disabled', true);
  expect(candidates).not.toHaveBeenCalled();
});

test('controllers that can not be reached are told as such, and the page shows the rest', async () => {
  const silent = new ClusterError('UNAVAILABLE', { kind: 'controllers-unreachable', params: { words: 'h:9195 (refused)' } });
  quorumPage({ voters: { candidates: () => Promise.reject(silent) } });
  await screen.findByText(/No controller can be reached from this console\./);
  await titled('Let it vote, node 4', 'could not be asked');
  await enabled('Take its vote away, node 1');
});

test('in Chinese nothing of it stays English', async () => {
  quorumPage({ stage: { locale: 'zh', search: '?deed=let-vote&node=4' } });
  const dialog = await screen.findByRole('dialog', { name: '授予节点 4 投票权？' });
  const own = (dialog.textContent ?? '').replaceAll(/AddRaftVoter|disk-4|h:9195|leader/g, '');
  expect(own).not.toMatch(/[A-Za-z]{3,}/);
});
