import { expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { noTrouble } from '../storage-trouble.ts';
import { fullBelowBytes, toDisk } from './log-dirs.ts';

type Directory = Parameters<typeof toDisk>[0][number];

function directory(logDir: string, change: Partial<Directory> = {}): Directory {
  const partitions = [{ partitionIndex: 0, partitionSize: 70, offsetLag: 0, isFutureKey: false }];
  const topics = [{ name: 'orders', partitions }];
  return { errorCode: 0, logDir, topics, totalBytes: 2e9, usableBytes: 1e9, isCordoned: false, ...change };
}

test('sizes are those of the directories that can be read, and one that is offline is named', () => {
  const disk = toDisk([directory('/a'), directory('/b', { errorCode: errorCodes.KAFKA_STORAGE_ERROR, topics: [] })]);
  expect(disk).toMatchObject({ usedBytes: 70, totalBytes: 2e9, usableBytes: 1e9 });
  expect(disk.trouble).toEqual({ ...noTrouble, failedDirectories: [{ directory: '/b', reason: 'KAFKA_STORAGE_ERROR' }] });
});

test('a broker without a readable directory has no sizes, and says why', () => {
  const disk = toDisk([directory('/a', { errorCode: errorCodes.KAFKA_STORAGE_ERROR, topics: [] })]);
  expect([disk.usedBytes, disk.totalBytes, disk.trouble.failedDirectories.length]).toEqual([null, null, 1]);
});

test('a volume without room for the next batches is full; one that does not tell its size is not', () => {
  const volumes = [directory('/full', { usableBytes: fullBelowBytes - 1 }), directory('/fits', { usableBytes: fullBelowBytes })];
  expect(toDisk(volumes).trouble.fullDirectories).toEqual(['/full']);
  expect(toDisk([directory('/old', { totalBytes: -1, usableBytes: -1 })]).trouble).toEqual(noTrouble);
});
