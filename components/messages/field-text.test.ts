import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, hexPreview, hexRows, oneLine, readField } from './field-text.ts';

const field = (bytes: Uint8Array, isCut = false, sizeBytes = bytes.length) => ({
  base64: Buffer.from(bytes).toString('base64'),
  sizeBytes,
  isCut,
});
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('null, empty, text and binary never look alike', () => {
  it('knows a null', () => expect(readField(null)).toEqual({ kind: 'null' }));
  it('knows an empty value', () => expect(readField(field(new Uint8Array()))).toEqual({ kind: 'empty' }));
  it('does not call a value empty because none of it was sent', () =>
    expect(readField(field(new Uint8Array(), true, 900)).kind).not.toBe('empty'));
  it('reads text, a byte order mark included', () =>
    expect(readField(field(utf8('\ufeffé 中')))).toMatchObject({ kind: 'text', text: '\ufeffé 中' }));
  it('calls broken UTF-8 binary', () => expect(readField(field(Uint8Array.of(0xff, 0x61))).kind).toBe('binary'));
  it('calls control characters binary', () => expect(readField(field(Uint8Array.of(0, 0, 0, 5))).kind).toBe('binary'));
  it('keeps tabs and line ends as text', () => expect(readField(field(utf8('a\tb\r\nc'))).kind).toBe('text'));
});

describe('a cut inside a character', () => {
  it('leaves out the torn character only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(3), (text, drop) => {
        const clean = text.replaceAll(/[\p{Cc}\p{Cs}]/gu, 'x');
        const bytes = utf8(`${clean}€`);
        const read = readField(field(bytes.subarray(0, bytes.length - Math.min(drop, 2)), true, bytes.length));
        expect(read.kind === 'text' && read.text.startsWith(clean)).toBe(true);
      }),
    );
  });
  it('is still binary when the whole field ends torn', () => expect(readField(field(utf8('a€').subarray(0, 3))).kind).toBe('binary'));
});

describe('bytes', () => {
  it('come back from base64 as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect([...fromBase64(Buffer.from(bytes).toString('base64'))]).toEqual([...bytes]);
      }),
    );
  });
  it('stand sixteen to a row, with what is printable beside them', () => {
    const rows = hexRows(Uint8Array.from({ length: 18 }, (_, index) => index + 0x40));
    expect(rows).toHaveLength(2);
    expect(rows[1]).toEqual({ at: 16, hex: '50 51', text: 'PQ' });
  });
  it('say that more follow', () =>
    expect([hexPreview(Uint8Array.of(1, 255), 2), hexPreview(Uint8Array.of(1, 255, 3), 2)]).toEqual(['01 ff', '01 ff …']));
  it('put lines into one', () => expect(oneLine('{\n  "a": 1\n}')).toBe('{ "a": 1 }'));
});
