import { expect, test } from 'vitest';
import { secondUs } from './testing/control-plane.ts';
import { create, produce, started, stored, timeout } from './testing/settings.ts';

test.each([
  { records: 1, kept: 1 },
  { records: 0, kept: 0 },
])('a log of $records records that lost its topic id in a crash: what it holds is put aside, never deleted', { timeout }, async (plan) => {
  const plane = await started({});
  await create(plane);
  for (let count = 0; count < plan.records; count++) await produce(plane, 'kept');
  const node = plane.node(1);
  node.kill();
  if (plan.records === 0) {
    // Torn in the middle of its first record.
    node.disk.makeDirectories('/data/t-0');
    node.disk.open('/data/t-0/00000000000000000000.log', 'create').close();
  }
  const size = node.disk.sizeBytes('/data/t-0/00000000000000000000.log');
  node.disk.remove('/data/t-0/partition.metadata');
  node.start();
  await plane.scheduler.run(10 * secondUs);
  const aside = node.disk.list('/data').filter(({ name }) => name.endsWith('-stray'));
  expect(aside).toHaveLength(plan.kept);
  for (const { name } of aside) expect(node.disk.sizeBytes(`/data/${name}/00000000000000000000.log`)).toBe(size);
  await produce(plane, 'anew');
  expect(await stored(plane)).toBe(1);
});
