import { expect, test } from 'vitest';
import type { DemoInput, DemoStatus, DemoTraffic } from '../demo-traffic.ts';
import type { TimelineFact } from '../timeline/entry.ts';
import { markDemo } from './demo-marks.ts';

const plan: DemoInput = {
  topic: 'demo.orders',
  partitions: 6,
  producers: 2,
  ratePerSecond: 20,
  keyCount: 24,
  valueBytes: 120,
  groupId: 'demo-readers',
  consumers: 3,
};

/** Traffic that runs or doesn't, and the marks it left. */
function setUp(fails = false): { readonly demo: DemoTraffic; readonly marks: TimelineFact[] } {
  let running: DemoInput | null = null;
  const marks: TimelineFact[] = [];
  const change = async (next: DemoInput | null): Promise<DemoStatus> => {
    if (fails) throw new Error('refused');
    running = next;
    return { plan: running, clients: [] };
  };
  const traffic: DemoTraffic = {
    status: async () => ({ plan: running, clients: [] }),
    start: (input) => change(input),
    stop: () => change(null),
  };
  return { demo: markDemo(traffic, (fact) => marks.push(fact)), marks };
}

test('a start and a stop leave a mark each, with what was started', async () => {
  const { demo, marks } = setUp();
  await expect(demo.start(plan)).resolves.toMatchObject({ plan });
  await expect(demo.stop()).resolves.toMatchObject({ plan: null });
  expect(marks.map(({ kind, subject }) => [kind, subject])).toEqual([
    ['demo-started', 'demo.orders'],
    ['demo-stopped', 'demo.orders'],
  ]);
  expect(marks[0]?.detail).toMatchObject({ topic: 'demo.orders', ratePerSecond: 20 });
});

test('stopping what does not run leaves no mark', async () => {
  const { demo, marks } = setUp();
  await demo.stop();
  expect(marks).toEqual([]);
});

test('what was refused is not told as done', async () => {
  const { demo, marks } = setUp(true);
  await expect(demo.start(plan)).rejects.toThrow('refused');
  expect(marks).toEqual([]);
});
