import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';

function options(args: readonly string[], environment: Record<string, string> = {}) {
  const outcome = parseOptions(args, environment);
  return outcome.kind === 'options' ? outcome.options : outcome;
}

test('without anything said the documented defaults hold, on loopback', () => {
  expect(options([])).toEqual({
    brokers: null,
    port: 9092,
    host: '127.0.0.1',
    listeners: null,
    advertisedHost: null,
    advertisedListeners: null,
    consolePort: 3000,
    consoleHost: '127.0.0.1',
    dataDirectory: './data',
    withConsole: true,
    logLevel: 'info',
    settings: [],
  });
});

test('a flag wins over its variable, the variable over the default', () => {
  const environment = { LOGARIUM_BROKERS: '5', LOGARIUM_PORT: '19092', LOGARIUM_SET: 'num.partitions=6;log.segment.bytes=1048576' };
  expect(options(['--brokers', '1', '--no-console'], environment)).toMatchObject({
    brokers: 1,
    port: 19092,
    withConsole: false,
    settings: ['num.partitions=6', 'log.segment.bytes=1048576'],
  });
});

test.each([
  [['--brokers', '0'], '--brokers takes a number from 1 to 9, not "0".'],
  [['--brokers', '3e1'], '--brokers takes a number from 1 to 9, not "3e1".'],
  [['--port', '70000'], '--port takes a port'],
  [['--console-port', '-1'], 'argument'],
  [['--set', 'num.partitions'], '--set takes NAME=VALUE'],
  [['--log-level', 'verbose'], '--log-level takes debug, info, warn or error, not "verbose".'],
  [['--brokerz', '3'], '--brokerz'],
  [['--host', '0.0.0.0'], 'which nobody can dial'],
  [['--host', '0.0.0.0'], '--advertised-host HOST'],
  [['--listeners', 'EXTERNAL=1'], 'listeners must read NAME://host:port'],
  [['--advertised-listeners', 'EXTERNAL://a:1'], 'advertised.listeners names EXTERNAL'],
])('%j is refused with a sentence that says why', (args, reason) => {
  expect(parseOptions(args, {})).toMatchObject({ kind: 'refused', reason: expect.stringContaining(reason) });
});

test('--set listeners and advertised.listeners say the same as the flags, and a flag wins', () => {
  const set = [
    '--set',
    'listeners=PLAINTEXT://0.0.0.0:1000',
    '--set',
    'advertised.listeners=PLAINTEXT://a:1000',
    '--set',
    'num.partitions=2',
  ];
  expect(options(set)).toMatchObject({
    listeners: 'PLAINTEXT://0.0.0.0:1000',
    advertisedListeners: 'PLAINTEXT://a:1000',
    settings: ['num.partitions=2'],
  });
  expect(options([...set, '--advertised-listeners', 'PLAINTEXT://b:1000'])).toMatchObject({ advertisedListeners: 'PLAINTEXT://b:1000' });
  expect(options(set.slice(2), { LOGARIUM_ADVERTISED_HOST: 'c' })).toMatchObject({ advertisedHost: 'c' });
});
