import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foreignWords, partsOf } from './foreign-text.ts';

const marks = (text: string, hasLines = false): readonly string[] => partsOf(text, hasLines).flatMap(({ mark }) => mark ?? []);

describe('a character that a screen hides or obeys is marked', () => {
  it.each([
    ['a direction override', 'a\u202Egpj', 'U+202E'],
    ['an isolate', 'a\u2067b', 'U+2067'],
    ['a zero-width space', 'a\u200Bb', 'U+200B'],
    ['a byte order mark', '\uFEFFa', 'U+FEFF'],
    ['a soft hyphen', 'a\u00ADb', 'U+00AD'],
    ['a control character', 'a\u0000b', 'U+0000'],
    ['a line separator', 'a\u2028b', 'U+2028'],
    ['a filler', 'a\u3164b', 'U+3164'],
    ['a tag', 'a\u{E0041}b', 'U+E0041'],
    ['half a surrogate pair', 'a\uD800b', 'U+D800'],
    ['a line end in a name', 'a\nb', 'U+000A'],
    ['a joiner outside a picture', 'a\u200Db', 'U+200D'],
  ])('%s', (_what, text, code) => expect(marks(text)).toEqual([code]));

  it.each(['orders', 'größe', '中文', 'שלום', '👨‍👩‍👧', '❤️', '👍🏽', '1️⃣', '\u{1F600}'])('%s is left alone', (text) =>
    expect(marks(text)).toEqual([]),
  );
  it('line ends and tabs of a text in lines are laid out', () => expect(marks('a\tb\r\nc\u200B', true)).toEqual(['U+200B']));
  it('nothing is lost between the marks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, hasLines) => {
        expect(
          partsOf(text, hasLines)
            .map((part) => part.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});

describe('where only a string can stand', () => {
  it('plain names are as they are', () => expect(foreignWords('orders-1')).toBe('orders-1'));
  it('others are isolated and marked by code', () =>
    expect([foreignWords('שלום'), foreignWords('a\u202Eb')]).toEqual(['\u2068שלום\u2069', '\u2068a<U+202E>b\u2069']));
  it('nothing that is shown can turn what follows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(foreignWords(text).slice(1, -1)).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/);
      }),
    );
  });
});
