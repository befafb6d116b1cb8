// Error codes by name and number. The whole table is held against Kafka's in schema-oracle.test.ts.

import { expect, test } from 'vitest';
import { errorCodes, errorName, isRetriable } from './error-codes.ts';

test('the codes are all of -1 to 133, each once', () => {
  expect(Object.values(errorCodes).toSorted((left, right) => left - right)).toEqual(Array.from({ length: 135 }, (_, index) => index - 1));
});

test('a code from a newer peer has a name that shows the number, and is not retried blindly', () => {
  expect(errorName(999)).toBe('UNKNOWN_ERROR_CODE_999');
  expect(isRetriable(999)).toBe(false);
});

test('the codes that clients wait out are retriable, and success and fencing are not', () => {
  const { LEADER_NOT_AVAILABLE, NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS, NONE, INVALID_PRODUCER_EPOCH, UNKNOWN_MEMBER_ID } = errorCodes;
  expect([LEADER_NOT_AVAILABLE, NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS].every(isRetriable)).toBe(true);
  expect([NONE, INVALID_PRODUCER_EPOCH, UNKNOWN_MEMBER_ID].some(isRetriable)).toBe(false);
});
