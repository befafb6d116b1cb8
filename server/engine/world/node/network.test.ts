import { afterEach, describe, expect, test } from 'vitest';
import { NetworkError, type ByteStream, type Listener } from '../ports.ts';
import { nodeNetwork } from './network.ts';

const listeners: Listener[] = [];
const streams: ByteStream[] = [];
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.destroy();
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
});

async function listen(accept: (stream: ByteStream) => void, port = 0): Promise<Listener> {
  const listener = await nodeNetwork.listen({ host: '127.0.0.1', port, backlog: 16 }, (stream) => {
    streams.push(stream);
    accept(stream);
  });
  listeners.push(listener);
  return listener;
}

async function connect(port: number): Promise<ByteStream> {
  const stream = await nodeNetwork.connect({ host: '127.0.0.1', port, timeoutMs: 5_000 });
  streams.push(stream);
  return stream;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(NetworkError);
  return (error as NetworkError).code;
}

test('what is written on one end arrives on the other, chunks in order', async () => {
  const received: Buffer[] = [];
  const done = new Promise<void>((resolve) => {
    void listen((stream) => {
      stream.onData((chunk) => {
        received.push(chunk);
        if (Buffer.concat(received).length === 11) resolve();
      });
    }).then(async ({ port }) => {
      (await connect(port)).write([Buffer.from('hello'), Buffer.from(' '), Buffer.from('world')]);
    });
  });
  await done;
  expect(Buffer.concat(received).toString()).toBe('hello world');
});

test('a stream names both ends and closes cleanly when the peer ends it', async () => {
  let accepted: ByteStream | undefined;
  const { port } = await listen((stream) => {
    accepted = stream;
    stream.onData(() => {});
  });
  const client = await connect(port);
  client.onData(() => {});
  await expect.poll(() => accepted).toBeDefined();
  expect(accepted).toMatchObject({ remoteAddress: '127.0.0.1', localPort: port, remotePort: client.localPort });
  const closed = new Promise<Error | undefined>((resolve) => {
    accepted?.onClose(resolve);
  });
  client.end();
  expect(await closed).toBeUndefined();
});

test('a reader that pauses holds the writer back, and loses nothing', async () => {
  let accepted: ByteStream | undefined;
  const { port } = await listen((stream) => {
    accepted = stream;
  });
  const client = await connect(port);
  await expect.poll(() => accepted).toBeDefined();
  accepted?.pause();
  const chunk = Buffer.alloc(1024 * 1024, 7);
  let written = 0;
  while (client.write([chunk]) && written < 200) written += 1;
  expect(client.bufferedBytes).toBeGreaterThan(0);
  let received = 0;
  const drained = new Promise<void>((resolve) => {
    client.onDrain(resolve);
  });
  accepted?.onData((bytes) => {
    received += bytes.length;
  });
  accepted?.resume();
  await drained;
  await expect.poll(() => received).toBe((written + 1) * chunk.length);
});

test('a stream that this process opened says that it reads into the same memory, and loses nothing that came before anybody listened', async () => {
  let accepted: ByteStream | undefined;
  const { port } = await listen((stream) => {
    accepted = stream;
    stream.write([Buffer.alloc(600_000, 1)]);
  });
  const client = await connect(port);
  expect([client.lendsChunks, accepted?.lendsChunks ?? false]).toEqual([true, false]);
  await new Promise((settle) => setImmediate(settle));
  const seen = new Set<ArrayBufferLike>();
  let received = 0;
  client.onData((chunk) => {
    seen.add(chunk.buffer);
    received += chunk.filter((byte) => byte === 1).length;
  });
  await expect.poll(() => received).toBe(600_000);
  expect(seen.size, 'the first may be a copy').toBeLessThanOrEqual(2);
});

test('a peer’s end is heard on a stream that this process opened', async () => {
  const { port } = await listen((stream) => {
    stream.onData(() => {
      stream.write([Buffer.from('bye')]);
      stream.end();
    });
  });
  const client = await connect(port);
  const heard: string[] = [];
  client.onData((chunk) => heard.push(chunk.toString()));
  const closed = new Promise<Error | undefined>((settle) => {
    client.onClose(settle);
  });
  client.write([Buffer.from('hello')]);
  expect(await closed).toBeUndefined();
  expect(heard).toEqual(['bye']);
});

describe('failures', () => {
  test('a taken port', async () => {
    const { port } = await listen(() => {});
    expect(await codeOf(listen(() => {}, port))).toBe('address-in-use');
  });

  test('nobody there', async () => {
    const { port } = await listen(() => {});
    await listeners.pop()?.close();
    expect(await codeOf(connect(port))).toBe('refused');
  });

  test.each([0, -1, 70_000, 1.5])('a far end that claims to listen on port %d', async (port) => {
    expect(await codeOf(nodeNetwork.connect({ host: '127.0.0.1', port, timeoutMs: 5_000 }))).toBe('unreachable');
  });

  test('an address this machine has not', async () => {
    expect(await codeOf(nodeNetwork.listen({ host: '203.0.113.1', port: 0, backlog: 16 }, () => {}))).toBe('address-not-available');
  });

  test('a write after the end goes nowhere and breaks nothing', async () => {
    const { port } = await listen((stream) => {
      stream.onData(() => {});
    });
    const client = await connect(port);
    const closed = new Promise<void>((resolve) => {
      client.onClose(() => {
        resolve();
      });
    });
    client.destroy();
    await closed;
    expect(client.write([Buffer.from('x')])).toBe(false);
  });
});

test('an IPv4 client of a listener on every address is named as such', async (context) => {
  const names: string[] = [];
  const accept = (stream: ByteStream): void => {
    streams.push(stream);
    names.push(stream.remoteAddress);
  };
  const listener = await nodeNetwork.listen({ host: '::', port: 0, backlog: 16 }, accept).catch(() => null);
  context.skip(listener === null, 'this machine has no IPv6');
  if (listener === null) return;
  listeners.push(listener);
  await connect(listener.port);
  await expect.poll(() => names).toEqual(['127.0.0.1']);
});
