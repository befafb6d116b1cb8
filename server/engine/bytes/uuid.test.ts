// Ids as text and as bytes, against Buffer's own base64url.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { zeroTopicId } from '#engine/base/brand.ts';
import { EncodeError } from './errors.ts';
import { readUuid, uuidFromBytes, uuidToBytes, writeUuid } from './uuid.ts';

describe('ids', () => {
  test("agree with Buffer's base64url in both directions", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64url');
        expect(uuidFromBytes(bytes)).toBe(text);
        expect(Buffer.from(uuidToBytes(text)).equals(Buffer.from(bytes))).toBe(true);
      }),
    );
  });

  test('are read and written in place', () => {
    const memory = Buffer.alloc(20, 0xff);
    writeUuid(zeroTopicId, memory, 2);
    expect(memory.toString('hex')).toBe(`ffff${'00'.repeat(16)}ffff`);
    expect(readUuid(memory, 2)).toBe(zeroTopicId);
  });

  test.each(['', 'short', `${'A'.repeat(21)}=`, `${'A'.repeat(21)}B`, `${'A'.repeat(20)}é`, 'A'.repeat(23), `+${'A'.repeat(21)}`])(
    'that are none are refused: %j',
    (text) => {
      expect(() => uuidToBytes(text)).toThrow(EncodeError);
    },
  );

  test('have sixteen bytes, no more and no fewer', () => {
    expect(() => uuidFromBytes(new Uint8Array(15))).toThrow(EncodeError);
  });
});
