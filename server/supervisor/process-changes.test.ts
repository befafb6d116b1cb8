import { expect, test } from 'vitest';
import { changeOf } from './process-changes.ts';

test('the first start is no news; an end, a stop and every later start are', () => {
  expect(changeOf('starting', 'ready', false)).toBeNull();
  expect(changeOf('starting', 'backing-off', false)).toBeNull();
  expect(changeOf('ready', 'backing-off', true)?.event).toBe('process-ended');
  expect(changeOf('backing-off', 'starting', true)).toBeNull();
  expect(changeOf('starting', 'ready', true)?.event).toBe('process-ready');
  expect(changeOf('starting', 'stopped', true)?.event).toBe('process-not-started');
  expect(changeOf('draining', 'stopped', true)?.event).toBe('process-stopped');
});
