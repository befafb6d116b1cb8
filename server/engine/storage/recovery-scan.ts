// Looks into a segment's file while its log is opened: opened to read, scanned, closed. A file without a byte isn't opened at
// all, which is most of the files of a broker with tens of thousands of quiet partitions.

import type { RandomAccessFile } from '#engine/world/ports.ts';
import type { LogDirectory } from './log-directory.ts';
import { SegmentIndex } from './segment-index.ts';
import { scanSegment, type ScanOptions, type ScanResult } from './segment-scan.ts';

export function scanSegmentAt(directory: LogDirectory, path: string, options: ScanOptions): ScanResult {
  const isEmpty = directory.run(() => directory.files.sizeBytes(path) === 0);
  if (isEmpty) return { index: new SegmentIndex(options.baseOffset), fileBytes: 0, fault: null };
  return lookInto(directory, path, (file) => scanSegment(file, options));
}

export function lookInto<Result>(directory: LogDirectory, path: string, look: (file: RandomAccessFile) => Result): Result {
  return directory.run(() => {
    const file = directory.files.open(path, 'read');
    try {
      return look(file);
    } finally {
      file.close();
    }
  });
}
