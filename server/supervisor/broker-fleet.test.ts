import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BrokerFleet } from './broker-fleet.ts';
import { claimDataDirectory, readDataDirectory } from './data-directory.ts';

const port = 24_500 + 20 * (process.pid % 20);

let directory: string;
let fleet: BrokerFleet;
const alive = new Set<number>();
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'logarium-fleet-'));
  const claimed = readDataDirectory(directory, 1);
  claimDataDirectory(claimed);
  const options = {
    brokers: 1,
    port,
    host: '127.0.0.1',
    listeners: null,
    advertisedHost: null,
    advertisedListeners: null,
    consolePort: port + 10,
    consoleHost: '127.0.0.1',
    dataDirectory: directory,
    withConsole: false,
    logLevel: 'info',
    settings: [],
  } as const;
  fleet = new BrokerFleet(options, claimed, {
    onBrokerMessage: () => {},
    onBrokerSpawn: () => {},
    onChange: () => {},
    processes: { onSpawn: (pid) => void alive.add(pid), onEnd: (pid) => void alive.delete(pid) },
    log: { printed: () => {}, say: () => {} },
  });
});
afterEach(async () => {
  await fleet.kill();
  rmSync(directory, { recursive: true, force: true });
});

test('brokers that are added at once get a number each, and the directory remembers them all', async () => {
  expect(await Promise.all([fleet.addBroker(), fleet.addBroker()])).toEqual([2, 3]);
  expect(fleet.status().map(({ brokerId }) => brokerId)).toEqual([1, 2, 3]);
  expect(readDataDirectory(directory, null).identity.brokers).toBe(3);
});

test('whoever waits for the processes hears of each one that comes and goes', async () => {
  await fleet.addBroker();
  expect([...alive]).toEqual(fleet.status().flatMap(({ pid }) => pid ?? []));
  expect(alive.size).toBe(1);
  await fleet.kill();
  expect(alive.size).toBe(0);
});
