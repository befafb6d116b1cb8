// The environment's failures of a log as values, for who answers clients and leaders. What operators must know was reported
// where it was met, once and at once: a failed log directory ends the broker (onFatal), a full disk and a damaged log are facts
// and lines of the broker's log (storage-reports.ts). So all that is left to do is to answer.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { StorageError } from '#engine/storage/storage-error.ts';

/** The result, or the StorageError that kept it. */
export function guardStorage<Result>(action: () => Result): Result | StorageError {
  try {
    return action();
  } catch (error) {
    return storageErrorOf(error);
  }
}

/** The same for what a promise was rejected with. Throws what is no StorageError. */
export function storageErrorOf(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  throw error;
}

/** What a client gets. A log that was deleted or closed under its request is led elsewhere, or nowhere. */
export function errorCodeOf({ code }: StorageError): number {
  return code === 'closed' ? errorCodes.NOT_LEADER_OR_FOLLOWER : errorCodes.KAFKA_STORAGE_ERROR;
}
