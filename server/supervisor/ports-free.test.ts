import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { listenersOfBroker } from './broker-listeners.ts';
import { portsOf, requireDistinctPorts, requireFreePorts, type WantedPort } from './ports-free.ts';

const host = '127.0.0.1';
const options = {
  host,
  port: 9092,
  listeners: null as string | null,
  advertisedListeners: null,
  advertisedHost: null,
  settings: [],
  consoleHost: host,
  consolePort: 3000,
  withConsole: true,
};

function wantedPorts(wanted: typeof options, brokers: number): WantedPort[] {
  const listeners = Array.from({ length: brokers }, (_, index) => listenersOfBroker(wanted, index + 1));
  return portsOf(listeners, wanted);
}

test('the documented ports of nine brokers and the console are all different', () => {
  expect(() => requireDistinctPorts(wantedPorts(options, 9))).not.toThrow();
});

test.each([
  ['a broker', 9094, 'Port 9094 is wanted twice, by PLAINTEXT of broker 3 and by the console; choose another with --console-port.'],
  ["a broker's controller", 9192, 'Port 9192 is wanted twice, by CONTROLLER of broker 1 and by the console'],
])("the console's port may not be that of %s", (_, consolePort, reason) => {
  expect(() => requireDistinctPorts(wantedPorts({ ...options, consolePort }, 3))).toThrow(reason);
});

test('two listeners of different brokers that would meet on one port are refused before anything starts', () => {
  const close = { ...options, listeners: 'A://127.0.0.1:9092,B://127.0.0.1:9093' };
  expect(() => requireDistinctPorts(wantedPorts(close, 2))).toThrow('Port 9093 is wanted twice, by B of broker 1 and by A of broker 2');
});

test('every address includes each one, and a name may be any of them: one port on both is refused, on two interfaces it is not', () => {
  const clash = (consoleHost: string) => () => requireDistinctPorts(wantedPorts({ ...options, consolePort: 9092, consoleHost }, 1));
  expect(clash('0.0.0.0')).toThrow(/wanted twice/);
  expect(clash('localhost')).toThrow(/wanted twice/);
  expect(clash('127.0.0.2')).not.toThrow();
});

test('without a console nobody wants its port', () => {
  expect(() => requireDistinctPorts(wantedPorts({ ...options, withConsole: false, consolePort: 9092 }, 3))).not.toThrow();
});

test('a port that another program has is refused by number and by the option that moves it', async () => {
  const other = createServer();
  await new Promise<void>((settle) => other.listen(0, host, settle));
  const { port } = other.address() as AddressInfo;
  await expect(requireFreePorts(wantedPorts({ ...options, port }, 1))).rejects.toThrow(
    `Port ${port} on ${host} is taken by another program`,
  );
  await new Promise((settle) => other.close(settle));
});
