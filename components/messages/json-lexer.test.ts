import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOutJson, lexJson } from './json-lexer.ts';

const textOf = (text: string): string | null =>
  lexJson(text)
    ?.map((token) => token.text)
    .join('') ?? null;

describe('what JavaScript would change stays as it was written', () => {
  it.each(['9007199254740993', '-9223372036854775808', '18446744073709551615', '1.10', '1e400', '-0', '0.1000000000000000055', '1E+2'])(
    'the number %s',
    (text) => expect(textOf(`[${text}]`)).toBe(`[${text}]`),
  );
  it('keeps duplicate keys, both, in their order', () => expect(textOf('{"a":1,"a":2}')).toBe('{"a":1,"a":2}'));
  it('keeps keys that JavaScript would sort', () => expect(textOf('{"b":1,"10":2,"9":3}')).toBe('{"b":1,"10":2,"9":3}'));
  it('keeps escapes as escapes', () => expect(textOf('"\\u00e9\\/\\n"')).toBe('"\\u00e9\\/\\n"'));
  it('keeps __proto__ as a key', () => expect(textOf('{"__proto__":{}}')).toBe('{"__proto__":{}}'));
});

describe('what is not JSON is not dressed up as JSON', () => {
  it.each([
    '',
    ' ',
    '{',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '[1,]',
    '[1 2]',
    '01',
    '1.',
    '.5',
    '+1',
    'NaN',
    "{'a':1}",
    '"a',
    '"\t"',
    '"\\x"',
    'true false',
    '{"a":1} x',
    '[1]]',
    '\u00a0[1]',
  ])('%j', (text) => expect(lexJson(text)).toBeNull());
  it('gives up on nesting that would overflow the stack', () => expect(lexJson('['.repeat(100_000))).toBeNull());
  it('accepts nesting up to its bound', () => expect(lexJson(`${'['.repeat(400)}${']'.repeat(400)}`)).not.toBeNull());
});

describe('for any JSON', () => {
  it('accepts it and loses nothing but whitespace', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2, '\t'), (json, space) => {
        const text = JSON.stringify(JSON.parse(json), null, space);
        expect(textOf(text)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });
  it('agrees with JSON.parse on which mutations are JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 2 }), fc.nat(), fc.constantFrom('', ',', '"', '}', '0', ' '), (json, at, insert) => {
        const cut = json.length === 0 ? 0 : at % (json.length + 1);
        const text = json.slice(0, cut) + insert + json.slice(cut + (insert === '' ? 1 : 0));
        expect(lexJson(text) !== null).toBe(parses(text));
      }),
      { numRuns: 500 },
    );
  });
  it('lays out every token exactly once, in order', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const tokens = lexJson(json) ?? [];
        expect(layOutJson(tokens).flatMap((line) => line.tokens)).toEqual(tokens);
      }),
    );
  });
});

describe('the layout', () => {
  const lines = (text: string): readonly string[] =>
    layOutJson(lexJson(text) ?? []).map((line) => `${' '.repeat(line.indent)}${line.tokens.map((token) => token.text).join('')}`);
  it('gives each member a line and leaves empty things on theirs', () =>
    expect(lines('{"a":{},"b":[1,[]]}')).toEqual(['{', ' "a":{},', ' "b":[', '  1,', '  []', ' ]', '}']));
  it('puts a scalar on one line', () => expect(lines(' 42 ')).toEqual(['42']));
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
