import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromPickedText, maxPicked, maxPickedText, toPickedText } from './picked-text.ts';

const everySecond = (count: number, first: number) => Array.from({ length: count }, (_, index) => `3:${first + 2 * index}`);

test.each([
  [['0:4'], '0:4'],
  [['2:100', '2:101', '2:102', '2:103', '2:108'], '2:100-3.5'],
  [['1:7', '0:4', '0:4', '0:2'], '0:2.2,1:7'],
  [[], ''],
])('%o stands in the address as %s', (keys, text) => {
  expect(toPickedText(keys)).toBe(text);
  expect(new Set(fromPickedText(text))).toEqual(new Set(keys));
});

test('links of before, one item a record, still open', () => {
  expect(fromPickedText('0:4,0:5,1:12')).toEqual(['0:4', '0:5', '1:12']);
});

test('every picked record comes back, whatever was picked', () => {
  const key = fc.tuple(fc.nat({ max: 200 }), fc.nat({ max: 2 ** 40 })).map(([partition, offset]) => `${partition}:${offset}`);
  fc.assert(
    fc.property(fc.array(key, { maxLength: 200 }), (keys) => {
      const text = toPickedText(keys);
      expect(text).not.toBeNull();
      expect(fromPickedText(text ?? '').toSorted()).toEqual([...new Set(keys)].toSorted());
    }),
  );
});

test('a thousand scattered picks at high offsets fit, and a full page of rows is a few characters', () => {
  expect(toPickedText(everySecond(1_000, 9_007_199_254_000_000))?.length).toBeLessThan(maxPickedText);
  expect(toPickedText(Array.from({ length: maxPicked }, (_, index) => `0:${index}`))).toBe(`0:0-${maxPicked - 1}`);
});

test('what an address cannot hold is refused as a whole', () => {
  expect(toPickedText(everySecond(maxPickedText, 0))).toBeNull();
  expect(toPickedText(Array.from({ length: maxPicked + 1 }, (_, index) => `0:${index}`))).toBeNull();
});

test('a typed address asks for no more than one replay takes, and nothing of nonsense', () => {
  expect(fromPickedText('0:0-9007199254740991')).toHaveLength(maxPicked);
  expect(fromPickedText('0:5-9007199254740991,1:1-9007199254740991')).toHaveLength(maxPicked);
  expect(fromPickedText('x,1:,:2,3:a,4:1-,5:99999999999999999999')).toEqual([]);
});
