import { describe, expect, test } from 'vitest';
import { zeroTopicId } from '#engine/base/brand.ts';
import { emptyImage, type BrokerImage, type ClusterImage } from '#engine/controller/image/cluster-image.ts';
import type { ControllerSettings, Decision } from '#engine/controller/decision.ts';
import type { MetadataRecord } from '#engine/controller/records.ts';
import type { TimerHandle, World } from '#engine/world/ports.ts';
import { ControllerDriver, maxPendingAnswers } from './controller.ts';

/** A log that commits when told, and timers that fire when told. */
class Bench {
  readonly appended: (readonly MetadataRecord[])[] = [];
  readonly timers = new Map<number, () => void>();
  readonly delays = new Map<number, number>();
  endOffset = 1;
  leads = true;
  #nextTimer = 1;
  readonly driver: ControllerDriver;

  constructor(settings: Partial<ControllerSettings> = {}) {
    const world = {
      clock: { nowMs: () => 0, monotonicUs: () => 0 },
      random: { nextInt: () => 0, nextBytes: (length: number) => new Uint8Array(length) },
      timers: {
        setTimer: (delayMs: number, fire: () => void) => {
          const id = this.#nextTimer++;
          this.delays.set(id, delayMs);
          this.timers.set(id, fire);
          return id as unknown as TimerHandle;
        },
        clearTimer: (handle: TimerHandle) => {
          this.timers.delete(handle as unknown as number);
        },
        soon: (fire: () => void) => {
          fire();
        },
      },
    } as unknown as World;
    this.driver = new ControllerDriver({
      world,
      settings: {
        clusterId: 'c',
        defaultPartitions: 1,
        defaultReplicationFactor: 1,
        sessionTimeoutMs: 9_000,
        staticConfigs: new Map(),
        ...settings,
      },
      log: this,
    });
  }

  nextTimerMs(): number {
    return Math.min(...[...this.timers.keys()].map((id) => this.delays.get(id) ?? Infinity));
  }

  append(records: readonly MetadataRecord[]): number | null {
    if (!this.leads) return null;
    const baseOffset = this.endOffset;
    this.appended.push(records);
    this.endOffset += records.length;
    return baseOffset;
  }

  /** Active, with the bootstrap records committed. */
  active(): this {
    this.driver.activate(1, emptyImage, 1);
    this.driver.onCommitted(this.endOffset);
    return this;
  }
}

/** Brokers that are registered and unfenced. */
function imageOf(...brokerIds: readonly number[]): ClusterImage {
  const broker = (brokerId: number): BrokerImage => ({
    brokerId,
    brokerEpoch: 5,
    incarnationId: zeroTopicId,
    endpoints: [],
    features: [],
    rack: null,
    logDirs: [],
    isFenced: false,
    isShuttingDown: false,
  });
  return { ...emptyImage, brokers: new Map(brokerIds.map((brokerId) => [brokerId, broker(brokerId)])) };
}

const noOp = (): Decision<string> => ({ records: [{ type: 'NoOp' }], answer: 'done' });
const question = (): Decision<string> => ({ records: [], answer: 'read' });

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol('open');
  return (await Promise.race([promise, Promise.resolve(open)])) !== open;
}

describe('the active controller', () => {
  test('answers only after the commit, even a question about what is not committed yet', async () => {
    const bench = new Bench().active();
    const { driver } = bench;
    const write = driver.submit(noOp, 1_000);
    const read = driver.submit(question, 1_000);
    expect(await isSettled(write)).toBe(false);
    expect(await isSettled(read)).toBe(false);
    driver.onCommitted(bench.endOffset);
    expect(await Promise.all([write, read])).toEqual([
      { kind: 'answered', answer: 'done' },
      { kind: 'answered', answer: 'read' },
    ]);
    expect(await driver.submit(question, 1_000)).toEqual({ kind: 'answered', answer: 'read' });
  });

  test('writes the first records of a new cluster, once', () => {
    const bench = new Bench().active();
    expect(bench.appended).toEqual([
      [
        { type: 'FeatureLevel', name: 'metadata.version', featureLevel: 30 },
        { type: 'FeatureLevel', name: 'eligible.leader.replicas.version', featureLevel: 1 },
        { type: 'Config', resourceType: 4, resourceName: '', name: 'min.insync.replicas', value: '1' },
      ],
    ]);
  });

  test('that loses the lead leaves what is not committed unanswered as done', async () => {
    const bench = new Bench().active();
    const write = bench.driver.submit(noOp, 1_000);
    bench.driver.deactivate();
    expect(await write).toEqual({ kind: 'not-controller' });
    expect(await bench.driver.submit(noOp, 1_000)).toEqual({ kind: 'not-controller' });
  });

  test('that lost the lead without knowing it decides nothing', async () => {
    const bench = new Bench().active();
    bench.leads = false;
    const image: unknown[] = [];
    expect(
      await bench.driver.submit((view) => {
        image.push(view.image);
        return noOp();
      }, 1_000),
    ).toEqual({ kind: 'not-controller' });
    await bench.driver.submit((view) => {
      image.push(view.image);
      return question();
    }, 1_000);
    expect(image[0]).toBe(image[1]);
  });

  test('a time-out leaves the outcome open, and a late commit finds nobody', async () => {
    const bench = new Bench().active();
    const write = bench.driver.submit(noOp, 5);
    Array.from(bench.timers.values()).forEach((fire) => {
      fire();
    });
    expect(await write).toEqual({ kind: 'timed-out' });
    bench.driver.onCommitted(bench.endOffset);
  });

  test('gives a broker that the quorum has missed for a while only the rest of its session', () => {
    const bench = new Bench();
    bench.driver.activate(1, imageOf(1, 2), 1);
    expect(bench.nextTimerMs()).toBe(9_000);
    bench.driver.noteSilence(2, 2_100);
    expect(bench.nextTimerMs()).toBe(6_900);
    bench.driver.noteSilence(2, 500);
    expect(bench.nextTimerMs(), 'longer known silence stays').toBe(6_900);
  });

  test('counts from the heartbeat once it has heard one, whatever the quorum had missed', async () => {
    const bench = new Bench();
    bench.driver.activate(1, imageOf(1), 1);
    const beat = bench.driver.submit((view) => {
      view.heartbeats.touch(1, 5, view.nowMs);
      return question();
    }, 1_000);
    bench.driver.onCommitted(bench.endOffset);
    await beat;
    bench.driver.noteSilence(1, 8_000);
    expect(bench.nextTimerMs()).toBe(9_000);
  });

  test('looks after the balance of leaders again and again, while it is active', () => {
    const bench = new Bench({ leaderBalanceMs: 300_000 });
    const due = (): readonly number[] => [...bench.delays.entries()].filter(([, delayMs]) => delayMs === 300_000).map(([id]) => id);
    bench.active();
    const [first] = due();
    bench.timers.get(first!)!();
    expect(due()).toHaveLength(2);
    const last = due().at(-1)!;
    bench.driver.deactivate();
    expect(bench.timers.has(last)).toBe(false);
  });

  test('has a bound on answers that wait for their commit', async () => {
    const bench = new Bench().active();
    for (let count = 0; count < maxPendingAnswers; count++) void bench.driver.submit(noOp, 1_000);
    expect(await bench.driver.submit(noOp, 1_000)).toEqual({ kind: 'overloaded' });
  });
});
