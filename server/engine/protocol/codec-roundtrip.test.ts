// Compiled codecs against the interpreter and against themselves, for every message, version and direction. A
// slip in the source that the compiler writes would show as wrong bytes for one version of one API.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reader } from '#engine/bytes/reader.ts';
import { Writer } from '#engine/bytes/writer.ts';
import { decoderOf, encoderOf } from './compile.ts';
import type { Message } from './schema.ts';
import { arbitraryMessage, everyVersion } from './testing/arbitrary.ts';
import { interpretDecode, interpretEncode } from './testing/interpret.ts';
import { apiMessages, recordMessages } from './testing/messages.ts';
import { borrowsFrame } from './wire-shape.ts';

const runsEach = 8;
const pairs = everyVersion([...apiMessages, ...recordMessages]);

function encode(message: Message, version: number, value: unknown): Buffer {
  const writer = new Writer();
  encoderOf(message, version)(writer, value);
  const { size } = writer;
  const chunks = writer.finish();
  expect(size).toBe(chunks.reduce((total, chunk) => total + chunk.length, 0));
  return Buffer.concat(chunks);
}

/** Decodes and proves that exactly all bytes were taken. */
function decode(message: Message, version: number, bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const value = decoderOf(message, version)(reader);
  reader.expectEnd();
  return value;
}

/** Views of a frame and fresh arrays compare as plain bytes. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}

describe('every message at every version', () => {
  test.each(pairs)('%s decodes to what was encoded, and the interpreter agrees', (_, message, version) => {
    fc.assert(
      fc.property(arbitraryMessage(message, version), (value) => {
        const bytes = encode(message, version, value);
        expect(bytes.equals(interpretEncode(message, version, value))).toBe(true);
        expect(plain(decode(message, version, bytes))).toEqual(plain(value));
        expect(plain(interpretDecode(message, version, new Reader(bytes)))).toEqual(plain(value));
      }),
      { numRuns: runsEach },
    );
  });

  test.each(everyVersion(apiMessages))('%s yields the same shape, in the same order, as every other version', (_, message, version) => {
    const [value] = fc.sample(arbitraryMessage(message, version), { numRuns: 1, seed: 7 });
    const decoded = decode(message, version, encode(message, version, value)) as object;
    expect(Object.keys(decoded)).toEqual(Object.keys(message.fields));
  });

  const independent = everyVersion(apiMessages.filter(({ fields }) => !borrowsFrame(fields)));
  test.each(independent)('%s holds no bytes, so it outlives the frame it came in', (_, message, version) => {
    const [value] = fc.sample(arbitraryMessage(message, version), { numRuns: 1, seed: 7 });
    const frame = encode(message, version, value);
    const decoded = decode(message, version, frame);
    frame.fill(0xdb);
    expect(plain(decoded)).toEqual(plain(value));
  });

  test('those that hold bytes are known, however deep the bytes lie', () => {
    const borrowing = apiMessages.filter(({ fields }) => borrowsFrame(fields)).map(({ name }) => name);
    expect(borrowing).toEqual(
      expect.arrayContaining(['ProduceRequest', 'FetchResponse', 'JoinGroupRequest', 'SyncGroupRequest', 'EnvelopeRequest']),
    );
    expect(borrowing).not.toEqual(expect.arrayContaining(['FetchRequest']));
  });
});
