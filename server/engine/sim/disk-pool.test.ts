// The pool of descriptors over a disk that reports a failure once, as the kernel does to one descriptor.

import { expect, test } from 'vitest';
import { pooledFiles } from '../world/descriptors/pooled-files.ts';
import { SyncError } from '../world/ports.ts';
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
