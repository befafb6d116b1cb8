// The records inside a stored batch. An append checks the frame and the CRC of what a client sends, never the records, so what
// can't be read in there surfaces here: as damage of this one log, not as a mistake of the program.

import { DecodeError } from '#engine/bytes/errors.ts';
import { baseOffset } from '#engine/protocol/records/batch.ts';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import type { LogRecord } from '#engine/protocol/records/record.ts';
import { DecompressionError } from '#engine/world/ports.ts';
import { maxDecompressedBatchBytes, type LogDirectory } from './log-directory.ts';
import { StorageError } from './storage-error.ts';

export interface StoredBatch {
  /** The segment's file. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** Throws StorageError 'corrupt-log' where they can't be read. */
export function* storedRecords({ compression }: LogDirectory, { path, bytes, at }: StoredBatch): Generator<LogRecord, void> {
  try {
    yield* recordsOf(bytes, at, { compression, maxDecompressedBytes: maxDecompressedBatchBytes });
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof DecompressionError)) throw error;
    throw new StorageError(
      'corrupt-log',
      path,
      `the records of the batch at offset ${baseOffset(bytes, at)} cannot be read: ${error.message}`,
    );
  }
}
