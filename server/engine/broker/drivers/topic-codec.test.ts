import { afterEach, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { codec, producerId } from '#engine/protocol/records/batch.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { checkBatch } from '#engine/protocol/records/batch-check.ts';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import { nodeCompression } from '#engine/world/node/compression.ts';
import {
  fetchCommand,
  fetchPartition,
  partitionFixture,
  produceCommand,
  textBatch,
  type PartitionFixture,
} from '../testing/partition-fixture.ts';

const readOptions = { compression: nodeCompression, maxDecompressedBytes: 1_000_000 };
const opened: PartitionFixture[] = [];

function setUp(): PartitionFixture {
  const fixture = partitionFixture({});
  opened.push(fixture);
  return fixture;
}

afterEach(() => {
  for (const fixture of opened.splice(0)) fixture.remove();
});

function storedBytes(fixture: PartitionFixture): Uint8Array {
  const outcomes = fixture.driver.fetch(fetchCommand([fetchPartition('t', 0)]));
  if (outcomes instanceof Promise) throw new Error('the answer should have come at once');
  return outcomes[0]?.records as Uint8Array;
}

test.each(['gzip', 'snappy', 'lz4', 'zstd', 'uncompressed'])('compression.type=%s: stored under it, records as they were', (wanted) => {
  const fixture = setUp();
  fixture.metadata.createTopic('t');
  fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'compression.type', wanted);
  const headers = [
    { key: 'h', value: null },
    { key: 'h', value: Buffer.from([0]) },
  ];
  const records = [
    { key: Buffer.from('k'), value: Buffer.from('v'), timestamp: 1_000_000, headers },
    { key: null, value: null, timestamp: 3, exactTimestamp: 3n },
  ];
  const producer = { producerId: 7, producerEpoch: 1, baseSequence: 0 };
  const sent = buildBatch(records, { codec: 'lz4', compression: nodeCompression, producer });
  const expected = [...recordsOf(sent, 0, readOptions)];
  expect(fixture.driver.produce(produceCommand('t', sent))).toMatchObject({ errorCode: 0, recordCount: 2 });
  const bytes = storedBytes(fixture);
  expect(codec(bytes, 0)).toBe(wanted === 'uncompressed' ? 'none' : wanted);
  expect(checkBatch(bytes, 0, bytes.length)).toBeNull();
  expect([...recordsOf(bytes, 0, readOptions)]).toEqual(expected);
  expect(producerId(bytes, 0)).toBe(7);
});

test.each([
  ['gzip', 9, 1, 'topic'],
  ['gzip', 9, 1, 'broker'],
  ['zstd', 19, 1, 'topic'],
  ['zstd', 19, 1, 'broker'],
] as const)('%s at level %i takes less room than at level %i, set on the %s', (...[wanted, best, fast, kind]) => {
  const storedAt = (level: number): number => {
    const fixture = setUp();
    fixture.metadata.createTopic('t');
    fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'compression.type', wanted);
    fixture.metadata.setConfig({ kind, name: kind === 'topic' ? 't' : '1' }, `compression.${wanted}.level`, String(level));
    const words = Array.from({ length: 4_000 }, (_, index) => `word ${(index * index) % 977} of ${index % 31}`).join(' ');
    const sent = buildBatch([{ key: null, value: Buffer.from(words), timestamp: 1, headers: [] }]);
    expect(fixture.driver.produce(produceCommand('t', sent))).toMatchObject({ errorCode: 0 });
    return storedBytes(fixture).length;
  };
  expect(storedAt(best)).toBeLessThan(storedAt(fast));
});

test('a broken batch does not become whole by being stored under the codec of the topic', () => {
  const fixture = setUp();
  fixture.metadata.createTopic('t');
  fixture.metadata.setConfig({ kind: 'topic', name: 't' }, 'compression.type', 'gzip');
  const sent = Buffer.from(textBatch(['abc']));
  sent[sent.length - 2]! ^= 1;
  expect(fixture.driver.produce(produceCommand('t', sent))).toMatchObject({ errorCode: errorCodes.CORRUPT_MESSAGE });
});
