import { describe, expect, test } from 'vitest';
import { zeroTopicId } from '#engine/base/brand.ts';
import { brokerRegistrationApi } from '#engine/protocol/apis/62-broker-registration.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { silentLog } from '../broker-log.ts';
import { ManualTime } from '../testing/manual-time.ts';
import { testConfig } from '../testing/partition-fixture.ts';
import { StaticMetadata } from '../testing/static-metadata.ts';
import { BrokerLifecycle, RegistrationRefusedError } from './broker-lifecycle.ts';
import type { Forwarding } from './forwarding.ts';

const {
  NONE,
  NOT_CONTROLLER,
  REQUEST_TIMED_OUT,
  STALE_BROKER_EPOCH,
  BROKER_ID_NOT_REGISTERED,
  DUPLICATE_BROKER_REGISTRATION,
  INCONSISTENT_CLUSTER_ID,
  UNKNOWN_SERVER_ERROR,
} = errorCodes;
const sessionMs = 9_000;
const intervalMs = 2_000;
const shutdownBoundMs = 12_000;

interface Asked {
  readonly kind: 'register' | 'beat';
  readonly timeoutMs: number;
  readonly wantShutDown: boolean;
  readonly brokerEpoch: number;
}

/** The far end of the road: a controller as the test wants it, gone (every request times out) or slow to let go. */
class Controller {
  readonly asked: Asked[] = [];
  readonly #time: ManualTime;
  isGone = false;
  registration: number = NONE;
  heartbeat: { errorCode: number; isFenced: boolean; shouldShutDown: boolean } = {
    errorCode: NONE,
    isFenced: false,
    shouldShutDown: false,
  };
  brokerEpoch = 1;
  underWay = 0;
  mostUnderWay = 0;

  constructor(time: ManualTime) {
    this.#time = time;
  }

  get road(): Pick<Forwarding, 'ask'> {
    const ask = async (
      api: { readonly key: number },
      request: { readonly wantShutDown?: boolean; readonly brokerEpoch?: number },
      timeoutMs: number,
    ): Promise<object> => {
      this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
      const kind = api.key === brokerRegistrationApi.key ? 'register' : 'beat';
      this.asked.push({ kind, timeoutMs, wantShutDown: request.wantShutDown ?? false, brokerEpoch: request.brokerEpoch ?? -1 });
      if (this.isGone)
        await new Promise<void>((resolve) => {
          this.#time.setTimer(timeoutMs, resolve);
        });
      this.underWay -= 1;
      if (this.isGone) return { errorCode: REQUEST_TIMED_OUT };
      return kind === 'register' ? { errorCode: this.registration, brokerEpoch: this.brokerEpoch } : { ...this.heartbeat };
    };
    return { ask: ask as unknown as Forwarding['ask'] };
  }

  count(kind: Asked['kind']): number {
    return this.asked.filter((each) => each.kind === kind).length;
  }
}

function life() {
  const time = new ManualTime();
  const metadata = new StaticMetadata([1]);
  metadata.offset = 10;
  const controller = new Controller(time);
  const fatal: unknown[] = [];
  const lifecycle = new BrokerLifecycle({
    world: { ...nodeWorld(), clock: time, timers: time },
    config: testConfig('/nowhere'),
    log: silentLog,
    metadata,
    controller: controller.road,
    incarnationId: zeroTopicId,
    directoryId: zeroTopicId,
    previousBrokerEpoch: -1,
    onFatal: (error) => {
      fatal.push(error);
    },
  });
  /** Time in small steps, so that what follows an answer happens before the next. */
  const pass = async (ms: number, stepMs = 10): Promise<void> => {
    for (let passed = 0; passed <= ms; passed += stepMs) {
      for (let turn = 0; turn < 8; turn++) await Promise.resolve();
      if (passed < ms) time.advance(stepMs);
    }
  };
  const watch = (promise: Promise<unknown>): { state: 'waiting' | 'done'; error: unknown; afterMs: number } => {
    const startMs = time.nowMs();
    const seen = { state: 'waiting' as 'waiting' | 'done', error: null as unknown, afterMs: -1 };
    const end = (error: unknown): void => {
      seen.state = 'done';
      seen.error = error;
      seen.afterMs = time.nowMs() - startMs;
    };
    promise.then(() => {
      end(null);
    }, end);
    return seen;
  };
  return { time, metadata, controller, lifecycle, fatal, pass, watch };
}

async function serving() {
  const here = life();
  const started = here.watch(here.lifecycle.register().then(() => here.lifecycle.unfence()));
  await here.pass(100);
  expect(started).toMatchObject({ state: 'done', error: null });
  return here;
}

describe('the session', () => {
  test('is sure for as long as the last answered heartbeat reaches, counted from when it left', async () => {
    const { lifecycle, controller, pass } = await serving();
    await pass(3_500);
    expect(lifecycle.isSureOfSession).toBe(true);
    await pass(20 * intervalMs);
    expect(lifecycle.isSureOfSession, 'renewed by every beat').toBe(true);
    controller.isGone = true;
    await pass(sessionMs - intervalMs);
    expect(lifecycle.isSureOfSession).toBe(true);
    await pass(intervalMs + 1_000);
    expect(lifecycle.isSureOfSession).toBe(false);
  });

  test('that lapsed is sure again only a moment after the answer: what was decided meanwhile is still on its way', async () => {
    const { lifecycle, time, pass } = await serving();
    await pass(1_500);
    // The process stands still; everything that is due happens when it goes on.
    time.leap(sessionMs + 1_000);
    expect(lifecycle.isSureOfSession).toBe(false);
    await pass(2_500);
    expect(lifecycle.isSureOfSession).toBe(false);
    await pass(500 + intervalMs);
    expect(lifecycle.isSureOfSession).toBe(true);
  });

  test('is over only when no heartbeat was answered for all of it; what has not begun is not over', async () => {
    const fresh = life();
    expect(fresh.lifecycle.isSessionOver).toBe(false);
    const { lifecycle, controller, pass } = await serving();
    await pass(2 * intervalMs);
    expect(lifecycle.isSessionOver).toBe(false);
    controller.isGone = true;
    await pass(sessionMs - intervalMs);
    expect(lifecycle.isSessionOver).toBe(false);
    await pass(2 * intervalMs);
    expect(lifecycle.isSessionOver).toBe(true);
    controller.isGone = false;
    await pass(sessionMs + intervalMs);
    expect(lifecycle.isSessionOver, 'an answer counts from when it was asked for').toBe(false);
  });
});

describe('registration', () => {
  test('waits for the broker to see itself in the metadata: before that it would serve an old cluster', async () => {
    const { lifecycle, metadata, controller, pass, watch } = life();
    controller.brokerEpoch = 11;
    const registered = watch(lifecycle.register());
    await pass(1_000);
    expect([registered.state, lifecycle.brokerEpoch]).toEqual(['waiting', 11]);
    metadata.createTopic('t');
    await pass(10);
    expect(registered.state).toBe('done');
  });

  test('waits out the session of the process that died before it, and no longer than its deadline', async () => {
    const { lifecycle, controller, pass, watch } = life();
    controller.registration = DUPLICATE_BROKER_REGISTRATION;
    const registered = watch(lifecycle.register());
    await pass(sessionMs);
    controller.registration = NONE;
    await pass(300); // the longest pause between two tries is 250 ms
    expect(registered).toMatchObject({ state: 'done', error: null });
    const other = life();
    other.controller.registration = DUPLICATE_BROKER_REGISTRATION;
    const refused = other.watch(other.lifecycle.register());
    await other.pass(61_000, 20);
    expect(refused.error).toBeInstanceOf(RegistrationRefusedError);
    expect(other.controller.count('register'), 'a minute of waiting is no flood').toBeLessThan(500);
  });

  test.each([REQUEST_TIMED_OUT, NOT_CONTROLLER])(
    'that could not be committed now (%i) is tried again, as every broker does',
    async (code) => {
      const { lifecycle, controller, pass, watch } = life();
      controller.registration = code;
      const registered = watch(lifecycle.register());
      await pass(2_000);
      expect(registered.state).toBe('waiting');
      controller.registration = NONE;
      await pass(300);
      expect(registered).toMatchObject({ state: 'done', error: null });
    },
  );

  test('that the controller refuses for good is not tried again, and says why', async () => {
    const { lifecycle, controller, pass, watch } = life();
    controller.registration = INCONSISTENT_CLUSTER_ID;
    const registered = watch(lifecycle.register());
    await pass(1_000);
    expect(String(registered.error)).toContain('refused to register broker 1: INCONSISTENT_CLUSTER_ID');
    expect(controller.count('register')).toBe(1);
  });

  test('ends when the broker is closed meanwhile: nothing hangs', async () => {
    const { lifecycle, controller, pass, watch } = life();
    controller.brokerEpoch = 1_000_000;
    const registered = watch(lifecycle.register());
    await pass(100);
    lifecycle.close();
    await pass(10);
    expect(registered.state).toBe('done');
  });
});

describe('heartbeats', () => {
  test('come one at a time, at their interval, and go on after the controller was away', async () => {
    const { controller, pass } = await serving();
    const before = controller.count('beat');
    await pass(10 * intervalMs);
    expect(controller.count('beat') - before).toBe(10);
    controller.isGone = true;
    await pass(2 * sessionMs);
    controller.isGone = false;
    await pass(sessionMs + intervalMs);
    const returned = controller.count('beat');
    await pass(5 * intervalMs);
    expect(controller.count('beat') - returned).toBe(5);
    expect(controller.mostUnderWay).toBe(1);
  });

  test.each([STALE_BROKER_EPOCH, BROKER_ID_NOT_REGISTERED])(
    'that a new controller answers with %i lead to a new registration',
    async (errorCode) => {
      const { controller, lifecycle, pass } = await serving();
      controller.brokerEpoch = 9;
      controller.heartbeat = { errorCode, isFenced: true, shouldShutDown: false };
      await pass(intervalMs);
      controller.heartbeat = { errorCode: NONE, isFenced: false, shouldShutDown: false };
      await pass(intervalMs);
      expect([lifecycle.brokerEpoch, controller.asked.at(-1)]).toMatchObject([9, { kind: 'beat', brokerEpoch: 9 }]);
    },
  );

  test('go on when the controller leaves in the middle of registering again: the broker outlives it', async () => {
    const { controller, lifecycle, fatal, pass } = await serving();
    controller.heartbeat = { errorCode: STALE_BROKER_EPOCH, isFenced: true, shouldShutDown: false };
    controller.registration = REQUEST_TIMED_OUT;
    await pass(2 * intervalMs);
    controller.registration = NONE;
    controller.brokerEpoch = 7;
    controller.heartbeat = { errorCode: NONE, isFenced: false, shouldShutDown: false };
    await pass(2 * intervalMs);
    expect([fatal, controller.asked.at(-1)?.kind]).toEqual([[], 'beat']);
    expect(lifecycle.brokerEpoch).toBe(7);
  });

  test("end with a word when another broker took this one's place: two must not serve as one", async () => {
    const { controller, fatal, pass } = await serving();
    controller.heartbeat = { errorCode: STALE_BROKER_EPOCH, isFenced: true, shouldShutDown: false };
    controller.registration = INCONSISTENT_CLUSTER_ID;
    await pass(2 * intervalMs);
    const asked = controller.asked.length;
    await pass(5 * intervalMs);
    expect([fatal.length, controller.asked.length]).toEqual([1, asked]);
  });

  test.each([
    ['of a fenced broker', { errorCode: NONE, isFenced: true, shouldShutDown: false }],
    ['that are refused', { errorCode: UNKNOWN_SERVER_ERROR, isFenced: false, shouldShutDown: false }],
  ])('%s come soon, as it may serve again at any moment, and then ever more seldom', async (_what, heartbeat) => {
    const { controller, pass } = await serving();
    controller.heartbeat = heartbeat;
    const before = controller.count('beat');
    await pass(intervalMs + 100);
    expect(controller.count('beat') - before).toBeGreaterThanOrEqual(3);
    const settled = controller.count('beat');
    await pass(10_000);
    expect(controller.count('beat') - settled).toBeLessThanOrEqual(85);
  });
});

describe('controlled shutdown', () => {
  test('ends when the controller lets go, and no heartbeat follows', async () => {
    const { controller, lifecycle, pass, watch } = await serving();
    const stopped = watch(lifecycle.shutdown());
    await pass(500);
    expect(stopped.state).toBe('waiting');
    controller.heartbeat = { errorCode: NONE, isFenced: true, shouldShutDown: true };
    await pass(300);
    const asked = controller.asked.length;
    await pass(3 * intervalMs);
    expect([stopped.state, controller.asked.length, controller.asked.at(-1)?.wantShutDown]).toEqual(['done', asked, true]);
  });

  test('is bounded while the controller never lets go', async () => {
    const { controller, lifecycle, pass, watch } = await serving();
    const stopped = watch(lifecycle.shutdown());
    const before = controller.asked.length;
    await pass(shutdownBoundMs);
    expect(stopped.state).toBe('done');
    expect(controller.asked.length - before).toBeLessThan(90);
  });

  test('does not wait for a controller that is gone', async () => {
    const { controller, lifecycle, pass, watch } = await serving();
    controller.isGone = true;
    const stopped = watch(lifecycle.shutdown());
    await pass(shutdownBoundMs);
    expect(stopped).toMatchObject({ state: 'done', afterMs: 1_000 });
    expect(controller.asked.at(-1)).toMatchObject({ wantShutDown: true, timeoutMs: 1_000 });
  });

  test('of a broker that never served asks nobody', async () => {
    const { controller, lifecycle, pass, watch } = life();
    const stopped = watch(lifecycle.shutdown());
    await pass(10);
    expect([stopped.state, controller.asked]).toEqual(['done', []]);
  });
});
