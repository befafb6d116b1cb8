// Writes what a file holds already once more, in place. An fsync that fails marks its pages clean all the same: the page cache goes on
// answering them, no later fsync writes them, and the kernel has reported the failure to a process that has ended. Whoever finds bytes
// that no fsync is known to have covered can't tell these from others, so all of them become dirty again before a flush may count
// them as durable. A power loss on the way takes nothing: old and new bytes are the same.

import { assert } from '#engine/base/assert.ts';
import type { RandomAccessFile } from '#engine/world/ports.ts';
import type { LogDirectory } from './log-directory.ts';

/** Bytes per read and write. */
const chunkBytes = 1024 * 1024;

/** Bytes from one position of a file up to another. */
interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** Not synced: the next fsync through `file` covers it. */
export function writeAnew(file: RandomAccessFile, { from, to }: ByteRange): void {
  const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, to - from));
  for (let at = from; at < to;) {
    const chunk = buffer.subarray(0, file.read(buffer.subarray(0, to - at), at));
    assert(chunk.length > 0, `${file.path} ends at ${at}, before ${to}`);
    file.write([chunk], at);
    at += chunk.length;
  }
}

/** The whole file, durable when this returns. */
export function writeAnewDurably(directory: LogDirectory, path: string): void {
  directory.run(() => {
    const file = directory.files.open(path, 'read-write');
    try {
      writeAnew(file, { from: 0, to: file.sizeBytes() });
      file.syncNow();
    } finally {
      file.close();
    }
  });
}
