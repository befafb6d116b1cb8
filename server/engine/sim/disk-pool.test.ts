// The pool of descriptors over a disk that reports a failure once, as the kernel does to one descriptor.

import { expect, test } from 'vitest';
import { buildBatch } from '../protocol/records/batch-builder.ts';
import { CleanedWriter } from '../storage/cleaned-writer.ts';
import { LogDirectory } from '../storage/log-directory.ts';
import { pooledFiles } from '../world/descriptors/pooled-files.ts';
import { nodeCompression } from '../world/node/compression.ts';
import { SyncError, type OpenMode, type RandomAccessFile } from '../world/ports.ts';
import { SimDisk } from './disk.ts';
import { seededRandom } from './random.ts';

test('of two fsyncs of a file at once none succeeds when the other was told of the failure', async () => {
  const disk = new SimDisk({ random: seededRandom(1) });
  const file = pooledFiles(disk, { files: 4, overdraft: 1 }).files.open('/file', 'create');
  file.write([Buffer.from('lost')], 0);
  disk.holdSyncs();
  disk.failOnce({ operation: 'sync', code: 'io' });
  const outcomes = Promise.allSettled([file.sync(), file.sync()]);
  disk.releaseSyncs();
  expect(await outcomes).toMatchObject([
    { status: 'rejected', reason: expect.any(SyncError) },
    { status: 'rejected', reason: expect.any(SyncError) },
  ]);
});

test('a blocking fsync beside one under way does not pass for a success: the failure may be told to the other one only', async () => {
  const disk = new SimDisk({ random: seededRandom(1) });
  const file = pooledFiles(disk, { files: 4, overdraft: 1 }).files.open('/file', 'create');
  file.write([Buffer.from('lost')], 0);
  disk.holdSyncs();
  const other = file.sync();
  expect(() => {
    file.syncNow();
  }).toThrow(SyncError);
  disk.releaseSyncs();
  await expect(other).rejects.toThrow(SyncError);
});

test('a failed fsync that only the pool asked for takes the log directory offline, though nobody writes or syncs the file again', async () => {
  const disk = new SimDisk({ random: seededRandom(1) });
  const { files } = pooledFiles(disk, { files: 4, overdraft: 2 });
  const failures: string[] = [];
  const directory = new LogDirectory({
    path: '/',
    files,
    compression: nodeCompression,
    trace: () => undefined,
    onFailed: ({ code }) => void failures.push(code),
  });
  disk.failOnce({ operation: 'sync', code: 'io' });
  for (const name of ['a', 'b', 'c', 'd', 'e']) files.open(`/${name}`, 'create').write([Buffer.from(name)], 0);
  await new Promise(setImmediate);
  expect([failures, directory.failure?.code]).toEqual([['directory-failed'], 'directory-failed']);
});

class WatchedDisk extends SimDisk {
  readonly syncedInBackground: string[] = [];

  override open(path: string, mode: OpenMode): RandomAccessFile {
    const file = super.open(path, mode);
    const sync = (): Promise<void> => {
      this.syncedInBackground.push(path);
      return file.sync();
    };
    return { ...file, sync };
  }
}

test('a compaction leaves the pool nothing to sync between two of its steps', () => {
  const disk = new WatchedDisk({ random: seededRandom(1) });
  const { files } = pooledFiles(disk, { files: 4, overdraft: 2 });
  const writer = new CleanedWriter(
    new LogDirectory({ path: '/', files, compression: nodeCompression, trace: () => undefined, onFailed: () => undefined }),
    { partitionPath: '', baseOffset: 0, indexIntervalBytes: 4096 },
  );
  for (let at = 0; at < 6; at++) {
    writer.add(buildBatch([{ key: null, value: new Uint8Array(500_000), timestamp: 1 }], { compression: nodeCompression, baseOffset: at }));
    files.open(`/other-${at}`, 'create').write([Buffer.from('x')], 0);
  }
  writer.finish();
  expect(disk.syncedInBackground).toContain('/other-0');
  expect(disk.syncedInBackground.filter((path) => path.endsWith('.cleaned'))).toEqual([]);
});
