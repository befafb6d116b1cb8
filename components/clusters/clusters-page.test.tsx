// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { show } from '#components/testing/console.tsx';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { ClusterRegistry } from '#server/cluster/registry.ts';
import { ClustersPage } from './clusters-page.tsx';

const embedded = { id: 'embedded', name: 'This cluster', bootstrap: '127.0.0.1:9092', kind: 'embedded', isReachable: true } as const;
const staging = { id: 's', name: 'staging', bootstrap: '10.0.0.1:9092', kind: 'attached', isReachable: false } as const;

function page(change: Partial<ClusterRegistry> = {}) {
  const registry = {
    list: () => Promise.resolve([embedded, staging]),
    test: vi.fn((): ReturnType<ClusterRegistry['test']> => Promise.resolve({ clusterId: 'abc', brokerCount: 3, unreachable: [] })),
    attach: vi.fn((name: string, bootstrap: string) => Promise.resolve({ ...staging, name, bootstrap })),
    rename: vi.fn(),
    detach: vi.fn(() => Promise.resolve()),
    ...change,
  };
  return { ...show(<ClustersPage />, { rooms: { registry: registry as unknown as ClusterRegistry } }), registry };
}
const name = () => screen.getByRole('textbox', { name: 'Name' });
const bootstrap = () => screen.getByRole('textbox', { name: 'Bootstrap servers' });
const isDisabled = (button: string) => screen.getByRole('button', { name: button }).hasAttribute('disabled');

test.each(['localhost', 'host:', ':9092', 'host:0', 'host:70000', 'a:1 b:2', 'http://a:9092'])(
  '"%s" is no bootstrap address: said at the field, and neither tested nor attached',
  async (text) => {
    const { user } = page();
    await user.type(name(), 'x');
    await user.type(bootstrap(), text);
    expect(screen.getByText('As host:port, with commas between several.')).toBeTruthy();
    expect([isDisabled('Test'), isDisabled('Attach')]).toEqual([true, true]);
  },
);

test('a good address without a name can be tested but not attached', async () => {
  const { user, registry } = page();
  await user.type(bootstrap(), 'a:1, b:2');
  expect(isDisabled('Attach')).toBe(true);
  await user.click(screen.getByRole('button', { name: 'Test' }));
  expect(await screen.findByText('3 brokers answer; cluster id abc.')).toBeTruthy();
  expect(registry.test).toHaveBeenCalledTimes(1);
});

test('a verdict is of the address it was asked for: typing on takes it back', async () => {
  const { user } = page();
  await user.type(bootstrap(), 'a:1');
  await user.click(screen.getByRole('button', { name: 'Test' }));
  await screen.findByText(/brokers answer/);
  await user.type(bootstrap(), '2');
  expect(screen.queryByText(/brokers answer/)).toBeNull();
});

test('brokers that advertise what cannot be reached from here are named, with the setting that mends it', async () => {
  const reason = 'no connection to kafka-1.inside:9092: getaddrinfo ENOTFOUND kafka-1.inside';
  const unreachable = [{ brokerId: 1, address: 'kafka-1.inside:9092', reason }];
  const { user } = page({ test: vi.fn(() => Promise.resolve({ clusterId: 'abc', brokerCount: 3, unreachable })) });
  await user.type(bootstrap(), 'a:1');
  await user.click(screen.getByRole('button', { name: 'Test' }));
  expect(await screen.findByText('Metadata is known: 2 of 3 brokers can be reached from the console.')).toBeTruthy();
  expect(screen.getByText(`broker 1: ${reason}`)).toBeTruthy();
  expect(screen.getByText(/Set advertised.listeners/)).toBeTruthy();
});

test('an address where nobody answers says what was tried, and the form keeps what was typed', async () => {
  const lost = clusterSaid('CLUSTER_LOST', 'no broker answers: a:1 (connection refused)');
  const { user } = page({ attach: () => Promise.reject(lost) });
  await user.type(name(), 'far');
  await user.type(bootstrap(), 'a:1{Enter}');
  expect((await screen.findByRole('alert')).textContent).toContain('connection refused');
  expect([name().getAttribute('value'), bootstrap().getAttribute('value')]).toEqual(['far', 'a:1']);
});

test('an attached cluster empties the form and is said once', async () => {
  const { user, registry } = page();
  await user.type(name(), 'far');
  await user.type(bootstrap(), 'a:1{Enter}');
  expect(await screen.findByText('far is attached')).toBeTruthy();
  expect(registry.attach).toHaveBeenCalledExactlyOnceWith('far', 'a:1');
  expect([name().getAttribute('value'), bootstrap().getAttribute('value')]).toEqual(['', '']);
});

test('our own cluster can be neither renamed nor detached', async () => {
  page();
  await screen.findByRole('link', { name: 'staging' });
  expect(screen.getAllByRole('button', { name: /^Detach/ })).toHaveLength(1);
  expect(screen.getByText('run by this console')).toBeTruthy();
});

test('a cluster that does not answer is told from one that was never asked', async () => {
  page({ list: () => Promise.resolve([staging, { ...staging, id: 'n', name: 'new', isReachable: null }]) });
  const table = within(await screen.findByRole('table', { name: 'Clusters' }));
  expect((await table.findByRole('row', { name: /staging/ })).textContent).toContain('does not answer');
  expect(table.getByRole('row', { name: /^new/ }).textContent).toContain('not asked since the console started');
});

test('detaching is asked first, names the cluster, and keeps the list when it is refused', async () => {
  const detach = vi.fn(() => Promise.reject(clusterSaid('UNKNOWN_CLUSTER', 'it is gone already')));
  const { user } = page({ detach });
  await user.click(await screen.findByRole('button', { name: 'Detach staging' }));
  const dialog = within(screen.getByRole('dialog', { name: 'Detach staging?' }));
  await user.click(dialog.getByRole('button', { name: 'Keep it' }));
  expect(detach).not.toHaveBeenCalled();
  await user.click(screen.getByRole('button', { name: 'Detach staging' }));
  await user.click(within(screen.getByRole('dialog', { name: 'Detach staging?' })).getByRole('button', { name: 'Detach staging' }));
  expect((await screen.findByRole('alert')).textContent).toContain('it is gone already');
});

test('a list that could not be read is not "no cluster"', async () => {
  const answers = [() => Promise.reject(clusterSaid('UNAVAILABLE', 'the store is locked'))];
  const { user } = page({ list: () => answers.shift()?.() ?? Promise.resolve([embedded]) });
  expect((await screen.findByRole('alert')).textContent).toContain('the store is locked');
  expect(screen.queryByText('No cluster is known yet.')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('One cluster is known.')).toBeTruthy();
});
