// What a listener makes of the broker's settings: bounds that hold for all its connections together.

import { afterEach, describe, expect, test } from 'vitest';
import type { ByteStream, ListenAddress, Listener } from '#engine/world/ports.ts';
import { createBrokerLog } from './broker-log.ts';
import type { Outcome } from './connection.ts';
import { createSharedBounds, Server } from './server.ts';
import { brokerFixture, type BrokerFixture } from './testing/broker-fixture.ts';
import { FakeStream, frameOf } from './testing/fake-stream.ts';

const opened: BrokerFixture[] = [];
afterEach(() => {
  for (const fixture of opened.splice(0)) fixture.remove();
});

/** A listener that never answers what it serves; connections come as the test says. */
async function listening(settings: Readonly<Record<string, string>>, isCounted = true) {
  const fixture = brokerFixture({ settings });
  opened.push(fixture);
  const addresses: ListenAddress[] = [];
  let accept: (stream: ByteStream) => void = () => {};
  const network = {
    ...fixture.world.network,
    listen: (at: ListenAddress, take: (stream: ByteStream) => void): Promise<Listener> => {
      addresses.push(at);
      accept = take;
      return Promise.resolve({ port: 9092, close: () => Promise.resolve() } as Listener);
    },
  };
  const lines: Record<string, unknown>[] = [];
  const log = createBrokerLog({ minLevel: 'debug', brokerId: 1, nowMs: () => 0, write: (line) => void lines.push(JSON.parse(line)) });
  const broker = { ...fixture.broker, log, world: { ...fixture.world, network } };
  const served: string[] = [];
  const server = new Server({
    listener: 'broker',
    isCounted,
    host: '127.0.0.1',
    port: 9092,
    broker,
    dispatch: (frame) => {
      const text = frame.toString().trimEnd();
      served.push(text);
      if (text === 'failed') return { kind: 'close', reason: 'not led here any more', isOrdinary: true };
      if (text === 'refused') return { kind: 'close', reason: 'not served' };
      return new Promise<Outcome>(() => {});
    },
    nextConnectionId: () => 1,
    bounds: createSharedBounds(fixture.config),
  });
  await server.listen();
  server.open();
  const connect = (): FakeStream => {
    const stream = new FakeStream();
    accept(stream);
    return stream;
  };
  return { connect, served, lines, addresses };
}

describe('settings of a listener', () => {
  test('socket.listen.backlog.size is what the operating system is asked to keep', async () => {
    expect((await listening({})).addresses).toMatchObject([{ port: 9092, backlog: 1_024 }]);
    expect((await listening({ 'socket.listen.backlog.size': '7' })).addresses).toMatchObject([{ backlog: 7 }]);
  });

  test('queued.max.requests bounds what a connection has under way: it is not read beyond that', async () => {
    const { connect, served } = await listening({ 'queued.max.requests': '2' });
    const stream = connect();
    stream.receive(Buffer.concat(['a', 'b', 'c'].map(frameOf)));
    expect([served, stream.isPaused]).toEqual([['a', 'b'], true]);
    const other = connect();
    other.receive(frameOf('d'));
    expect([served, other.isPaused]).toEqual([['a', 'b', 'd'], false]);
  });

  test('queued.max.request.bytes bounds what the requests of all connections hold', async () => {
    const { connect, served } = await listening({ 'socket.request.max.bytes': '300000', 'queued.max.request.bytes': '300000' });
    const [one, two, three] = [connect(), connect(), connect()];
    one.receive(frameOf('one'.padEnd(200_000)));
    two.receive(frameOf('two'.padEnd(200_000)).subarray(0, 150_000));
    three.receive(frameOf('three'.padEnd(200_000)).subarray(0, 150_000));
    expect([one, two, three].map(({ isPaused, isEnded, isDestroyed }) => [isPaused, isEnded, isDestroyed])).toEqual([
      [false, false, false],
      [false, false, false],
      [true, false, false],
    ]);
    expect(served).toEqual(['one']);
  });
});

describe('max.connections', () => {
  const crowd = (connect: () => FakeStream): readonly FakeStream[] => Array.from({ length: 40 }, connect);

  test('bounds the clients, and one line says how many were sent away', async () => {
    const { connect, lines } = await listening({ 'max.connections': '32' });
    expect(crowd(connect).filter(({ isDestroyed }) => isDestroyed)).toHaveLength(8);
    expect(lines).toMatchObject([{ event: 'connection-refused', reason: 'max.connections is 32', refused: 1 }]);
  });

  test('locks nobody out where the quorum or only brokers connect', async () => {
    const { connect, lines } = await listening({ 'max.connections': '32' }, false);
    expect([crowd(connect).filter(({ isDestroyed }) => isDestroyed), lines]).toEqual([[], []]);
  });

  test.each(['-1', '0', '1', '31'])('%s would leave no room for other brokers', async (text) => {
    await expect(listening({ 'max.connections': text })).rejects.toThrow('max.connections must be at least 32');
  });
});

describe('the log of a listener', () => {
  test('who comes and goes is told to nobody unless they ask for debug; who is sent away is a warning that says why', async () => {
    const { connect, lines } = await listening({});
    connect().peerCloses();
    connect().receive(frameOf('failed'));
    connect().receive(frameOf('refused'));
    connect().receive(Buffer.from('GET / HTTP/1.1\r\n'));
    expect(lines).toMatchObject([
      { level: 'debug', event: 'connection-closed' },
      { level: 'debug', event: 'connection-closed', reason: 'not led here any more' },
      { level: 'warn', event: 'connection-refused', reason: 'not served' },
      { level: 'warn', event: 'connection-refused', reason: expect.stringContaining('speaks HTTP ("GET / HTTP/1.1")') },
    ]);
  });
});
