import { expect, test } from 'vitest';
import { StopRequests } from './stop-requests.ts';

test('one press of Ctrl-C that arrives three times asks once; a second press forces', () => {
  const requests = new StopRequests();
  expect([5_000, 5_001, 5_300].map((atMs) => requests.take(atMs))).toEqual(['stop', 'wait', 'wait']);
  expect(requests.take(6_000)).toBe('force');
});
