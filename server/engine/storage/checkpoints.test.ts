// Kafka's small text files. A guessed offset loses data, so what can't be read is refused with its path.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toTopicId } from '#engine/base/brand.ts';
import { readEpochs, readOffsets, writeEpochs, writeOffsets } from './checkpoints.ts';
import { markedDirectoryName, offsetName, offsetOfName, parsePartitionDirectory } from './file-names.ts';
import { readMetaProperties, readTopicId, writeMetaProperties, writeTopicId } from './properties.ts';
import { StorageError } from './storage-error.ts';
import { newDisk } from './testing/fixture.ts';
import type { SimDisk } from '#engine/sim/disk.ts';

const path = '/data/recovery-point-offset-checkpoint';

function diskWith(text: string, at = path): SimDisk {
  const disk = newDisk();
  disk.makeDirectories('/data');
  disk.replaceAtomically(at, new TextEncoder().encode(text));
  return disk;
}

function textOf(disk: SimDisk, at = path): string {
  return new TextDecoder().decode(disk.readAll(at));
}

describe('offset checkpoints', () => {
  const names = fc.stringMatching(/^[a-zA-Z0-9._-]{1,40}$/);
  const entries = fc.uniqueArray(fc.record({ topic: names, partition: fc.nat(1_000), offset: fc.maxSafeNat() }), {
    selector: ({ topic, partition }) => `${topic}-${partition}`,
    maxLength: 20,
  });

  it('gives back every offset, up to the greatest exact number', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const disk = diskWith('');
        writeOffsets(disk, path, list);
        const read = readOffsets(disk, path);
        expect(read.size).toBe(list.length);
        for (const { topic, partition, offset } of list) expect(read.get(`${topic}-${partition}` as never)).toBe(offset);
      }),
    );
  });

  it("is Kafka's own text", () => {
    const disk = diskWith('');
    writeOffsets(disk, path, [{ topic: 'orders', partition: 3, offset: 42 }]);
    expect(textOf(disk)).toBe('0\n1\norders 3 42\n');
  });

  it('absent or empty is a directory that was never checkpointed', () => {
    expect(readOffsets(newDisk(), path).size).toBe(0);
    expect(readOffsets(diskWith(''), path).size).toBe(0);
  });

  it.each([
    ['a version of tomorrow', '1\n0\n'],
    ['fewer lines than announced, as a torn write leaves them', '0\n2\norders 0 5\n'],
    ['more lines than announced', '0\n0\norders 0 5\n'],
    ['a line with a column too few', '0\n1\norders 5\n'],
    ['an offset that is no number', '0\n1\norders 0 five\n'],
    ['an offset beyond what a number holds', '0\n1\norders 0 9007199254740993\n'],
  ])('refuses %s, and names the file', (_what, text) => {
    const read = (): unknown => readOffsets(diskWith(text), path);
    expect(read).toThrow(StorageError);
    expect(read).toThrow(path);
  });
});

describe('epoch checkpoints', () => {
  it('come back as they went', () => {
    const disk = diskWith('');
    const epochs = [
      { epoch: 0, startOffset: 0 },
      { epoch: 7, startOffset: 1_000_000_000_000 },
    ];
    writeEpochs(disk, path, epochs);
    expect(readEpochs(disk, path)).toEqual(epochs);
  });
});

describe('meta.properties', () => {
  const metaPath = '/data/meta.properties';

  it('comes back, and a comment or a key of a later release does no harm', () => {
    const disk = diskWith('', metaPath);
    const meta = { clusterId: 'tHTa-Uk8NM4ADyqDMCMm2w', nodeId: 3, directoryId: 'Zm9v' };
    writeMetaProperties(disk, '/data', meta);
    expect(readMetaProperties(disk, '/data')).toEqual(meta);
    const later = diskWith('#Sat\ncluster.id=a=b\nnode.id=1\nversion=1\nnew.key=x\n', metaPath);
    expect(readMetaProperties(later, '/data')).toEqual({ clusterId: 'a=b', nodeId: 1, directoryId: '' });
  });

  it.each(['version=0\ncluster.id=a\nnode.id=1\n', 'version=1\nnode.id=1\n', 'version=1\ncluster.id=a\nnode.id=one\n'])(
    'refuses %j rather than format a directory that holds data',
    (text) => {
      expect(() => readMetaProperties(diskWith(text, metaPath), '/data')).toThrow(metaPath);
    },
  );

  it('absent is a directory that was never formatted', () => {
    expect(readMetaProperties(newDisk(), '/data')).toBeNull();
  });
});

describe('partition.metadata', () => {
  it('keeps the topic id, and one without is refused: the log of a topic made anew must not be taken for the old', () => {
    const disk = diskWith('', '/data/partition.metadata');
    const topicId = toTopicId('dGVzdC10b3BpYy1pZC0wMQ');
    writeTopicId(disk, '/data', topicId);
    expect(readTopicId(disk, '/data', true)).toBe(topicId);
    const withoutId = diskWith('version: 0\n', '/data/partition.metadata');
    withoutId.open('/data/00000000000000000000.log', 'create').write([Buffer.from('a record')], 0);
    expect(() => readTopicId(withoutId, '/data', true)).toThrow('partition.metadata');
  });

  it('of a log without records may be torn even after a clean end: closing such a log syncs nothing', () => {
    const torn = diskWith('version: 0\n', '/data/partition.metadata');
    torn.open('/data/00000000000000000000.log', 'create').close();
    expect(readTopicId(torn, '/data', true)).toBeNull();
  });
});

describe('names', () => {
  it('of segments sort as their offsets do, and come back', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (left, right) => {
        expect(offsetName(left) < offsetName(right)).toBe(left < right);
        expect(offsetOfName(`${offsetName(left)}.log`)).toBe(left);
      }),
    );
  });

  it('of other files are no segments', () => {
    for (const name of ['1.log', `${offsetName(1)}.log.deleted`, `${offsetName(1)}.txt`, 'leader-epoch-checkpoint'])
      expect(offsetOfName(name)).toBeNull();
  });

  it('of a topic with dashes and digits split at the last dash', () => {
    expect(parsePartitionDirectory('a-1-2')).toEqual({ kind: 'live', topic: 'a-1', partition: 2 });
    expect(parsePartitionDirectory('lost+found')).toBeNull();
  });

  it('of a deleted partition say so, and fit a file system however long the topic', () => {
    const id = '0123456789abcdef0123456789abcdef';
    const name = markedDirectoryName(`${'t'.repeat(249)}-12`, id, 'delete');
    expect(name.length).toBeLessThanOrEqual(255);
    expect(parsePartitionDirectory(name)).toMatchObject({ kind: 'deleted', partition: 12 });
    expect(parsePartitionDirectory(markedDirectoryName('orders-0', id, 'stray'))).toEqual({ kind: 'stray', topic: 'orders', partition: 0 });
  });
});
