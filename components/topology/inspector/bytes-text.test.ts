import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase64, layOutJson, showBytes, toHex } from './bytes-text.ts';

const field = (bytes: Uint8Array, sizeBytes = bytes.length) => ({
  base64: Buffer.from(bytes).toString('base64'),
  sizeBytes,
  isCut: sizeBytes > bytes.length,
});
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('bytes as people read them', () => {
  test('null, empty and text are three things', () => {
    expect(showBytes(null).kind).toBe('null');
    expect(showBytes(field(new Uint8Array(0))).kind).toBe('empty');
    expect(showBytes(field(utf8('héllo 世界')))).toMatchObject({ kind: 'text', text: 'héllo 世界' });
  });

  test('bytes that are no text are shown as bytes', () => {
    expect(showBytes(field(Uint8Array.from([0xff, 0xfe, 0x00])))).toMatchObject({ kind: 'binary', text: 'ff fe 00' });
  });

  test('text with a nought byte in it is binary: it would lie on the screen', () => {
    expect(showBytes(field(utf8('a\u0000b'))).kind).toBe('binary');
  });

  test('a field cut within a character is still text', () => {
    const bytes = utf8('世界');
    expect(showBytes(field(bytes.subarray(0, 4), 6))).toMatchObject({ kind: 'text', text: '世', isCut: true, sizeBytes: 6 });
  });

  test('base64 goes back to the very bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect([...fromBase64(Buffer.from(bytes).toString('base64'))]).toEqual([...bytes]);
      }),
    );
  });

  test('hexadecimal has sixteen bytes a line and an end', () => {
    expect(toHex(Uint8Array.from({ length: 17 }, (_, index) => index)).split('\n')).toHaveLength(2);
    expect(toHex(new Uint8Array(1_000)).endsWith('…')).toBe(true);
  });
});

describe('JSON laid out', () => {
  test('keeps its meaning, whatever it holds', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const laid = layOutJson(text);
        expect(JSON.parse(laid)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('never touches a digit: large numbers stay exactly as they were sent', () => {
    expect(layOutJson('{"id":12345678901234567890,"price":1.10}')).toContain('12345678901234567890');
    expect(layOutJson('{"id":12345678901234567890,"price":1.10}')).toContain('1.10');
  });

  test('keeps a duplicate key, which a parser would lose', () => {
    expect(layOutJson('{"a":1,"a":2}')).toBe('{\n  "a": 1,\n  "a": 2\n}');
  });

  test('leaves alone what is not JSON', () => {
    expect(layOutJson('{not json')).toBe('{not json');
    expect(layOutJson('plain text')).toBe('plain text');
  });

  test('empty objects and lists stay on their line', () => {
    expect(layOutJson('{"a":{},"b":[]}')).toBe('{\n  "a": {},\n  "b": []\n}');
  });
});
