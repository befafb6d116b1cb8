import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromSegment, groupPath, partitionPath, toSegment, withQuery } from './addresses.ts';

const odd = [
  'x.rsc',
  '',
  '.',
  '..',
  '...',
  '.hidden',
  '%',
  '%zz',
  '%25',
  '%2F',
  '/',
  'a/b',
  '\\',
  '?',
  '#',
  ' ',
  '~',
  '~25',
  '~ab',
  'a~',
  '~~',
];
const odder = [
  '__proto__',
  '(.)x',
  '[id]',
  '@slot',
  'ab\u0000',
  '\ufeffx',
  '\u202Egpj',
  'e\u0301',
  'é',
  '中文',
  '\u{1F600}',
  'x;y=1',
  "it's",
  '\ufffd',
];
const names = [...odd, ...odder];

/** What a browser, a proxy and a router may do to an address before the page sees it. */
function travelled(name: string): string {
  const { pathname } = new URL(`/c/embedded/groups/${toSegment(name)}/end`, 'http://console');
  const [, , , , segment, end, ...more] = pathname.split('/');
  expect([end, more]).toEqual(['end', []]);
  return segment ?? '';
}

describe('whatever Kafka allows as a name is one segment of a path, and comes out as it went in', () => {
  it.each(names)('%j', (name) => {
    expect(fromSegment(travelled(name))).toBe(name);
  });
  it.each(names)('%j, when a router has decoded it before, once or twice', (name) => {
    const once = decodeURIComponent(travelled(name));
    expect(fromSegment(once)).toBe(name);
    expect(fromSegment(decodeURIComponent(once))).toBe(name);
  });
  it('any text, decoded any number of times', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(3), (name, decodes) => {
        let segment = travelled(name);
        for (let done = 0; done < decodes; done += 1) segment = decodeURIComponent(segment);
        expect(fromSegment(segment)).toBe(name);
      }),
    );
  });
  it('no address ends like one of the router', () => expect(toSegment('orders.rsc')).toBe('orders~2Ersc'));
  it('no two names share an address', () => expect(new Set(names.map(toSegment)).size).toBe(names.length));
});

describe('an address stays readable', () => {
  it.each(['orders', 'orders.v1', '__consumer_offsets', 'my-group_2', 'a:b'])('%s', (name) =>
    expect(decodeURIComponent(toSegment(name))).toBe(name),
  );
  it('and one from before, percent-encoded, still leads to its page', () => expect(fromSegment('a%2Fb%20c')).toBe('a/b c'));
});

it('paths and queries', () => {
  expect(partitionPath('a.b', 3)).toBe('topics/a.b/3');
  expect(groupPath('..')).toBe('groups/~2E.');
  expect(withQuery('messages', { topic: 'a&b', p: 2, produce: undefined })).toBe('messages?topic=a%26b&p=2');
  expect(withQuery('messages', {})).toBe('messages');
});
