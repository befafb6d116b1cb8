import { describe, expect, test } from 'vitest';
import { LiveFeed, maxSamples } from './live-feed.ts';
import { produced, snapshot, startMs } from './scene/harbour.fixture.ts';
import type { RateSample } from '#server/cluster/port.ts';

const sample = (atMs: number): RateSample => ({
  atMs,
  bytesInPerSecond: null,
  bytesOutPerSecond: null,
  recordsInPerSecond: 1,
  recordsOutPerSecond: null,
  produceP99Ms: null,
  fetchP99Ms: null,
  idleRatios: null,
});

describe('the feed', () => {
  test('a batch of facts tells its listeners and does not wake React: facts come many times a second', () => {
    const feed = new LiveFeed();
    let woken = 0;
    const heard: number[] = [];
    feed.subscribe(() => {
      woken += 1;
    });
    feed.onFacts((events) => heard.push(events.length));
    feed.take({ kind: 'facts', events: [produced(startMs, { partition: 0, baseOffset: 0, recordCount: 1 })], dropped: 0 }, startMs);
    expect(heard).toEqual([1]);
    expect(woken).toBe(0);
  });

  test('a picture, a sample and reachability wake it', () => {
    const feed = new LiveFeed();
    const before = feed.revision();
    feed.take({ kind: 'snapshot', snapshot: snapshot() }, startMs);
    feed.take({ kind: 'rates', sample: sample(1) }, startMs);
    feed.take({ kind: 'reachability', reachability: { isReachable: false, sinceMs: 4, tries: [] } }, startMs);
    expect(feed.revision()).toBe(before + 3);
    expect(feed.scene.snapshot).not.toBeNull();
    expect(feed.reachability?.isReachable).toBe(false);
  });

  test('past samples go before the ones that came meanwhile, none twice', () => {
    const feed = new LiveFeed();
    feed.take({ kind: 'rates', sample: sample(5_000) }, 5_000);
    feed.seedSamples([sample(3_000), sample(4_000), sample(5_000)]);
    expect(feed.samples.map((one) => one.atMs)).toEqual([3_000, 4_000, 5_000]);
  });

  test('samples have a bound', () => {
    const feed = new LiveFeed();
    for (let index = 0; index < maxSamples + 5; index += 1) feed.take({ kind: 'rates', sample: sample(index) }, index);
    expect(feed.samples).toHaveLength(maxSamples);
    expect(feed.samples[0]?.atMs).toBe(5);
  });

  test('whoever unsubscribes hears nothing more', () => {
    const feed = new LiveFeed();
    let heard = 0;
    const stops = [
      feed.subscribe(() => {
        heard += 1;
      }),
      feed.onFacts(() => {
        heard += 1;
      }),
    ];
    for (const stop of stops) stop();
    feed.changed();
    feed.take({ kind: 'facts', events: [], dropped: 0 }, 1);
    expect(heard).toBe(0);
  });
});
