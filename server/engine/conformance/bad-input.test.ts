// What nobody should send: every case ends in a specific error or a closed connection with a logged reason, and afterwards the
// same broker still serves.

import { connect, type Socket } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { apiVersionsApi } from '#engine/protocol/apis/18-api-versions.ts';
import { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { decodeResponseFrame, encodeRequestFrame } from '#engine/protocol/headers.ts';
import { startCluster, type TestCluster } from './cluster-fixture.ts';

const idleConnections = 2_000;
/** A broker that holds them all may take this much more than before; a leak per byte sent would take gigabytes. */
const maxGrowthBytes = 150 * 1024 * 1024;

let cluster: TestCluster;
const sockets: Socket[] = [];

beforeAll(async () => {
  cluster = await startCluster({ brokers: 1, settings: { 'socket.request.max.bytes': '10485760' } });
});
afterAll(async () => {
  await cluster?.close();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

interface Client {
  readonly socket: Socket;
  readonly received: Buffer[];
  readonly closed: Promise<void>;
}

async function open(port = cluster.brokers[0]?.port as number): Promise<Client> {
  const socket = connect({ host: '127.0.0.1', port });
  sockets.push(socket);
  const received: Buffer[] = [];
  socket.on('data', (chunk) => {
    received.push(chunk);
  });
  // A reset is one of the ways in which a broker may close.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
  await new Promise<void>((resolve) => {
    socket.once('connect', () => {
      resolve();
    });
  });
  return { socket, received, closed };
}

/** The port of our end: how the broker names us in its log. */
async function closesWith(bytes: Uint8Array): Promise<string> {
  const client = await open();
  const { localPort } = client.socket;
  client.socket.write(bytes);
  await client.closed;
  return reasonFor(localPort as number);
}

async function reasonFor(localPort: number): Promise<string> {
  const find = (): string | undefined =>
    cluster.brokers[0]?.logLines.find((line) => line.event === 'connection-refused' && String(line['address']).endsWith(`:${localPort}`))
      ?.reason;
  await expect.poll(find).toBeDefined();
  return find() as string;
}

function frame(...parts: readonly (number[] | Uint8Array)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function header(apiKey: number, apiVersion: number, correlationId = 7): Buffer {
  const bytes = Buffer.alloc(10);
  bytes.writeInt16BE(apiKey, 0);
  bytes.writeInt16BE(apiVersion, 2);
  bytes.writeInt32BE(correlationId, 4);
  bytes.writeInt16BE(-1, 8);
  return bytes;
}

async function firstFrame({ received }: Client): Promise<Buffer> {
  const whole = (): boolean => {
    const bytes = Buffer.concat(received);
    return bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0);
  };
  await expect.poll(whole).toBe(true);
  const bytes = Buffer.concat(received);
  return bytes.subarray(4, 4 + bytes.readInt32BE(0));
}

/** The proof that the broker is none the worse. */
async function stillServes(): Promise<void> {
  const client = await open();
  client.socket.write(
    Buffer.concat(
      encodeRequestFrame(metadataApi, { version: 12, correlationId: 1, clientId: 'probe' }, { topics: [], allowAutoTopicCreation: false }),
    ),
  );
  const answer = decodeResponseFrame(metadataApi, 12, await firstFrame(client));
  expect(answer.brokers).toHaveLength(1);
}

describe('framing', () => {
  test.each([
    ['a length beyond the limit', Buffer.from([0x7f, 0xff, 0xff, 0xff])],
    ['a negative length', Buffer.from([0x80, 0, 0, 0])],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    ['a TLS hello', Buffer.from('160301020001000001fc0303', 'hex')],
    ['a frame too short for a request', frame([0, 3])],
    ['an empty frame', frame()],
  ])('%s closes the connection with a reason', async (_name, bytes) => {
    expect((await closesWith(bytes)).length).toBeGreaterThan(10);
    await stillServes();
  });

  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'), /speaks HTTP/],
    ['a TLS hello', Buffer.from('160301020001000001fc0303', 'hex'), /speaks TLS/],
  ])('%s is called by its name, not by the length that it would be', async (_name, bytes, reason) => {
    expect(await closesWith(bytes)).toMatch(reason);
  });

  test('random bytes never end the broker', async () => {
    let state = 12_345;
    const next = (): number => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state;
    };
    for (let round = 0; round < 60; round += 1) {
      const client = await open();
      const body = Buffer.from(Array.from({ length: 8 + (next() % 300) }, () => next() % 256));
      // Half of them look like a request of some key and version, so that the decoders see them too.
      if (round % 2 === 0) header(next() % 80, next() % 14).copy(body, 0, 0, Math.min(10, body.length));
      client.socket.end(frame(body));
      await client.closed;
    }
    await stillServes();
  });
});

describe('requests', () => {
  test('an unknown key is refused by closing, with the key in the log', async () => {
    expect(await closesWith(frame(header(999, 0)))).toContain('999');
  });

  test('an unknown version is refused by closing, with the versions that are served', async () => {
    expect(await closesWith(frame(header(3, 99)))).toMatch(/Metadata version 99 is not served; 0 to 13/);
  });

  test('an unknown version of ApiVersions is answered in version 0, with the list', async () => {
    const client = await open();
    client.socket.write(frame(header(18, 77), Buffer.from('not the body of any version')));
    const answer = decodeResponseFrame(apiVersionsApi, 0, await firstFrame(client));
    expect(answer.errorCode).toBe(errorCodes.UNSUPPORTED_VERSION);
    expect(answer.apiKeys.find(({ apiKey }) => apiKey === 18)).toMatchObject({ minVersion: 0, maxVersion: 4 });
    expect(answer.apiKeys.length).toBeGreaterThan(20);
  });

  test('a software name that is none is an error, not a closed connection', async () => {
    const client = await open();
    client.socket.write(
      Buffer.concat(
        encodeRequestFrame(
          apiVersionsApi,
          { version: 3, correlationId: 1, clientId: 'x' },
          { clientSoftwareName: '-bad-', clientSoftwareVersion: '1' },
        ),
      ),
    );
    expect(decodeResponseFrame(apiVersionsApi, 3, await firstFrame(client)).errorCode).toBe(errorCodes.INVALID_REQUEST);
  });

  test.each([
    ['an array that announces two thousand million elements', frame(header(3, 1), [0x7f, 0xff, 0xff, 0xff])],
    ['a string that is longer than its request', frame(header(3, 1), [0, 0, 0, 1, 0x7f, 0xff])],
    ['a request that ends in the middle of its body', frame(header(3, 5), [0, 0])],
  ])('%s closes the connection and names the place', async (_name, bytes) => {
    expect(await closesWith(bytes)).toMatch(/malformed Metadata v\d+: .*at byte \d+/);
    await stillServes();
  });

  test('a produce whose batch is broken gets its error, and the next one on the same connection is taken', async () => {
    const client = await open();
    const request = {
      transactionalId: null,
      acks: 1,
      timeoutMs: 1000,
      topicData: [{ name: 'nowhere', partitionData: [{ index: 0, records: Buffer.from('no batch at all') }] }],
    };
    client.socket.write(Buffer.concat(encodeRequestFrame(produceApi, { version: 9, correlationId: 5, clientId: 'x' }, request)));
    const answer = decodeResponseFrame(produceApi, 9, await firstFrame(client));
    expect(answer.responses[0]?.partitionResponses[0]?.errorCode).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  });

  test('acks=0 that fails closes the connection, since there is no other way to tell', async () => {
    const request = {
      transactionalId: null,
      acks: 0,
      timeoutMs: 1000,
      topicData: [{ name: 'nowhere', partitionData: [{ index: 0, records: null }] }],
    };
    const client = await open();
    client.socket.write(Buffer.concat(encodeRequestFrame(produceApi, { version: 9, correlationId: 5, clientId: 'x' }, request)));
    await client.closed;
    // Any leader that moves ends connections like this: it is no refusal that an operator should read of.
    await stillServes();
    const refused = cluster.brokers[0]?.logLines.filter(({ reason }) => reason?.includes('UNKNOWN_TOPIC_OR_PARTITION'));
    expect(refused).toEqual([]);
  });
});

describe('connections', () => {
  test('a half-open one is closed when the client ends its side', async () => {
    const client = await open();
    client.socket.end();
    await client.closed;
    await stillServes();
  });

  test('a very slow one is served all the same, byte by byte', async () => {
    const client = await open();
    const bytes = Buffer.concat(encodeRequestFrame(metadataApi, { version: 1, correlationId: 3, clientId: null }, { topics: [] }));
    for (const byte of bytes) {
      client.socket.write(Buffer.from([byte]));
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    expect(decodeResponseFrame(metadataApi, 1, await firstFrame(client)).brokers).toHaveLength(1);
  });

  test('an idle one is closed after connections.max.idle.ms, whatever it left unfinished', async () => {
    const impatient = await startCluster({ brokers: 1, settings: { 'connections.max.idle.ms': '1000' } });
    try {
      const client = await open(impatient.brokers[0]?.port);
      client.socket.write(Buffer.from([0, 0, 1]));
      await client.closed;
      expect(client.received).toEqual([]);
    } finally {
      await impatient.close();
    }
  });

  test(`${idleConnections} idle ones cost little, and clients are served beside them`, async () => {
    const broker = cluster.brokers[0];
    await expect.poll(() => broker?.latestMetrics()?.residentBytes ?? 0).toBeGreaterThan(0);
    const before = broker?.latestMetrics()?.residentBytes as number;
    for (let at = 0; at < idleConnections; at += 100) await Promise.all(Array.from({ length: 100 }, () => open()));
    await stillServes();
    await expect.poll(() => broker?.latestMetrics()?.connections ?? 0).toBeGreaterThanOrEqual(idleConnections);
    expect((broker?.latestMetrics()?.residentBytes as number) - before).toBeLessThan(maxGrowthBytes);
    expect(broker?.isRunning()).toBe(true);
  });

  test('large frames that are announced and never finished do not pile up', async () => {
    const before = cluster.brokers[0]?.latestMetrics()?.residentBytes as number;
    const announced = Buffer.alloc(4);
    announced.writeInt32BE(10_000_000);
    for (let round = 0; round < 200; round += 1) (await open()).socket.write(announced);
    await stillServes();
    const told = cluster.brokers[0]?.latestMetrics()?.atUs ?? 0;
    await expect.poll(() => cluster.brokers[0]?.latestMetrics()?.atUs ?? 0).toBeGreaterThan(told);
    expect((cluster.brokers[0]?.latestMetrics()?.residentBytes as number) - before).toBeLessThan(maxGrowthBytes);
  });
});

test('after all of that a real client writes and reads', async () => {
  const kafka = new Kafka({ clientId: 'after', brokers: [...cluster.bootstrap], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  const [written] = await producer.send({ topic: 'after', messages: [{ key: 'k', value: 'v' }] });
  expect(written).toMatchObject({ errorCode: 0, baseOffset: '0' });
  await producer.disconnect();
  expect(cluster.brokers[0]?.logLines.filter((line) => line.event === 'fatal' || line.event === 'raw')).toEqual([]);
});
