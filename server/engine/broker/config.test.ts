import { expect, test } from 'vitest';
import { testConfig } from './testing/partition-fixture.ts';

test('memory for requests that holds not even one of the largest is refused at the start, as Kafka does', () => {
  const settings = { 'socket.request.max.bytes': '1000', 'queued.max.request.bytes': '999' };
  expect(() => testConfig('/nowhere', settings)).toThrow(
    'queued.max.request.bytes must be at least socket.request.max.bytes (1000), not 999',
  );
  expect(testConfig('/nowhere', { ...settings, 'queued.max.request.bytes': '1000' }).get('queued.max.request.bytes')).toBe(1000);
  expect(testConfig('/nowhere').get('queued.max.request.bytes')).toBe(-1);
});
