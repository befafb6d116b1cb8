// Tabs of one browser, here as parts of one process: Node has the same locks and channels as a browser.
import { expect, test, vi } from 'vitest';
import { shareStream, whileVisible, type OpenStream } from './shared-stream.ts';

/** A stream that begins with "now" and counts how many are open. */
function setUp() {
  const takers = new Set<(message: string) => void>();
  const open: OpenStream<string> = (take) => {
    takers.add(take);
    take('now');
    return () => takers.delete(take);
  };
  const say = (message: string): void => takers.forEach((take) => take(message));
  return { open, say, openCount: () => takers.size };
}

let number = 0;
const newName = (): string => `stream-${number++}`;

test('six tabs hold one stream, and each hears everything', async () => {
  const { open, say, openCount } = setUp();
  const name = newName();
  const heard = Array.from({ length: 6 }, (): string[] => []);
  const stops = heard.map((messages) => shareStream(name, open, (message) => messages.push(message)));
  await vi.waitFor(() => expect(heard.every((messages) => messages.includes('now'))).toBe(true));
  expect(openCount()).toBe(1);
  say('fact');
  await vi.waitFor(() => expect(heard.map((messages) => messages.filter((one) => one === 'fact').length)).toEqual([1, 1, 1, 1, 1, 1]));
  stops.forEach((stop) => stop());
  expect(openCount()).toBe(0);
});

test('when the tab that holds it leaves, the next takes over', async () => {
  const { open, say, openCount } = setUp();
  const name = newName();
  const heard: string[] = [];
  const stopFirst = shareStream(name, open, () => undefined);
  await vi.waitFor(() => expect(openCount()).toBe(1));
  const stopSecond = shareStream(name, open, (message) => heard.push(message));
  await vi.waitFor(() => expect(heard).toContain('now'));
  stopFirst();
  await vi.waitFor(() => expect(openCount()).toBe(1));
  say('later');
  await vi.waitFor(() => expect(heard).toContain('later'));
  stopSecond();
});

test('a tab that comes later begins with how things stand', async () => {
  const { open, openCount } = setUp();
  const name = newName();
  const stopFirst = shareStream(name, open, () => undefined);
  await vi.waitFor(() => expect(openCount()).toBe(1));
  const heard: string[] = [];
  const stopSecond = shareStream(name, open, (message) => heard.push(message));
  await vi.waitFor(() => expect(heard).toEqual(['now']));
  stopSecond();
  stopFirst();
});

test('one that left before its turn opens nothing', async () => {
  const { open, openCount } = setUp();
  const name = newName();
  const stopFirst = shareStream(name, open, () => undefined);
  await vi.waitFor(() => expect(openCount()).toBe(1));
  shareStream(name, open, () => undefined)();
  stopFirst();
  await navigator.locks.request(name, () => undefined);
  expect(openCount()).toBe(0);
});

test('a hidden tab has no part in the stream, and begins anew when it is seen', () => {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('document', page);
  try {
    const [begin, end] = [vi.fn(), vi.fn()];
    const show = (state: string): void => {
      page.visibilityState = state;
      page.dispatchEvent(new Event('visibilitychange'));
    };
    const stop = whileVisible(() => {
      begin();
      return end;
    });
    expect(begin).toHaveBeenCalledTimes(1);
    show('hidden');
    expect(end).toHaveBeenCalledTimes(1);
    show('visible');
    show('visible');
    expect([begin.mock.calls.length, end.mock.calls.length]).toEqual([2, 1]);
    stop();
    show('hidden');
    show('visible');
    expect([begin.mock.calls.length, end.mock.calls.length]).toEqual([2, 2]);
  } finally {
    vi.unstubAllGlobals();
  }
});

test('without locks each tab has a stream of its own', () => {
  vi.stubGlobal('navigator', {});
  try {
    const { open, openCount } = setUp();
    const stops = [1, 2].map(() => shareStream(newName(), open, () => undefined));
    expect(openCount()).toBe(2);
    stops.forEach((stop) => stop());
  } finally {
    vi.unstubAllGlobals();
  }
});
