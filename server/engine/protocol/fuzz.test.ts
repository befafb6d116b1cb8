// Bytes from strangers: random ones, damaged real ones, lengths that lie, tags from the future. Whatever comes,
// decoding gives a value or a DecodeError, and never holds memory out of proportion to what really arrived.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecodeError } from '#engine/bytes/errors.ts';
import { Reader } from '#engine/bytes/reader.ts';
import { metadataApi } from './apis/03-metadata.ts';
import { offsetFetchApi } from './apis/09-offset-fetch.ts';
import { decoderOf } from './compile.ts';
import { decodeRequest } from './codec.ts';
import { decodeSubscription } from './group-records/consumer-protocol.ts';
import { decodeGroupRecord } from './group-records/group-record.ts';
import { decodeMetadataRecord } from './metadata-records/metadata-record.ts';
import type { Message } from './schema.ts';
import { arbitraryMessage, everyVersion } from './testing/arbitrary.ts';
import { interpretEncode, interpretEncodeWithUnknownTags } from './testing/interpret.ts';
import { apiMessages, recordMessages } from './testing/messages.ts';
import { includesVersion } from './versions.ts';

/** Hexadecimal written in groups, for the eye. */
const unspaced = (text: string): string => text.replaceAll(' ', '');

const pairs = everyVersion([...apiMessages, ...recordMessages]);
const flexiblePairs = pairs.filter(([, message, version]) => includesVersion(message.flexible, version));

/** Decodes; a DecodeError is a fine answer, anything else fails the test. */
function survive(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
}

const decodeMessage = (message: Message, version: number, bytes: Uint8Array): unknown => decoderOf(message, version)(new Reader(bytes));

/** One way to damage bytes: overwrite, cut off, insert. */
const damage = fc.record({
  kind: fc.constantFrom('overwrite', 'truncate', 'insert'),
  at: fc.nat(),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 5 }),
});
const nasty = fc.constantFrom(
  [0x7f, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff],
  [0x80, 0, 0, 0],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff],
  [0, 0, 0, 0],
);

interface Damage {
  readonly kind: string;
  readonly at: number;
  readonly bytes: Uint8Array;
}

function damaged(bytes: Uint8Array, hurts: readonly Damage[]): Uint8Array {
  return hurts.reduce((current, hurt) => {
    const at = hurt.at % (current.length + 1);
    if (hurt.kind === 'truncate') return current.subarray(0, at);
    const rest = hurt.kind === 'insert' ? at : at + hurt.bytes.length;
    return Buffer.concat([current.subarray(0, at), hurt.bytes, current.subarray(Math.min(rest, current.length))]);
  }, bytes);
}

describe('strange bytes', () => {
  test.each(pairs)('%s survives random bytes and damaged messages', (_, message, version) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => survive(() => decodeMessage(message, version, bytes))),
      { numRuns: 10 },
    );
    const hurt = fc.oneof(
      damage,
      fc.record({ kind: fc.constant('overwrite'), at: fc.nat(), bytes: nasty.map((list) => Uint8Array.from(list)) }),
    );
    fc.assert(
      fc.property(arbitraryMessage(message, version), fc.array(hurt, { minLength: 1, maxLength: 3 }), (value, hurts) => {
        survive(() => decodeMessage(message, version, damaged(interpretEncode(message, version, value), hurts)));
      }),
      { numRuns: 12 },
    );
  });

  test('framed records of the logs survive them too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(30), fc.nat(4), (bytes, type, version) => {
        survive(() => decodeMetadataRecord(bytes));
        survive(() => decodeMetadataRecord(Buffer.concat([Buffer.from([1, type, version]), bytes])));
        survive(() => decodeGroupRecord({ key: Buffer.concat([Buffer.from([0, type]), bytes]), value: bytes }));
        survive(() => decodeSubscription(bytes));
      }),
      { numRuns: 500 },
    );
  });

  test.each(pairs)('%s cut off at any byte is an error, never half a value', (_, message, version) => {
    const [value] = fc.sample(arbitraryMessage(message, version), { numRuns: 1, seed: 11 });
    const bytes = interpretEncode(message, version, value);
    const step = Math.max(1, Math.floor(bytes.length / 50));
    for (let size = 0; size < bytes.length; size += step) {
      expect(() => decodeMessage(message, version, bytes.subarray(0, size))).toThrow(DecodeError);
    }
  });
});

describe('lengths that lie', () => {
  test.each([
    ['7fffffff', 8],
    ['fffffffe', 8],
    ['ffffffff0f', 12],
    ['ffffffff07', 12],
  ])('an array of %s elements in Metadata v%i costs nothing', (length, version) => {
    const bytes = Buffer.concat([Buffer.from(length, 'hex'), Buffer.alloc(64)]);
    const before = process.memoryUsage();
    expect(() => decodeRequest(metadataApi, version, bytes)).toThrow(DecodeError);
    expect(process.memoryUsage().heapUsed - before.heapUsed).toBeLessThan(5 * 1024 * 1024);
  });

  test('a large frame of tiny elements is refused instead of becoming millions of objects', () => {
    // 100 MiB of topics with two-byte empty names would be 50 million objects.
    const bytes = Buffer.alloc(40 * 1024 * 1024);
    bytes.writeInt32BE(bytes.length / 2 - 10);
    expect(() => decodeRequest(metadataApi, 1, bytes)).toThrow(expect.objectContaining({ problem: 'too-many-elements' }));
  });

  test('many arrays draw on one budget, so that none of them looks harmless alone', () => {
    const elements = 1_500_000;
    const topic = Buffer.alloc(2 + 4 + 4 * elements);
    topic.writeInt32BE(elements, 2);
    const start = Buffer.from(unspaced('0000 00000003'), 'hex');
    expect(() => decodeRequest(offsetFetchApi, 1, Buffer.concat([start, topic, topic, topic]))).toThrow(
      expect.objectContaining({ problem: 'too-many-elements' }),
    );
    const twoTopics = Buffer.concat([Buffer.from(unspaced('0000 00000002'), 'hex'), topic, topic]);
    expect(decodeRequest(offsetFetchApi, 1, twoTopics).topics).toHaveLength(2);
  });

  test('a known tag with a wrong size is refused, or later fields would be read from its middle', () => {
    const message = apiMessages.find((candidate) => candidate.name === 'FetchRequest')!;
    const bytes = Buffer.from(interpretEncode(message, 12, { clusterId: 'abc', maxWaitMs: 0, minBytes: 0, topics: [] }));
    const at = bytes.indexOf('abc') - 2;
    expect(bytes[at]).toBe(4);
    bytes[at] = 3;
    expect(() => decodeMessage(message, 12, bytes)).toThrow(expect.objectContaining({ problem: 'tag-size-mismatch' }));
  });
});

describe('tags from the future', () => {
  test.each(flexiblePairs)('%s skips an unknown tag at every nesting level', (_, message, version) => {
    fc.assert(
      fc.property(arbitraryMessage(message, version), (value) => {
        const reader = new Reader(interpretEncodeWithUnknownTags(message, version, value));
        const withTags = decoderOf(message, version)(reader);
        reader.expectEnd();
        expect(withTags).toEqual(decodeMessage(message, version, interpretEncode(message, version, value)));
      }),
      { numRuns: 4 },
    );
  });
});
