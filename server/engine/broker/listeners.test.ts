import { describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { formatListeners, isEveryAddress, resolveListeners, type NodeListeners } from './listeners.ts';

const defaults = { host: '127.0.0.1', port: 9092, controllerPort: 9192, isBroker: true };

function resolve(texts: Readonly<Record<string, string>> = {}, own: Partial<typeof defaults> = {}): NodeListeners {
  return resolveListeners({ ...defaults, ...own }, new Map(Object.entries(texts)));
}

describe('listeners', () => {
  test('without a setting are the host and ports of the flags, advertised as they are', () => {
    expect(resolve()).toEqual({
      clients: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9092, advertised: { host: '127.0.0.1', port: 9092 } }],
      interBroker: 'PLAINTEXT',
      controllerName: 'CONTROLLER',
      controller: { name: 'CONTROLLER', host: '127.0.0.1', port: 9192, advertised: { host: '127.0.0.1', port: 9192 } },
    });
  });

  test('several have names; each advertises its own address, brokers use the named one', () => {
    const { clients, interBroker } = resolve({
      listeners: 'INTERNAL://127.0.0.1:9092, external://0.0.0.0:19092',
      'advertised.listeners': 'EXTERNAL://kafka.example.org:29092',
      'listener.security.protocol.map': 'INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'inter.broker.listener.name': 'INTERNAL',
    });
    expect(formatListeners(clients)).toBe('INTERNAL://127.0.0.1:9092,EXTERNAL://0.0.0.0:19092');
    expect(clients.map(({ advertised }) => advertised)).toEqual([
      { host: '127.0.0.1', port: 9092 },
      { host: 'kafka.example.org', port: 29092 },
    ]);
    expect(interBroker).toBe('INTERNAL');
  });

  test('brokers use PLAINTEXT among themselves unless a setting names another, else the first', () => {
    expect(resolve({ listeners: 'A://127.0.0.1:1,PLAINTEXT://127.0.0.1:2' }).interBroker).toBe('PLAINTEXT');
    expect(resolve({ listeners: 'A://127.0.0.1:1,B://127.0.0.1:2' }).interBroker).toBe('A');
  });

  test("the controller's listener is found by its name; on every address it takes the host that clients are given", () => {
    const named = resolve({ listeners: 'PLAINTEXT://127.0.0.1:1,QUORUM://127.0.0.1:2', 'controller.listener.names': 'QUORUM' });
    expect(named.controller).toMatchObject({ name: 'QUORUM', port: 2 });
    expect(named.clients).toHaveLength(1);
    const open = resolve({ 'advertised.listeners': 'PLAINTEXT://here.example:9092' }, { host: '0.0.0.0' });
    expect(open.controller?.advertised).toEqual({ host: 'here.example', port: 9192 });
  });

  test('IPv6 hosts stand in brackets, and are bare inside', () => {
    const { clients } = resolve({ listeners: 'PLAINTEXT://[::1]:9092' });
    expect(clients[0]).toMatchObject({ host: '::1', port: 9092 });
    expect(formatListeners(clients)).toBe('PLAINTEXT://[::1]:9092');
  });

  test('a node that is only a controller has no listener for clients', () => {
    expect(resolve({}, { isBroker: false }).clients).toEqual([]);
  });
});

test.each(['', '0.0.0.0', '::', '0:0:0:0:0:0:0:0'])('"%s" stands for every address', (host) => {
  expect(isEveryAddress(host)).toBe(true);
});
test.each(['127.0.0.1', '::1', 'localhost', '10.0.0.0', '1::'])('"%s" is an address of its own', (host) => {
  expect(isEveryAddress(host)).toBe(false);
});

test.each<[Readonly<Record<string, string>>, string]>([
  [{ listeners: 'PLAINTEXT://0.0.0.0:9092' }, 'advertised.listeners=PLAINTEXT://HOST:9092'],
  [{ listeners: 'PLAINTEXT://:9092' }, 'which nobody can dial'],
  [{ listeners: 'PLAINTEXT://[::]:9092' }, 'which nobody can dial'],
  [{ 'advertised.listeners': 'PLAINTEXT://0.0.0.0:9092' }, 'which nobody can dial'],
  [{ 'advertised.listeners': 'OTHER://example.org:9092' }, 'advertised.listeners names OTHER, which no listener has'],
  [{ listeners: '127.0.0.1:9092' }, 'listeners must read NAME://host:port'],
  [{ listeners: 'PLAINTEXT://::1:9092' }, 'an IPv6 host in brackets'],
  [{ listeners: 'PLAINTEXT://127.0.0.1:70000' }, 'listeners must read NAME://host:port'],
  [{ listeners: 'A://127.0.0.1:1,A://127.0.0.1:2' }, 'a name of its own'],
  [{ listeners: 'A://127.0.0.1:1,B://127.0.0.1:1' }, 'a port of its own'],
  [{ listeners: 'SSL://127.0.0.1:1' }, 'listener SSL asks for SSL; only PLAINTEXT is served yet'],
  [{ listeners: 'A://127.0.0.1:1', 'listener.security.protocol.map': 'A:SASL_SSL' }, 'listener A asks for SASL_SSL'],
  [{ 'inter.broker.listener.name': 'INTERNAL' }, 'inter.broker.listener.name is INTERNAL'],
  [{ 'controller.listener.names': 'A,B' }, 'controller.listener.names may hold one name'],
])('%j is refused in words', (texts, sentence) => {
  expect(() => resolve(texts)).toThrow(ConfigError);
  expect(() => resolve(texts)).toThrow(sentence);
});
