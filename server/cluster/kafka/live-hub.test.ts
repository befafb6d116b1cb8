import { expect, test, vi } from 'vitest';
import type { TraceEvent } from '#engine/trace/events.ts';
import { ManualTime, settle } from '#engine/client/testing/scripted-broker.ts';
import type { LiveBatch, LiveMessage, TopologySnapshot } from '../port.ts';
import { frameMs, maxFrameFacts } from './fact-frames.ts';
import { LiveHub } from './live-hub.ts';

const facts = (count: number, dropped = 0): LiveBatch => ({
  kind: 'facts',
  events: Array.from({ length: count }, () => ({}) as TraceEvent),
  dropped,
});
const reachable: LiveBatch = { kind: 'reachability', reachability: { isReachable: true, sinceMs: 0, tries: [] } };
const picture = (atMs: number): LiveBatch => ({ kind: 'snapshot', snapshot: { atMs } as TopologySnapshot });

function hubOf() {
  const [onFirst, onLast] = [vi.fn(), vi.fn()];
  const time = new ManualTime();
  return { hub: new LiveHub({ epoch: 'e1', timers: time, onFirst, onLast }), time, onFirst, onLast };
}

/** Facts that make a message of their own. */
async function publishFrame(hub: LiveHub, time: ManualTime, batch: LiveBatch): Promise<void> {
  hub.publish(batch);
  await time.advance(frameMs);
}

/** Reads in the background; `take` gives what came so far. */
function watch(hub: LiveHub, lastEventId: string | null = null) {
  const abort = new AbortController();
  const seen: LiveMessage[] = [];
  const done = (async () => {
    for await (const message of hub.subscribe({ signal: abort.signal, lastEventId }, () => Promise.resolve([reachable])))
      seen.push(message);
  })();
  return { seen, stop: () => (abort.abort(), done) };
}

test('feeds run while somebody watches, and only then', async () => {
  const { hub, onFirst, onLast } = hubOf();
  const [one, two] = [watch(hub), watch(hub)];
  await settle();
  expect(onFirst).toHaveBeenCalledTimes(1);
  await one.stop();
  expect(onLast).not.toHaveBeenCalled();
  await two.stop();
  expect(onLast).toHaveBeenCalledTimes(1);
  expect(hub.isWatched).toBe(false);
});

test('a new browser first gets how things stand, then every message once, in order', async () => {
  const { hub, time } = hubOf();
  const browser = watch(hub);
  await settle();
  await publishFrame(hub, time, facts(1));
  await publishFrame(hub, time, facts(2));
  expect(browser.seen.map((message) => [message.id, message.batch.kind])).toEqual([
    ['e1-0', 'reachability'],
    ['e1-1', 'facts'],
    ['e1-2', 'facts'],
  ]);
  await browser.stop();
});

test('a browser that was away goes on behind the last id it saw', async () => {
  const { hub, time } = hubOf();
  for (let index = 0; index < 5; index++) await publishFrame(hub, time, facts(1));
  const browser = watch(hub, 'e1-3');
  await settle();
  await publishFrame(hub, time, facts(1));
  expect(browser.seen.map((message) => message.id)).toEqual(['e1-4', 'e1-5', 'e1-6']);
  await browser.stop();
});

test.each(['e0-3', 'e1-99', 'rubbish', 'e1-x'])('an id that says nothing here (%s) begins anew', async (lastEventId) => {
  const { hub, time } = hubOf();
  for (let index = 0; index < 5; index++) await publishFrame(hub, time, facts(1));
  const browser = watch(hub, lastEventId);
  await settle();
  expect(browser.seen.map((message) => message.batch.kind)).toEqual(['reachability']);
  await browser.stop();
});

test('an id that is no longer kept begins anew rather than leaving a gap', async () => {
  const { hub } = hubOf();
  for (let index = 0; index < 500; index++) hub.publish(reachable);
  const browser = watch(hub, 'e1-10');
  await settle();
  expect(browser.seen).toHaveLength(1);
  await browser.stop();
});

test('a browser that does not read loses facts within its bound, and is told how many', async () => {
  const { hub } = hubOf();
  const abort = new AbortController();
  const stream = hub.subscribe({ signal: abort.signal, lastEventId: null }, () => Promise.resolve([reachable]))[Symbol.asyncIterator]();
  await stream.next();
  for (let index = 0; index < 125; index++) {
    hub.publish(facts(3, 1));
    hub.publish(reachable);
  }
  const next = (await stream.next()).value as LiveMessage;
  expect(next.batch).toMatchObject({ kind: 'facts', dropped: 25 * 4 + 1 });
  await stream.next();
  const after = (await stream.next()).value as LiveMessage;
  expect(after.batch).toMatchObject({ dropped: 1 });
  abort.abort();
  expect((await stream.next()).done).toBe(true);
});

test('of few but large frames a browser that does not read holds no more than its bound of facts', async () => {
  const { hub } = hubOf();
  const abort = new AbortController();
  const stream = hub.subscribe({ signal: abort.signal, lastEventId: null }, () => Promise.resolve([reachable]))[Symbol.asyncIterator]();
  await stream.next();
  for (let index = 0; index < 30; index++) hub.publish(facts(maxFrameFacts));
  const next = (await stream.next()).value as LiveMessage;
  expect(next.batch).toMatchObject({ kind: 'facts', dropped: 5 * maxFrameFacts });
  abort.abort();
});

test('of a hundred pictures a browser that does not read holds the newest', async () => {
  const { hub } = hubOf();
  const abort = new AbortController();
  const stream = hub.subscribe({ signal: abort.signal, lastEventId: null }, () => Promise.resolve([reachable]))[Symbol.asyncIterator]();
  await stream.next();
  for (let index = 1; index <= 100; index++) {
    if (index % 50 === 0) hub.publish(facts(3));
    hub.publish(picture(index));
  }
  const batches = [await stream.next(), await stream.next(), await stream.next()].map(({ value }) => (value as LiveMessage).batch);
  expect(batches).toMatchObject([{ kind: 'facts', dropped: 0 }, { kind: 'facts', dropped: 0 }, picture(100)]);
  abort.abort();
});

test('a browser that comes back gets the newest picture and none of those before it, and misses no fact', async () => {
  const { hub, time } = hubOf();
  for (let index = 1; index <= 100; index++) {
    await publishFrame(hub, time, facts(1));
    hub.publish(picture(index));
  }
  const browser = watch(hub, 'e1-100');
  await settle();
  expect(browser.seen.filter(({ batch }) => batch.kind === 'snapshot')).toMatchObject([{ id: 'e1-200', batch: picture(100) }]);
  expect(browser.seen.filter(({ batch }) => batch.kind === 'facts')).toHaveLength(50);
  await browser.stop();
});

test('a snapshot does not overtake the facts that were told before it', async () => {
  const { hub, time } = hubOf();
  const browser = watch(hub);
  await settle();
  hub.publish(facts(2));
  hub.publish(facts(3));
  hub.publish(reachable);
  hub.publish(facts(1));
  await time.advance(frameMs);
  const sizes = browser.seen.slice(1).map(({ batch }) => (batch.kind === 'facts' ? batch.events.length : batch.kind));
  expect(sizes).toEqual([5, 'reachability', 1]);
  await browser.stop();
});

test('facts under way when the last browser goes are there for it when it comes back', async () => {
  const { hub, time } = hubOf();
  const browser = watch(hub);
  await settle();
  hub.publish(facts(4));
  await browser.stop();
  expect(time.pendingTimers).toBe(0);
  const again = watch(hub, 'e1-0');
  await settle();
  expect(again.seen).toMatchObject([{ id: 'e1-1', batch: { kind: 'facts' } }]);
  await again.stop();
});

test('closing the adapter ends every stream', async () => {
  const { hub, onLast } = hubOf();
  const browser = watch(hub);
  await settle();
  hub.close();
  await browser.stop();
  expect(onLast).toHaveBeenCalledTimes(1);
});
