// Kafka's small text files: version, count, then one line an entry. They are replaced atomically; a
// file that doesn't parse is refused with its path and line, because guessing an offset loses data.

import type { FileSystem } from '#engine/world/ports.ts';
import { toPartitionName, type PartitionName } from '#engine/base/brand.ts';
import type { EpochStart } from '#engine/base/epoch-starts.ts';
import { StorageError } from './storage-error.ts';

const checkpointVersion = '0';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface PartitionOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Absent is empty: a directory that was never checkpointed. */
export function readOffsets(files: FileSystem, path: string): Map<PartitionName, number> {
  const offsets = new Map<PartitionName, number>();
  for (const [topic, partition, offset] of readEntries(files, path, 3)) {
    offsets.set(toPartitionName(topic!, toNumber(partition!, path)), toNumber(offset!, path));
  }
  return offsets;
}

export function writeOffsets(files: FileSystem, path: string, entries: readonly PartitionOffset[]): void {
  files.replaceAtomically(path, encodeOffsets(entries));
}

/** For whoever replaces the file step by step. */
export function encodeOffsets(entries: readonly PartitionOffset[]): Uint8Array {
  return encodeEntries(entries.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}`));
}

export function readEpochs(files: FileSystem, path: string): EpochStart[] {
  return readEntries(files, path, 2).map(([epoch, startOffset]) => ({
    epoch: toNumber(epoch!, path),
    startOffset: toNumber(startOffset!, path),
  }));
}

export function writeEpochs(files: FileSystem, path: string, entries: readonly EpochStart[]): void {
  files.replaceAtomically(path, encodeEntries(entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}`)));
}

function encodeEntries(lines: readonly string[]): Uint8Array {
  return encoder.encode([checkpointVersion, String(lines.length), ...lines, ''].join('\n'));
}

function readEntries(files: FileSystem, path: string, columns: number): string[][] {
  if (!files.exists(path)) return [];
  const [version, count, ...lines] = decoder.decode(files.readAll(path)).split('\n');
  if (version === '' && count === undefined) return [];
  if (version !== checkpointVersion) throw malformed(path, `version ${version ?? ''} is unknown`);
  const entries = lines.filter((line) => line !== '').map((line) => line.trim().split(/\s+/));
  if (entries.length !== Number(count)) throw malformed(path, `${count ?? 'no count'} announced, ${entries.length} found`);
  const bad = entries.findIndex((entry) => entry.length !== columns);
  if (bad >= 0) throw malformed(path, `line ${bad + 3} has not ${columns} columns`);
  return entries;
}

function toNumber(text: string, path: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw malformed(path, `${text} is no number`);
  return value;
}

function malformed(path: string, what: string): StorageError {
  return new StorageError('corrupt-log', path, `a checkpoint that cannot be read: ${what}`);
}
