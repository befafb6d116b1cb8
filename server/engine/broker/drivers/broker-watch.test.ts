// A broker taken for dead while it lives would lose its partitions for nothing; one not seen to be dead keeps its clients
// waiting for a whole session.

import { describe, expect, test } from 'vitest';
import type { BrokerImage } from '#engine/controller/image/cluster-image.ts';
import { TestController } from '#engine/controller/testing/test-controller.ts';
import { SimDisk } from '#engine/sim/disk.ts';
import { SimNetwork } from '#engine/sim/network.ts';
import { seededRandom } from '#engine/sim/random.ts';
import { Scheduler } from '#engine/sim/scheduler.ts';
import { simWorld } from '#engine/sim/world.ts';
import { BrokerWatch } from './broker-watch.ts';

const port = 9_092;
const watched = 2;

function watching() {
  const scheduler = new Scheduler();
  const random = seededRandom(6);
  const network = new SimNetwork(scheduler, random.fork());
  const world = simWorld({ scheduler, network, disk: new SimDisk({ random }), random, node: 1, isAlive: () => true });
  const brokers = new Map<number, BrokerImage>(new TestController().serve(watched).image.brokers);
  const gone: (readonly [number, number])[] = [];
  let asked = 0;
  const { connect } = world.network;
  world.network.connect = (address) => {
    asked += 1;
    return connect(address);
  };
  const watch = new BrokerWatch({
    world,
    find: (brokerId) => brokers.get(brokerId),
    listenerName: 'PLAINTEXT',
    onGone: (brokerId, brokerEpoch) => {
      gone.push([brokerId, brokerEpoch]);
    },
  });
  const runMs = async (ms: number): Promise<void> => {
    await scheduler.until(() => false, 0);
    await scheduler.run(ms * 1_000);
    await scheduler.until(() => false, 0);
  };
  const listen = (): Promise<unknown> => network.of(watched).listen({ host: '127.0.0.1', port, backlog: 16 }, () => {});
  return { network, brokers, gone, watch, runMs, listen, asked: () => asked };
}

describe('a suspect', () => {
  test('whose port refuses is gone, told once with the epoch it was registered in', async () => {
    const { watch, gone, runMs, brokers } = watching();
    watch.suspect(watched);
    await runMs(5_000);
    expect(gone).toEqual([[watched, brokers.get(watched)?.brokerEpoch]]);
  });

  test('that listens is alive; it is asked a few times and left alone', async () => {
    const { watch, gone, runMs, listen, asked } = watching();
    await listen();
    watch.suspect(watched);
    await runMs(5_000);
    expect(gone).toEqual([]);
    expect(asked()).toBe(6);
  });

  test.each([10, 700, 2_000])('that closes its port %i ms after its connections is found out all the same', async (delayMs) => {
    const { watch, gone, runMs, listen, network } = watching();
    await listen();
    watch.suspect(watched);
    await runMs(delayMs);
    network.dropNode(watched);
    await runMs(5_000);
    expect(gone).toHaveLength(1);
  });

  test('behind a cut link may live: only its session tells', async () => {
    const { watch, gone, runMs, listen, network } = watching();
    await listen();
    network.cut(1, watched);
    watch.suspect(watched);
    await runMs(10_000);
    expect(gone).toEqual([]);
  });

  test('that is fenced, or unknown, is not asked at all', async () => {
    const { watch, gone, runMs, brokers, asked } = watching();
    brokers.set(watched, { ...brokers.get(watched)!, isFenced: true });
    watch.suspect(watched);
    watch.suspect(7);
    await runMs(5_000);
    expect([gone, asked()]).toEqual([[], 0]);
  });

  test('that is suspected again and again is asked by one at a time', async () => {
    const { watch, runMs, listen, asked } = watching();
    await listen();
    for (let hint = 0; hint < 50; hint++) watch.suspect(watched);
    await runMs(5_000);
    expect(asked()).toBe(6);
    watch.suspect(watched);
    await runMs(5_000);
    expect(asked()).toBe(12);
  });
});

test('a watch that is closed finds nobody gone', async () => {
  const { watch, gone, runMs } = watching();
  watch.suspect(watched);
  watch.close();
  await runMs(5_000);
  expect(gone).toEqual([]);
});
