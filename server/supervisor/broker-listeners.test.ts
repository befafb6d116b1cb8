import { describe, expect, test } from 'vitest';
import { formatListeners } from '#engine/broker/listeners.ts';
import { allListeners, listenersOfBroker, toListenerSettings, type ListenerOptions } from './broker-listeners.ts';
import { startLines } from './start-lines.ts';

const plain: ListenerOptions = {
  host: '127.0.0.1',
  port: 9092,
  listeners: null,
  advertisedListeners: null,
  advertisedHost: null,
  settings: [],
};

function addressesOf(change: Partial<ListenerOptions>, brokerId: number): { readonly listens: string; readonly advertises: string } {
  const all = allListeners(listenersOfBroker({ ...plain, ...change }, brokerId));
  const advertised = all.map((listener) => ({ name: listener.name, ...listener.advertised }));
  return { listens: formatListeners(all), advertises: formatListeners(advertised) };
}

describe('where each broker listens and what it advertises', () => {
  test('on loopback by default, the ports counting up, the controllers 100 above', () => {
    const both = 'PLAINTEXT://127.0.0.1:9094,CONTROLLER://127.0.0.1:9194';
    expect(addressesOf({}, 3)).toEqual({ listens: both, advertises: both });
  });

  test('behind a NAT or in a container: --host 0.0.0.0 --advertised-host keeps the ports, and the controllers stay inside', () => {
    expect(addressesOf({ host: '0.0.0.0', advertisedHost: 'kafka.example.org' }, 2)).toEqual({
      listens: 'PLAINTEXT://0.0.0.0:9093,CONTROLLER://127.0.0.1:9193',
      advertises: 'PLAINTEXT://kafka.example.org:9093,CONTROLLER://127.0.0.1:9193',
    });
  });

  test('with several listeners the advertised host is for those outside', () => {
    const change = { listeners: 'INTERNAL://127.0.0.1:9092,EXTERNAL://0.0.0.0:19092', advertisedHost: 'example.org' };
    expect(addressesOf(change, 2)).toEqual({
      listens: 'INTERNAL://127.0.0.1:9093,EXTERNAL://0.0.0.0:19093,CONTROLLER://127.0.0.1:9193',
      advertises: 'INTERNAL://127.0.0.1:9093,EXTERNAL://example.org:19093,CONTROLLER://127.0.0.1:9193',
    });
  });

  test('an address of its own for each: the port counts up, or {id} stands for the number of the broker', () => {
    const counted = addressesOf({ host: '0.0.0.0', advertisedListeners: 'PLAINTEXT://proxy.example:31000' }, 3);
    expect(counted.advertises).toContain('PLAINTEXT://proxy.example:31002');
    const named = addressesOf({ host: '0.0.0.0', advertisedListeners: 'PLAINTEXT://broker-{id}.example:9092' }, 3);
    expect(named.advertises).toContain('PLAINTEXT://broker-3.example:9092');
    expect(addressesOf({ host: '0.0.0.0', advertisedHost: 'b{id}.example' }, 2).advertises).toContain('PLAINTEXT://b2.example:9093');
  });

  test('IPv6 hosts are written with brackets where a port follows', () => {
    expect(addressesOf({ host: '::1' }, 1).listens).toBe('PLAINTEXT://[::1]:9092,CONTROLLER://[::1]:9192');
    expect(addressesOf({ host: '::', advertisedHost: '[fd00::5]' }, 1).advertises).toContain('PLAINTEXT://[fd00::5]:9092');
  });

  test('every address without one to advertise is refused, as Kafka refuses it', () => {
    expect(() => addressesOf({ host: '0.0.0.0' }, 1)).toThrow('which nobody can dial');
    expect(() => addressesOf({ host: '::' }, 1)).toThrow('which nobody can dial');
  });

  test('the settings of a broker say it all', () => {
    const change = { listeners: 'A://127.0.0.1:1000,B://127.0.0.1:2000', settings: ['inter.broker.listener.name=B'] };
    expect(toListenerSettings(listenersOfBroker({ ...plain, ...change }, 1))).toEqual([
      'listeners=A://127.0.0.1:1000,B://127.0.0.1:2000,CONTROLLER://127.0.0.1:9192',
      'advertised.listeners=A://127.0.0.1:1000,B://127.0.0.1:2000,CONTROLLER://127.0.0.1:9192',
      'inter.broker.listener.name=B',
    ]);
  });
});

describe('the lines of a start', () => {
  const lines = (change: Partial<ListenerOptions>, consoleHost = '127.0.0.1'): readonly string[] =>
    startLines({
      brokers: [1, 2].map((id) => listenersOfBroker({ ...plain, ...change }, id)),
      console: { host: consoleHost, port: 3000 },
    });

  test('say that nothing is open to the network', () => {
    expect(lines({})).toEqual([
      'Console    http://127.0.0.1:3000',
      'Bootstrap  127.0.0.1:9092,127.0.0.1:9093',
      'Network    every port is open to this machine only',
    ]);
  });

  test('name the ports that are, and those that are not', () => {
    expect(lines({ listeners: 'INTERNAL://127.0.0.1:9092,EXTERNAL://0.0.0.0:19092', advertisedHost: 'example.org' }, '::1')).toEqual([
      'Console    http://[::1]:3000',
      'Bootstrap  INTERNAL  127.0.0.1:9092,127.0.0.1:9093',
      '           EXTERNAL  example.org:19092,example.org:19093',
      'Network    open to the network: 19092 19093 (EXTERNAL)',
      '           open to this machine only: 9092 9093 (INTERNAL), 9192 9193 (CONTROLLER), 3000 (console)',
      '           There is no log-in yet: whoever reaches an open port can read and change everything.',
    ]);
  });
});
