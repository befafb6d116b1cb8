import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileError, SyncError } from '../ports.ts';
import { nodeFiles, toFileError } from './files.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'logarium-files-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const path = (name: string): string => join(directory, name);

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(FileError);
    return (error as FileError).code;
  }
  return 'none';
}

describe('a file', () => {
  test('takes several chunks one behind the other, at a position, and gives them back', () => {
    const file = nodeFiles.open(path('a'), 'create');
    file.write([Buffer.from('hello '), Buffer.from('wide '), Buffer.from('world')], 3);
    const target = Buffer.alloc(16);
    expect(file.read(target, 3)).toBe(16);
    expect(target.toString()).toBe('hello wide world');
    expect(file.sizeBytes()).toBe(19);
    file.close();
  });

  test('takes more chunks than the kernel does at once', () => {
    const file = nodeFiles.open(path('many'), 'create');
    const chunks = Array.from({ length: 2_500 }, (_, index) => Buffer.from([index % 256, index >> 8]));
    file.write(chunks, 0);
    file.close();
    expect(readFileSync(path('many')).equals(Buffer.concat(chunks))).toBe(true);
  });

  test('read at its end gives fewer bytes, behind it none', () => {
    const file = nodeFiles.open(path('a'), 'create');
    file.write([Buffer.from('12345')], 0);
    expect(file.read(Buffer.alloc(10), 3)).toBe(2);
    expect(file.read(Buffer.alloc(10), 50)).toBe(0);
    file.close();
  });

  test('can be cut and flushed', async () => {
    const file = nodeFiles.open(path('a'), 'create');
    file.write([Buffer.from('12345')], 0);
    file.truncate(2);
    await file.sync();
    file.syncNow();
    file.close();
    expect(readFileSync(path('a'), 'utf8')).toBe('12');
  });

  test('is opened as asked: to exist, to be made, to be new', () => {
    expect(codeOf(() => nodeFiles.open(path('absent'), 'read'))).toBe('not-found');
    expect(codeOf(() => nodeFiles.open(path('absent'), 'read-write'))).toBe('not-found');
    nodeFiles.open(path('made'), 'create-new').close();
    expect(codeOf(() => nodeFiles.open(path('made'), 'create-new'))).toBe('exists');
    expect(codeOf(() => nodeFiles.open(directory, 'read-write'))).toBe('is-a-directory');
  });
});

describe('replacing', () => {
  test('leaves the new content and nothing beside it', () => {
    writeFileSync(path('checkpoint'), 'old');
    nodeFiles.replaceAtomically(path('checkpoint'), Buffer.from('new'));
    expect(readFileSync(path('checkpoint'), 'utf8')).toBe('new');
    expect(nodeFiles.list(directory)).toEqual([{ name: 'checkpoint', isDirectory: false }]);
  });

  test('that fails leaves the old content', () => {
    nodeFiles.makeDirectories(path('checkpoint.tmp'));
    writeFileSync(path('checkpoint'), 'old');
    expect(
      codeOf(() => {
        nodeFiles.replaceAtomically(path('checkpoint'), Buffer.from('new'));
      }),
    ).toBe('is-a-directory');
    expect(readFileSync(path('checkpoint'), 'utf8')).toBe('old');
  });
});

test('what is absent, or lies below a file, does not exist; of what can not be looked at that is not said', () => {
  writeFileSync(path('file'), '');
  symlinkSync(path('loop'), path('loop')); // ELOOP for every user, as a disk that fails gives EIO
  expect([path('file'), path('absent'), path('file/below')].map((one) => nodeFiles.exists(one))).toEqual([true, false, false]);
  expect(codeOf(() => nodeFiles.exists(path('loop')))).toBe('io');
});

test('directories: made deep, listed, moved, removed whole; removing what is absent is fine', () => {
  nodeFiles.makeDirectories(path('a/b/c'));
  nodeFiles.makeDirectories(path('a/b/c'));
  writeFileSync(path('a/file'), 'x');
  nodeFiles.rename(path('a'), path('z'));
  nodeFiles.syncDirectory(path('z'));
  expect(nodeFiles.list(path('z')).toSorted((x, y) => x.name.localeCompare(y.name))).toEqual([
    { name: 'b', isDirectory: true },
    { name: 'file', isDirectory: false },
  ]);
  expect(nodeFiles.exists(path('z/b/c'))).toBe(true);
  nodeFiles.remove(path('z'));
  nodeFiles.remove(path('z'));
  expect(nodeFiles.exists(path('z'))).toBe(false);
  expect(codeOf(() => nodeFiles.list(path('z')))).toBe('not-found');
});

test('the volume has a size', () => {
  const { totalBytes, usableBytes } = nodeFiles.space(directory);
  expect(totalBytes).toBeGreaterThan(0);
  expect(usableBytes).toBeLessThanOrEqual(totalBytes);
});

// Linux refuses to sync a device that keeps nothing, and has one that is always full. Elsewhere there is nothing that fails so at will.
describe.skipIf(process.platform !== 'linux')('a failed fsync says that it was one, for no reason of it can be waited out (Linux)', () => {
  const unsyncable = '/dev/null';

  test('off the thread', async () => {
    const file = nodeFiles.open(unsyncable, 'read-write');
    await expect(file.sync()).rejects.toThrow(SyncError);
    file.close();
  });

  test('blocking', () => {
    const file = nodeFiles.open(unsyncable, 'read-write');
    expect(() => {
      file.syncNow();
    }).toThrow(SyncError);
    file.close();
  });

  test('of a directory', () => {
    expect(() => {
      nodeFiles.syncDirectory(unsyncable);
    }).toThrow(SyncError);
  });

  test('while a file is replaced, where the write before it does not', () => {
    symlinkSync(unsyncable, path('checkpoint.tmp'));
    expect(() => {
      nodeFiles.replaceAtomically(path('checkpoint'), Buffer.from('new'));
    }).toThrow(SyncError);
    rmSync(path('checkpoint.tmp'));
    symlinkSync('/dev/full', path('checkpoint.tmp'));
    expect(() => {
      nodeFiles.replaceAtomically(path('checkpoint'), Buffer.from('new'));
    }).toThrow(expect.objectContaining({ code: 'no-space', name: 'FileError' }));
  });
});

test.each([
  ['ENOSPC', 'no-space'],
  ['EDQUOT', 'no-space'],
  ['EROFS', 'denied'],
  ['EMFILE', 'too-many-open'],
  ['EIO', 'io'],
  ['ESOMETHING', 'io'],
])('%s is told as %s', (errno, code) => {
  expect(toFileError('/x', Object.assign(new Error('boom'), { code: errno })).code).toBe(code);
});
