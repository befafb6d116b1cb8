// Frames that Apache Kafka's tools and librdkafka really sent, damaged in every way that a seed thinks of, against a real broker
// process: each ends in an answer or a closed connection, and the broker neither dies nor grows. The seed is printed when it fails.

import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { fetchApi } from '#engine/protocol/apis/01-fetch.ts';
import { encodeRequestFrame } from '#engine/protocol/headers.ts';
import { baseOffset, batchSize, nextOffset, rewriteCrc } from '#engine/protocol/records/batch.ts';
import { checkBatch } from '#engine/protocol/records/batch-check.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { seededRandom, type SeededRandom } from '#engine/sim/random.ts';
import { nodeCompression } from '#engine/world/node/compression.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import type { Codec } from '#engine/world/ports.ts';
import { startCluster, type TestCluster } from './cluster-fixture.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_122);
const rounds = Number(process.env['FUZZ_ROUNDS'] ?? 150);
const framesPerConnection = 8;
const maxGrowthBytes = 200 * 1024 * 1024;
const topic = 'kc'; // the one the captured frames speak of
/** Lengths and counts that decoders have been known to believe. */
const absurd = [0x7f_ff_ff_ff, 0xff_ff_ff_ff, 0x80_00_00_00, 0x00_ff_ff_ff, 0x10_00_00_00, 0];

const captured = readFileSync(new URL('../protocol/golden/frames.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' '))
  .filter(([direction]) => direction === 'request')
  .map((fields) => Buffer.from(fields[3]!, 'hex'));

let cluster: TestCluster;
let kafka: Kafka;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 1, settings: { 'socket.request.max.bytes': '10485760', 'connections.max.idle.ms': '20000' } });
  kafka = new Kafka({ clientId: 'fuzz', brokers: [...cluster.bootstrap], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  await admin.disconnect();
});
afterAll(async () => {
  await cluster?.close();
});

function residentBytes(): number {
  const status = readFileSync(`/proc/${cluster.brokers[0]?.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

function withLength(body: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** One to four wounds; the key and version mostly stay, so that the decoders of every API see them. */
function damage(frame: Buffer, random: SeededRandom): Buffer {
  let bytes: Buffer = Buffer.from(frame);
  const from = random.oneIn(8) ? 0 : Math.min(8, bytes.length - 1);
  for (let wounds = 1 + random.nextInt(4); wounds > 0; wounds -= 1) bytes = wound(bytes, { from, random });
  return bytes;
}

function wound(bytes: Buffer, { from, random }: { readonly from: number; readonly random: SeededRandom }): Buffer {
  if (bytes.length <= from + 4) return bytes;
  const at = from + random.nextInt(bytes.length - from - 4);
  const kind = random.nextInt(6);
  if (kind === 0) bytes[at]! ^= 1 << random.nextInt(8);
  if (kind === 1) bytes.writeUInt32BE(absurd[random.nextInt(absurd.length)]!, at);
  if (kind === 2) bytes.writeUInt16BE(random.oneIn(2) ? 0x7f_ff : 0xff_ff, at);
  // A varint of five bytes: the compact lengths of flexible versions.
  if (kind === 3)
    bytes.set(
      [0xff, 0xff, 0xff, 0xff].map((byte) => (random.oneIn(4) ? 0x0f : byte)),
      at,
    );
  if (kind === 4) return Buffer.from(bytes.subarray(0, at));
  if (kind === 5) return Buffer.concat([bytes.subarray(0, at), Buffer.from(random.nextBytes(1 + random.nextInt(20))), bytes.subarray(at)]);
  return bytes;
}

/** Sends all, ends its side, and resolves when the broker has closed the other. */
async function pour(frames: readonly Buffer[]): Promise<Buffer> {
  const socket: Socket = connect({ host: '127.0.0.1', port: cluster.brokers[0]?.port as number });
  const received: Buffer[] = [];
  socket.on('data', (data) => {
    received.push(data);
  });
  // A reset is one of the ways in which a broker may close.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
  socket.end(Buffer.concat(frames));
  await closed;
  return Buffer.concat(received);
}

function expectUnharmed(before: number): void {
  const [broker] = cluster.brokers;
  expect(broker?.isRunning(), `the broker died; FUZZ_SEED=${seed}`).toBe(true);
  expect(broker?.logLines.filter((line) => line.event === 'fatal' || line.event === 'raw')).toEqual([]);
  expect(residentBytes() - before).toBeLessThan(maxGrowthBytes);
}

async function expectToServe(text: string): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  const [written] = await producer.send({ topic: 'still-serving', messages: [{ value: text }] });
  expect(written?.errorCode).toBe(0);
  await producer.disconnect();
}

test(`${rounds * framesPerConnection} damaged frames of real clients: answered or closed, never fatal`, async () => {
  const random = seededRandom(seed);
  const before = residentBytes();
  for (let round = 0; round < rounds; round += 1) {
    await pour(Array.from({ length: framesPerConnection }, () => withLength(damage(captured[random.nextInt(captured.length)]!, random))));
  }
  expectUnharmed(before);
  await expectToServe('frames');
});

test('damaged batches, half of them with a CRC that fits: what was taken is a log without a gap, and the broker goes on', async () => {
  const random = seededRandom(seed + 1);
  const before = residentBytes();
  const codecs: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
  for (let round = 0; round < rounds; round += 1) {
    await pour(codecs.map((codec) => produceFrame(damagedBatch(codec, random))));
  }
  expectUnharmed(before);
  await expectReadableToTheEnd();
  await expectToServe('batches');
});

/** Whole valid batches from the first offset to the last, without a gap: what was taken is a log like any other. */
async function expectReadableToTheEnd(): Promise<void> {
  const client = new KafkaClient(nodeWorld(), {
    bootstrap: [{ host: '127.0.0.1', port: cluster.brokers[0]?.port as number }],
    clientId: 'fuzz',
  });
  let offset = 0;
  let highWatermark = 1;
  while (offset < highWatermark) {
    const partitions = [{ partition: 0, fetchOffset: offset, partitionMaxBytes: 1_000_000 }];
    const answer = await client.toBroker({ brokerId: 1, maxVersion: 12 }, fetchApi, {
      maxWaitMs: 0,
      minBytes: 0,
      topics: [{ topic, partitions }],
    });
    const read = answer.responses[0]?.partitions[0];
    highWatermark = read?.highWatermark ?? 0;
    const bytes = read?.records ?? new Uint8Array(0);
    expect({ errorCode: read?.errorCode, isEmpty: bytes.length === 0 }).toEqual({ errorCode: 0, isEmpty: highWatermark === offset });
    for (let at = 0; at < bytes.length; at += batchSize(bytes, at)) {
      expect(checkBatch(bytes, at, bytes.length)).toBeNull();
      expect(baseOffset(bytes, at)).toBe(offset);
      offset = nextOffset(bytes, at);
    }
  }
  client.close();
  expect(offset, 'no damaged batch was good enough to be taken: the test proves nothing').toBeGreaterThan(0);
}

function damagedBatch(codec: Codec, random: SeededRandom): Uint8Array {
  const records = Array.from({ length: 1 + random.nextInt(10) }, () => ({
    key: random.nextBytes(4),
    value: random.nextBytes(random.nextInt(200)),
    timestamp: 1_700_000_000_000,
  }));
  const batch = wound(Buffer.from(buildBatch(records, { codec, compression: nodeCompression })), { from: 0, random });
  const isWhole = batch.length > 61;
  if (isWhole && random.oneIn(2)) {
    batch.writeInt32BE(batch.length - 12, 8);
    rewriteCrc(batch, 0);
  }
  return batch;
}

function produceFrame(records: Uint8Array): Buffer {
  const request = { transactionalId: null, acks: 1, timeoutMs: 1000, topicData: [{ name: topic, partitionData: [{ index: 0, records }] }] };
  return Buffer.concat(encodeRequestFrame(produceApi, { version: 9, correlationId: 1, clientId: 'fuzz' }, request));
}

test('a frame announced and trickled by many at once costs what has come, not what was promised', async () => {
  const before = residentBytes();
  const announced = Buffer.alloc(4 + 64);
  announced.writeInt32BE(10_000_000);
  const sockets = await Promise.all(
    Array.from({ length: 300 }, async () => {
      const socket = connect({ host: '127.0.0.1', port: cluster.brokers[0]?.port as number });
      socket.on('error', () => {});
      await new Promise<void>((resolve) => {
        socket.once('connect', () => {
          resolve();
        });
      });
      socket.write(announced);
      return socket;
    }),
  );
  await expectToServe('trickle');
  expectUnharmed(before);
  for (const socket of sockets) socket.destroy();
});
