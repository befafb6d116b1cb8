// Failures of the environment, as the shells above see them. What a client caused is a value of
// append() and read() instead.

export type StorageErrorCode =
  /** The volume is full: nothing was written, the log stands as before, later appends may succeed. */
  | 'disk-full'
  /** A write, read or fsync failed: the whole log directory is offline until a restart. */
  | 'directory-failed'
  /** The log was deleted, set aside or closed meanwhile: nothing can be said of it any more. */
  | 'closed'
  /** Bytes that were once valid no longer are. The message names file and position. */
  | 'corrupt-log'
  /** The directory can't be served as it is: foreign, or half understood. */
  | 'refused';

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;
  readonly path: string;
  constructor(code: StorageErrorCode, path: string, message: string) {
    super(`${message} (${path})`);
    this.code = code;
    this.path = path;
  }
}

/**
 * The environment's failure as a value, for work of which none may keep the other; null when it went well. It was reported where
 * it was met. Anything else is a programmer's error and goes on.
 */
export function attempt(work: () => void): StorageError | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
}

export function isDiskFull(error: unknown): error is StorageError {
  return error instanceof StorageError && error.code === 'disk-full';
}

export function corruptLog(path: string, position: number, what: string): StorageError {
  return new StorageError('corrupt-log', path, `${what} at byte ${position}`);
}
