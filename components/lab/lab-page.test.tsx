// @vitest-environment happy-dom
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { show } from '#components/testing/console.tsx';
import { ClusterError } from '#server/cluster/cluster-error.ts';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { ActiveFault, LabFault, LabPort } from '#server/cluster/lab.ts';
import type { BrokerSummary, ClusterOverview, ClusterPort } from '#server/cluster/port.ts';
import { en } from '#components/shell/i18n/en.ts';
import { zh } from '#components/shell/i18n/zh.ts';
import { LabPage } from './lab-page.tsx';

const brokers = [1, 2, 3].map((brokerId) => ({
  brokerId,
  state: 'online',
  isController: brokerId === 1,
  process: { pid: 100 + brokerId },
}));
const overview = { brokers: brokers as unknown as readonly BrokerSummary[], topicCount: 0, atMs: 0 } as unknown as ClusterOverview;

/** A lab that holds what it is told, and does nothing to anybody. */
function labOf(change: Partial<LabPort> = {}) {
  let active: readonly ActiveFault[] = [];
  const keep = (next: readonly ActiveFault[]) => Promise.resolve({ active: (active = next) });
  const port: LabPort = {
    status: () => keep(active),
    inject: (fault, durationMs, by) => keep([...active, holding(fault, durationMs, by)]),
    undo: (faultId) => keep(active.filter((one) => one.faultId !== faultId)),
    healAll: () => keep([]),
    restart: () => keep(active),
    addBroker: () => keep(active),
    ...change,
  };
  return {
    port,
    inject: vi.spyOn(port, 'inject'),
    undo: vi.spyOn(port, 'undo'),
    restart: vi.spyOn(port, 'restart'),
    add: vi.spyOn(port, 'addBroker'),
  };
}

function holding(fault: LabFault, durationMs: number, by: string): ActiveFault {
  const startedAtMs = Date.now();
  return { faultId: JSON.stringify(fault), fault, startedAtMs, endsAtMs: startedAtMs + durationMs, by };
}

function page(search = '', change: Partial<LabPort> = {}, port: Partial<ClusterPort> = {}) {
  const lab = labOf(change);
  const capabilities = { lab: { available: true } } as unknown as Awaited<ReturnType<ClusterPort['capabilities']>>;
  const shown = show(<LabPage />, {
    port: { overview: () => Promise.resolve(overview), capabilities: () => Promise.resolve(capabilities), lab: lab.port, ...port },
    search,
  });
  return { ...shown, ...lab };
}
const button = (name: string | RegExp) => screen.findByRole('button', { name });
const heading = (name: string) => screen.findByRole('heading', { level: 1, name });

test('killing asks once more by name, and only then is it done', async () => {
  const { user, inject } = page();
  await user.click(await button('Kill, Broker 2'));
  await user.click(await button('Kill broker 2'));
  const dialog = await screen.findByRole('dialog', { name: 'Kill broker 2?' });
  expect(inject).not.toHaveBeenCalled();
  await user.click(within(dialog).getByRole('button', { name: 'Kill broker 2' }));
  expect(await heading('One thing is broken on purpose.')).toBeTruthy();
  expect(inject).toHaveBeenCalledExactlyOnceWith({ kind: 'kill', brokerId: 2 }, 30_000, 'local operator');
});

const dayAhead = 'fault=skewed-clock&broker=2&skew=86400';

test('a clock that runs ahead is asked for once more, with the topics that it would empty and what does not come back', async () => {
  const expiringTopics = vi.fn(() => Promise.resolve(['orders', 'payments']));
  const { user, inject } = page(dayAhead, {}, { expiringTopics });
  await user.click(await button('Skew the clock of broker 2'));
  const dialog = await screen.findByRole('dialog', { name: 'Skew the clock of broker 2?' });
  await within(dialog).findByText(/All records of these 2 topics would be deleted.*: orders, payments\./);
  expect(dialog.textContent).toContain('Not undone: what retention deletes by this clock is gone for good.');
  expect(dialog.textContent).toContain('retention.ms less 1 d');
  expect(expiringTopics).toHaveBeenCalledWith(2, 86_400_000);
  expect(inject).not.toHaveBeenCalled();
});

test('where no topic would be emptied that is said; where that can not be read it is not made up', async () => {
  page(dayAhead, {}, { expiringTopics: () => Promise.resolve([]) });
  expect(await screen.findByText(/No topic on this broker has a retention.ms shorter/)).toBeTruthy();
  cleanup();
  page(dayAhead, {}, { expiringTopics: () => Promise.reject(clusterSaid('UNAVAILABLE', 'nobody answers')) });
  expect(await screen.findByText(/could not be read/)).toBeTruthy();
});

test.each([
  ['fault=kill&broker=2', /acknowledged with acks=0 or acks=1/],
  ['fault=freeze&broker=2', /acknowledged with acks=0 or acks=1/],
  ['fault=cut&from=1&to=2', /unclean.leader.election.enable is true/],
  ['fault=stop&broker=2', /unclean.leader.election.enable is true/],
  ['fault=full-disk&broker=2', /Nothing that was acknowledged is lost by it/],
  ['fault=failing-sync&broker=2', /acknowledged with acks=0 or acks=1/],
  ['fault=drop&broker=2&what=response', /written twice/],
  ['fault=skewed-clock&broker=2&skew=-60', /keep the wrong time/],
])('%s: what its end does not undo is said before it is done', async (search, words) => {
  page(search);
  expect(await screen.findByText(words)).toBeTruthy();
});

test('the page does not promise what it can not hold: it ends by itself, and says that deletions stay, in both languages', async () => {
  page();
  expect((await screen.findByText(/Every fault ends by itself/)).textContent).toContain('does not come back');
  for (const { lab } of [en, zh]) expect(JSON.stringify(lab)).not.toMatch(/undoes itself|自行恢复/);
});

test('leaving it alone does nothing', async () => {
  const { user, inject } = page('fault=freeze&broker=1');
  await user.click(await button('Freeze broker 1'));
  await user.click(await button('Leave it alone'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(inject).not.toHaveBeenCalled();
});

test('what disturbs without stopping anybody is done at once', async () => {
  const { user, inject } = page('fault=slow-disk&broker=3&delay=40&seconds=60');
  await user.click(await button('Slow the disk of broker 3'));
  expect(await screen.findAllByText('The disk of broker 3 is 40 ms slower.')).not.toHaveLength(0);
  expect(inject).toHaveBeenCalledExactlyOnceWith({ kind: 'slow-disk', brokerId: 3, delayMs: 40 }, 60_000, 'local operator');
});

test('what the form holds is in the address, and closing takes it out again', async () => {
  const { user, address } = page();
  await user.click(await button(/^Link from broker 2 to broker 3/));
  await user.click(await screen.findByRole('checkbox', { name: 'Both ways' }));
  await waitFor(() =>
    expect(Object.fromEntries(new URLSearchParams(address.search))).toEqual({ fault: 'cut', from: '2', to: '3', both: 'false' }),
  );
  await user.keyboard('{Escape}');
  await waitFor(() => expect(address.search).toBe(''));
});

test.each([
  ['fault=kill&broker=2&seconds=601', 'A whole number from 5 to 600.'],
  ['fault=slow-disk&broker=2&delay=1001', 'A whole number from 1 to 1000.'],
  ['fault=cut&from=2&to=2', 'A link has two different ends.'],
  ['fault=kill', 'Choose one.'],
])('%s: said at the field, and not sendable', async (search, words) => {
  page(search);
  expect(await screen.findByText(words)).toBeTruthy();
  const form = screen.getByRole('complementary', { name: 'Break something' });
  expect(form.querySelector('[type="submit"]')?.hasAttribute('disabled')).toBe(true);
});

test("a refusal is shown in the lab's own sentence, and the form stays", async () => {
  const refuse = () => Promise.reject(new ClusterError('INVALID_INPUT', { kind: 'lab-holds', params: {} }));
  const { user } = page('fault=slow-clients&broker=1', { inject: refuse });
  await user.click(await button('Slow the clients of broker 1'));
  expect((await screen.findByRole('alert')).textContent).toContain('This fault holds already.');
  expect(screen.getByRole('complementary', { name: 'Break something' })).toBeTruthy();
});

test('a killed broker says so at its place, counts down, and one press brings it back', async () => {
  const held = holding({ kind: 'kill', brokerId: 2 }, 120_000, 'ada');
  let active: readonly ActiveFault[] = [held];
  const { user, undo } = page('', {
    status: () => Promise.resolve({ active }),
    undo: () => Promise.resolve({ active: (active = []) }),
  });
  const cabinet = await screen.findByRole('listitem', { name: 'Broker 2' });
  expect(await within(cabinet).findByText('killed')).toBeTruthy();
  expect(within(cabinet).getByRole('timer').textContent).toMatch(/^(2 min|1 min( \d+ s)?)$/);
  expect(within(cabinet).queryByRole('button', { name: /^Kill/ })).toBeNull();
  await user.click(within(cabinet).getByRole('button', { name: 'Start broker 2' }));
  expect(await heading('Nothing is broken.')).toBeTruthy();
  expect(undo).toHaveBeenCalledExactlyOnceWith(held.faultId, 'local operator');
  expect(screen.getAllByRole('status').some((one) => one.textContent === 'Ended: Kill broker 2.')).toBe(true);
});

test('the list tells who did it, and heals one or all', async () => {
  const faults = [
    holding({ kind: 'full-disk', brokerId: 1 }, 60_000, 'ada'),
    holding({ kind: 'cut', fromId: 1, toId: 3, bothWays: true }, 60_000, 'bob'),
  ];
  let active: readonly ActiveFault[] = faults;
  const { user } = page('', {
    status: () => Promise.resolve({ active }),
    undo: (faultId) => Promise.resolve({ active: (active = active.filter((one) => one.faultId !== faultId)) }),
    healAll: () => Promise.resolve({ active: (active = []) }),
  });
  const table = await screen.findByRole('table', { name: 'What is broken' });
  expect(within(table).getByText('bob')).toBeTruthy();
  expect(await button('Link from broker 3 to broker 1: cut')).toBeTruthy();
  await user.click(within(table).getByRole('button', { name: 'Undo: Fill the disk of broker 1' }));
  await waitFor(() => expect(within(table).queryByText('ada')).toBeNull());
  await user.click(screen.getByRole('button', { name: 'Heal all' }));
  expect(await screen.findByRole('heading', { name: 'Nothing is broken' })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Heal all' }).hasAttribute('disabled')).toBe(true);
});

test('a broker is restarted, and one added, only after a question', async () => {
  const { user, restart, add } = page();
  await user.click(await button('Restart broker 3'));
  const ask = await screen.findByRole('dialog', { name: 'Restart broker 3?' });
  expect(restart).not.toHaveBeenCalled();
  await user.click(within(ask).getByRole('button', { name: 'Restart broker 3' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(restart).toHaveBeenCalledExactlyOnceWith(3, 'local operator');
  await user.click(await button('Add a broker'));
  await user.click(within(await screen.findByRole('dialog', { name: 'Add a broker?' })).getByRole('button', { name: 'Add a broker' }));
  await waitFor(() => expect(add).toHaveBeenCalledExactlyOnceWith('local operator'));
});

test('while no broker answers the faults can still be undone: the lab is not asked through them', async () => {
  const lost = () => Promise.reject(clusterSaid('CLUSTER_LOST', 'no broker answers'));
  let active: readonly ActiveFault[] = [holding({ kind: 'kill', brokerId: 1 }, 60_000, 'ada')];
  const { user } = page(
    '',
    { status: () => Promise.resolve({ active }), healAll: () => Promise.resolve({ active: (active = []) }) },
    { overview: lost },
  );
  await screen.findByRole('button', { name: 'Undo: Kill broker 1' });
  await user.click(screen.getByRole('button', { name: 'Heal all' }));
  expect(await screen.findByRole('heading', { name: 'Nothing is broken' })).toBeTruthy();
});

test('a lab that does not answer is said, with what to do', async () => {
  const silent = () =>
    Promise.reject(
      new ClusterError('UNAVAILABLE', { kind: 'supervisor-silent', params: { words: 'closed' } }, { advice: 'still-running' }),
    );
  page('', { status: silent });
  expect((await screen.findByRole('alert')).textContent).toContain('Look whether npm start still runs.');
  expect(await heading('The lab does not answer.')).toBeTruthy();
});

test('a cluster that runs elsewhere says why it has no lab, and offers no button', async () => {
  const refused = { lab: { available: false, reason: 'external-cluster' } } as unknown as Awaited<ReturnType<ClusterPort['capabilities']>>;
  page('', {}, { capabilities: () => Promise.resolve(refused) });
  expect(await heading('This cluster cannot be broken from here.')).toBeTruthy();
  expect(screen.getByText(/only the cluster that this program starts has a lab/)).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});
