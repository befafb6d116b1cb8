import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import { apiVersionsApi } from '#engine/protocol/apis/18-api-versions.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import type { ByteStream } from '#engine/world/ports.ts';
import type { Connection } from './connection.ts';
import { defaultConnectionLimits, type ConnectionLimits } from './connection.ts';
import { openConnection } from './handshake.ts';
import { ManualTime, on, ScriptedBroker, settle, type SeenRequest } from './testing/scripted-broker.ts';

const metadataNamed = (clusterId: string): ResponseInput<typeof metadataApi> => ({ brokers: [], clusterId, controllerId: 1, topics: [] });

/** Keeps Metadata requests until the test answers them. */
function holding(): { readonly broker: ScriptedBroker; readonly held: SeenRequest[] } {
  const held: SeenRequest[] = [];
  const broker = new ScriptedBroker(
    on(metadataApi, (request) => {
      held.push(request);
      return null;
    }),
  );
  return { broker, held };
}

function open(broker: ScriptedBroker, time: ManualTime, limits: Partial<ConnectionLimits> = {}): Promise<Connection> {
  return openConnection(
    { network: broker.network, timers: time },
    {
      host: 'broker',
      port: 9092,
      clientId: 'tester',
      software: { name: 'test', version: '1' },
      connectTimeoutMs: 1_000,
      limits: { ...defaultConnectionLimits, ...limits },
    },
  );
}

const ask = (connection: Connection) => connection.send(metadataApi, { topics: [] });

test('pipelined requests get their own answers, in the order they were sent', async () => {
  const { broker, held } = holding();
  const connection = await open(broker, new ManualTime());
  const answers = Promise.all([ask(connection), ask(connection), ask(connection)]);
  await settle();
  expect(held).toHaveLength(3);
  held.forEach((request, index) => request.answer(metadataApi, metadataNamed(`c${index}`)));
  expect((await answers).map((answer) => answer.clusterId)).toEqual(['c0', 'c1', 'c2']);
});

test('answers cut into chunks at any place are put together again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 6 }), async (chunkBytes, requests) => {
      const broker = new ScriptedBroker(on(metadataApi, (request) => metadataNamed(`c${request.correlationId}`)));
      broker.chunkBytes = chunkBytes;
      const connection = await open(broker, new ManualTime());
      const answers = await Promise.all(Array.from({ length: requests }, () => ask(connection)));
      expect(answers.map((answer) => answer.clusterId)).toEqual(Array.from({ length: requests }, (_, index) => `c${index + 1}`));
    }),
    { numRuns: 20 },
  );
});

test('a request out of time ends the connection, and everything behind it ends with it', async () => {
  const { broker } = holding();
  const time = new ManualTime();
  const connection = await open(broker, time, { requestTimeoutMs: 500 });
  const outcomes = Promise.allSettled([ask(connection), ask(connection)]);
  await time.advance(499);
  expect(connection.isOpen).toBe(true);
  await time.advance(1);
  expect((await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason)).toMatchObject([
    { code: 'timed-out' },
    { code: 'timed-out' },
  ]);
  expect(connection.isOpen).toBe(false);
  expect(broker.streams[0]?.isClosed).toBe(true);
  expect(time.pendingTimers).toBe(0);
  await expect(ask(connection)).rejects.toMatchObject({ code: 'timed-out' });
});

test('a broker that closes leaves no request without an end', async () => {
  const { broker } = holding();
  const connection = await open(broker, new ManualTime());
  const reasons: string[] = [];
  connection.onClose((reason) => reasons.push(reason.code));
  const outcomes = Promise.allSettled([ask(connection), ask(connection)]);
  await settle();
  broker.closeAll();
  expect((await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason)).toMatchObject([
    { code: 'disconnected' },
    { code: 'disconnected' },
  ]);
  expect(reasons).toEqual(['disconnected']);
});

test('no more than maxInFlight requests are sent, and no more than maxWaiting wait', async () => {
  const { broker, held } = holding();
  const connection = await open(broker, new ManualTime(), { maxInFlight: 2, maxWaiting: 1 });
  const first = [ask(connection), ask(connection), ask(connection)];
  await settle();
  expect(held).toHaveLength(2);
  await expect(ask(connection)).rejects.toMatchObject({ code: 'overloaded' });
  held[0]?.answer(metadataApi, metadataNamed('c'));
  await first[0];
  await settle();
  expect(held).toHaveLength(3);
});

test('an answer that belongs to no request is not handed to another', async () => {
  const broker = new ScriptedBroker(
    on(metadataApi, (request) => {
      const wrong = Buffer.alloc(12);
      wrong.writeInt32BE(8, 0);
      wrong.writeInt32BE(request.correlationId + 7, 4);
      request.sendRaw(wrong);
      return null;
    }),
  );
  const connection = await open(broker, new ManualTime());
  await expect(ask(connection)).rejects.toMatchObject({ code: 'malformed-response' });
  expect(connection.isOpen).toBe(false);
});

test('an answer that announces more than is allowed ends the connection before memory is taken', async () => {
  const broker = new ScriptedBroker(
    on(metadataApi, (request) => {
      const huge = Buffer.alloc(4);
      huge.writeInt32BE(2_000_000_000, 0);
      request.sendRaw(huge);
      return null;
    }),
  );
  const connection = await open(broker, new ManualTime());
  await expect(ask(connection)).rejects.toMatchObject({ code: 'malformed-response' });
});

test('a mistake of ours while an answer is read ends the requests under way, and is heard of as what it is', async () => {
  const { broker, held } = holding();
  const mistake = new TypeError('a mistake in the code');
  const thrown: unknown[] = [];
  const connection = await openConnection(
    {
      network: { ...broker.network, connect: (address) => broker.network.connect(address).then((stream) => listening(stream, thrown)) },
      timers: new ManualTime(),
    },
    {
      host: 'broker',
      port: 9092,
      clientId: 'tester',
      software: { name: 'test', version: '1' },
      connectTimeoutMs: 1_000,
      allocate: () => {
        throw mistake;
      },
    },
  );
  const asked = ask(connection);
  await settle();
  broker.chunkBytes = 100;
  held[0]?.answer(metadataApi, metadataNamed('c'.repeat(20_000)));
  await expect(asked).rejects.toMatchObject({ name: 'ClientError' });
  expect(thrown).toEqual([mistake]);
});

/** What escapes a stream's listener ends the process: Node calls it an uncaught exception. */
function listening(stream: ByteStream, thrown: unknown[]): ByteStream {
  const onData = stream.onData.bind(stream);
  return Object.assign(stream, {
    onData: (take: (chunk: Buffer) => void) => {
      onData((chunk) => {
        try {
          take(chunk);
        } catch (error) {
          thrown.push(error);
        }
      });
    },
  });
}

test('random bytes from the far end never leave a request hanging', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 4, maxLength: 200 }), async (bytes) => {
      const broker = new ScriptedBroker(
        on(metadataApi, (request) => {
          request.sendRaw(Buffer.from(bytes));
          return null;
        }),
      );
      const time = new ManualTime();
      const connection = await open(broker, time, { requestTimeoutMs: 100 });
      const outcome = ask(connection).then(
        () => 'answered',
        (error: { readonly code: string }) => error.code,
      );
      await time.advance(100);
      expect(['answered', 'malformed-response', 'timed-out']).toContain(await outcome);
    }),
    { numRuns: 25 },
  );
});

test('the highest version that both ends know is used', async () => {
  const { broker } = holding();
  const old = new ScriptedBroker((request) => {
    if (request.api.key !== apiVersionsApi.key) return false;
    request.answer(apiVersionsApi, { errorCode: 0, apiKeys: [{ apiKey: 3, minVersion: 0, maxVersion: 5 }] });
    return true;
  });
  const connections = [await open(broker, new ManualTime()), await open(old, new ManualTime())];
  for (const connection of connections) void ask(connection).catch(() => undefined);
  await settle();
  expect(broker.seenOf('Metadata')[0]?.version).toBe(metadataApi.advertised.max);
  expect(old.seenOf('Metadata')[0]?.version).toBe(5);
  await expect(connections[1]?.send(produceApi, { acks: 1, timeoutMs: 1, topicData: [] })).rejects.toMatchObject({
    code: 'unsupported-version',
  });
});

test('a broker too old for our ApiVersions is asked again in its own version', async () => {
  const broker = new ScriptedBroker((request) => {
    if (request.api.key !== apiVersionsApi.key) return false;
    const apiKeys = [
      { apiKey: apiVersionsApi.key, minVersion: 0, maxVersion: 2 },
      { apiKey: 3, minVersion: 0, maxVersion: 1 },
    ];
    if (request.version > 2) request.answer(apiVersionsApi, { errorCode: errorCodes.UNSUPPORTED_VERSION, apiKeys: apiKeys.slice(0, 1) }, 0);
    else request.answer(apiVersionsApi, { errorCode: 0, apiKeys });
    return true;
  });
  const connection = await open(broker, new ManualTime());
  expect(broker.seen.map((request) => request.version)).toEqual([apiVersionsApi.advertised.max, 2]);
  expect(connection.abilities.ranges.get(3)?.maxVersion).toBe(1);
});

test('something that is no Kafka broker is a failed connect, not a hang', async () => {
  const broker = new ScriptedBroker((request) => {
    request.sendRaw(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    return true;
  });
  await expect(open(broker, new ManualTime())).rejects.toMatchObject({ code: 'connect-failed' });
  const silent = new ScriptedBroker(() => true);
  const time = new ManualTime();
  const opening = open(silent, time).catch((error: { readonly code: string }) => error.code);
  await time.advance(1_000);
  expect(await opening).toBe('connect-failed');
});

test('a socket that connected to itself is given up at once, so that the broker can take its port', async () => {
  const { broker } = holding();
  broker.localPort = 9092;
  await expect(open(broker, new ManualTime())).rejects.toMatchObject({
    code: 'connect-failed',
    message: expect.stringContaining('nobody listens'),
  });
  expect(broker.streams[0]?.isClosed).toBe(true);
  expect(broker.seen).toHaveLength(0);
});

test('an unanswered produce takes no place in the queue of answers', async () => {
  const broker = new ScriptedBroker(
    on(produceApi, () => null),
    on(metadataApi, () => metadataNamed('c')),
  );
  const connection = await open(broker, new ManualTime());
  connection.sendUnanswered(produceApi, { acks: 0, timeoutMs: 1, topicData: [] });
  expect((await ask(connection)).clusterId).toBe('c');
  connection.close();
  expect(() => connection.sendUnanswered(produceApi, { acks: 0, timeoutMs: 1, topicData: [] })).toThrow('closed on this side');
});
