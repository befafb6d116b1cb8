import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minLimit, shareDescriptors } from './descriptor-shares.ts';

test('the shares never exceed what the system grants, and none of them is empty', () => {
  fc.assert(
    fc.property(fc.integer({ min: minLimit, max: 2_000_000 }), (limit) => {
      const { files, overdraft, clients, peers } = shareDescriptors(limit);
      expect(files + overdraft + clients + peers).toBeLessThan(limit);
      expect(Math.min(files, clients, peers)).toBeGreaterThan(0);
    }),
  );
});

test('logs get the larger part: clients can wait for a connection, a log that can’t be opened is offline', () => {
  const { files, clients } = shareDescriptors(4_096);
  expect(files).toBeGreaterThan(2 * clients);
});

test('a limit that nobody knows is taken for the smallest common one', () => {
  expect(shareDescriptors(null)).toEqual(shareDescriptors(256));
});
