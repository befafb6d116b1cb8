import { afterEach, describe, expect, test } from 'vitest';
import { apiVersionsApi } from '#engine/protocol/apis/18-api-versions.ts';
import { deleteRecordsApi } from '#engine/protocol/apis/21-delete-records.ts';
import { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import { voteApi } from '#engine/protocol/apis/52-vote.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { decodeResponseFrame, encodeRequestFrame } from '#engine/protocol/headers.ts';
import { CloseConnection, defineHandler, noResponse } from './context.ts';
import { advertisedApis, handlers } from './handlers/index.ts';
import { brokerFixture, type BrokerFixture } from './testing/broker-fixture.ts';
import { frameOf } from './testing/fake-stream.ts';

const opened: BrokerFixture[] = [];

function setUp(options: Parameters<typeof brokerFixture>[0] = {}): BrokerFixture {
  const fixture = brokerFixture(options);
  opened.push(fixture);
  return fixture;
}

afterEach(() => {
  for (const fixture of opened.splice(0)) fixture.remove();
});

function header(apiKey: number, apiVersion: number): Buffer {
  const bytes = Buffer.alloc(10);
  bytes.writeInt16BE(apiKey, 0);
  bytes.writeInt16BE(apiVersion, 2);
  bytes.writeInt32BE(99, 4);
  bytes.writeInt16BE(-1, 8);
  return bytes;
}

describe('a client that goes away', () => {
  const asked: { readonly told: string[]; resolve: () => void } = { told: [], resolve: () => {} };
  const parking = defineHandler(metadataApi, (_request, from) => {
    from.onDisconnect(() => void asked.told.push('gone before its answer'));
    return new Promise((resolve) => {
      asked.resolve = () => {
        resolve({ brokers: [], topics: [] });
      };
    });
  });

  function ask(): BrokerFixture {
    asked.told.length = 0;
    const fixture = setUp({ extraHandlers: [parking] });
    const body = { topics: null, allowAutoTopicCreation: false };
    fixture.stream.receive(Buffer.concat(encodeRequestFrame(metadataApi, { version: 12, correlationId: 1, clientId: null }, body)));
    return fixture;
  }

  test('before its answer is reported to who works on it', () => {
    ask().stream.peerCloses();
    expect(asked.told).toEqual(['gone before its answer']);
  });

  test('behind its answer is no news to who worked on it: a long-lived connection gathers nothing', async () => {
    const { stream, takeFrames } = ask();
    asked.resolve();
    await new Promise(setImmediate);
    expect(takeFrames()).toHaveLength(1);
    stream.peerCloses();
    expect(asked.told).toEqual([]);
  });
});

describe('what cannot be served', () => {
  test.each([
    ['an unknown key', header(999, 0), /API key 999/],
    ['a version above the range', header(3, 99), /Metadata version 99 is not served; 0 to 13 are/],
    ['a version below the range', header(0, 2), /Produce version 2 is not served/],
    ['a frame too short for a header', Buffer.from([0, 3, 0]), /3 bytes/],
    ['a body that ends too early', header(3, 5), /malformed Metadata v5: .*at byte/],
  ])('%s closes the connection and says why', (_name, bytes, reason) => {
    const { stream, closed, broker } = setUp();
    stream.receive(frameOf(bytes));
    expect(closed[0]).toMatch(reason);
    expect(broker.metrics.counters.refusedRequests).toBe(1);
  });

  test('a client too old to be read is still named, and told how old is too old', () => {
    const { stream, closed, connection } = setUp();
    stream.receive(frameOf(Buffer.concat([header(0, 2).subarray(0, 8), Buffer.from([0, 5]), Buffer.from('elder')])));
    expect(connection.clientId).toBe('elder');
    expect(closed[0]).toContain('the client is older than those that Kafka 4 serves (2.1 and newer)');
  });

  test('a key of the controller is unknown on the broker listener, and the other way round', () => {
    const onBroker = setUp();
    onBroker.stream.receive(frameOf(header(voteApi.key, 0)));
    expect(onBroker.closed[0]).toContain('API key 52');
    const onController = setUp({ listener: 'controller' });
    onController.stream.receive(frameOf(header(0, 9)));
    expect(onController.closed[0]).toContain('API key 0');
  });

  test('ApiVersions in an unknown version is answered in version 0 without looking at its body', () => {
    const { stream, takeFrames, closed } = setUp();
    stream.receive(frameOf(Buffer.concat([header(18, 60), Buffer.from([255, 255, 255])])));
    const [frame] = takeFrames();
    const answer = decodeResponseFrame(apiVersionsApi, 0, frame as Buffer);
    expect(frame?.readInt32BE(0)).toBe(99);
    expect(answer.errorCode).toBe(errorCodes.UNSUPPORTED_VERSION);
    expect(answer.apiKeys).toEqual(advertisedApis('broker'));
    expect(closed).toEqual([]);
  });
});

describe('handlers', () => {
  const answerLater = (settle: { resolve: (value: object) => void }) =>
    defineHandler(
      metadataApi,
      () =>
        new Promise((resolve) => {
          settle.resolve = resolve as (value: object) => void;
        }),
    );

  test('may answer later; what came behind waits its turn', async () => {
    const settle = { resolve: (_value: object): void => {} };
    const { stream, takeFrames, settle: settleFixture } = setUp({ extraHandlers: [answerLater(settle)] });
    stream.receive(Buffer.concat(encodeRequestFrame(metadataApi, { version: 1, correlationId: 1, clientId: null }, { topics: null })));
    stream.receive(Buffer.concat(encodeRequestFrame(apiVersionsApi, { version: 0, correlationId: 2, clientId: null }, {})));
    expect(takeFrames()).toEqual([]);
    settle.resolve({ brokers: [], topics: [] });
    await settleFixture();
    expect(takeFrames().map((frame) => frame.readInt32BE(0))).toEqual([1, 2]);
  });

  test('may have no answer, or close', () => {
    const silent = setUp({ extraHandlers: [defineHandler(metadataApi, () => noResponse)] });
    silent.stream.receive(
      Buffer.concat(encodeRequestFrame(metadataApi, { version: 1, correlationId: 1, clientId: null }, { topics: null })),
    );
    expect(silent.takeFrames()).toEqual([]);
    expect(silent.closed).toEqual([]);
    const closing = setUp({ extraHandlers: [defineHandler(metadataApi, () => new CloseConnection('can not be told otherwise'))] });
    closing.stream.receive(
      Buffer.concat(encodeRequestFrame(metadataApi, { version: 1, correlationId: 1, clientId: null }, { topics: null })),
    );
    expect(closing.closed).toEqual(['can not be told otherwise']);
  });

  test('see who asks', async () => {
    const seen: unknown[] = [];
    const { ask } = setUp({
      extraHandlers: [
        defineHandler(metadataApi, (_request, from) => {
          seen.push(from);
          return { brokers: [], topics: [] };
        }),
      ],
    });
    await ask(metadataApi, 9, { topics: null });
    expect(seen).toMatchObject([
      {
        apiKey: 3,
        apiVersion: 9,
        correlationId: 1,
        clientId: 'tester',
        listener: 'broker',
        listenerName: 'PLAINTEXT',
        principal: 'User:ANONYMOUS',
        client: { connectionId: 1, clientId: 'tester', address: '127.0.0.1:50000' },
      },
    ]);
  });
});

test('a client is introduced to viewers once, with the software it named', async () => {
  const { ask, facts } = setUp();
  await ask(apiVersionsApi, 3, { clientSoftwareName: 'some-client', clientSoftwareVersion: '1.2.3' });
  await ask(apiVersionsApi, 3, { clientSoftwareName: 'some-client', clientSoftwareVersion: '1.2.3' });
  expect(facts.filter(({ kind }) => kind === 'client-connected')).toMatchObject([
    { software: 'some-client 1.2.3', client: { clientId: 'tester' } },
  ]);
});

test('every request is counted and timed by its key', async () => {
  const { ask, broker } = setUp();
  await ask(apiVersionsApi, 0, {});
  await ask(deleteRecordsApi, 2, { topics: [], timeoutMs: 1 });
  expect(broker.metrics.counters.requests).toBe(2);
  expect(broker.metrics.api(18).count).toBe(1);
  expect(broker.metrics.api(21).byStage.total.count).toBe(1);
});

describe('the list of handlers', () => {
  test('holds each key once a listener, in the order of the keys', () => {
    for (const listener of ['broker', 'controller'] as const) {
      const keys = advertisedApis(listener).map(({ apiKey }) => apiKey);
      expect(keys).toEqual([...new Set(keys)]);
      expect(keys).toEqual(keys.toSorted((a, b) => a - b));
    }
  });

  test('advertises only ranges that the codec speaks without a hole, but for the white lie of Produce', () => {
    for (const { api } of handlers) {
      const lowest = api.key === 0 ? 0 : api.versions.min;
      expect(api.advertised.min, api.name).toBe(lowest);
      expect(api.advertised.max, api.name).toBeLessThanOrEqual(api.versions.max);
    }
  });
});
