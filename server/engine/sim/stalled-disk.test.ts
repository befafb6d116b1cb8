import { expect, test } from 'vitest';
import { secondUs } from './testing/control-plane.ts';
import { create, started, timeout } from './testing/settings.ts';

test('writes of one turn to a stalled device wait for the same end of the stall, however many they are', { timeout }, async () => {
  const plane = await started({});
  const { disk } = plane.node(1);
  const stalledUs = 3 * secondUs;
  disk.stall(stalledUs);
  const file = disk.open('/data/beside', 'create');
  for (let at = 0; at < 100; at++) file.write([Buffer.from('x')], at);
  file.close();
  const beforeUs = plane.scheduler.nowUs;
  await create(plane);
  const tookUs = plane.scheduler.nowUs - beforeUs;
  expect(tookUs).toBeGreaterThan(stalledUs - secondUs);
  expect(tookUs).toBeLessThan(2 * stalledUs);
});
