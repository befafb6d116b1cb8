import { expect, it } from 'vitest';
import { describeSearch, toViewSearch, viewHref } from './view-search.ts';

const of = (page: 'messages' | 'topics', search: string) => toViewSearch(page, new URLSearchParams(search));

it('keeps what is looked at, and not what is open, picked or under way', () =>
  expect(of('messages', 'open=1:2&picked=0:1&produce=true&topic=orders&replays=true&p=0,1&limit=50')).toBe(
    'topic=orders&p=0%2C1&limit=50',
  ));
it('gives one text for one view, in whatever order the address stands', () =>
  expect(of('topics', 'sort=-records&q=a&show=internal')).toBe(of('topics', 'show=internal&q=a&sort=-records')));
it('takes an empty parameter for its default', () => expect(of('topics', 'q=&create=true')).toBe(''));
it('opens only what is a view today, whatever was kept', () => {
  expect(viewHref('/c/x/topics', 'topics', 'q=a&create=true&drop=1')).toBe('/c/x/topics?q=a');
  expect(viewHref('/c/x/topics', 'topics', 'gone=1')).toBe('/c/x/topics');
});
it('survives characters that mean something in an address', () => {
  const search = of('topics', new URLSearchParams({ q: 'a&b=c d#é' }).toString());
  expect(describeSearch(search)).toBe('q=a&b=c d#é');
  expect(new URLSearchParams(viewHref('/t', 'topics', search).split('?')[1]).get('q')).toBe('a&b=c d#é');
});
