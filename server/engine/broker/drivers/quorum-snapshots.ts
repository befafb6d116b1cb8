// Snapshots of the metadata log, in Kafka's own form: <end offset>-<epoch>.checkpoint beside the segments; a header, the
// records that build the image, a footer. A snapshot without footer is torn and counts for nothing.

import type { MetadataRecord } from '#engine/controller/records.ts';
import { encodeRecord } from '#engine/protocol/codec.ts';
import { buildControlBatch, controlTypeOf, type ControlInput } from '#engine/protocol/records/control-record.ts';
import { isControl, recordCount } from '#engine/protocol/records/batch.ts';
import { batchesIn, checkBatch } from '#engine/protocol/records/batch-check.ts';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import { snapshotFooterRecord, snapshotHeaderRecord } from '#engine/protocol/storage-records/control-records.ts';
import type { SnapshotId } from '#engine/raft/messages.ts';
import type { VoterSet } from '#engine/raft/voter-set.ts';
import { SyncError, type Compression, type FileSystem } from '#engine/world/ports.ts';
import { decodeMetadataBatches, encodeMetadataBatch } from './metadata-record-codec.ts';
import { lastVotersIn, voterRecords } from './voter-records.ts';

const suffix = '.checkpoint';
const partSuffix = '.checkpoint.part';
const recordsPerBatch = 500;
/** Older snapshots than the last few are removed: an observer may still be fetching the one before. */
const keptSnapshots = 2;

export interface SnapshotPlace {
  readonly files: FileSystem;
  readonly compression: Compression;
  readonly directory: string;
}

export interface SnapshotContent {
  readonly records: Iterable<MetadataRecord>;
  readonly voters: VoterSet;
  readonly lastTimestampMs: number;
}

export interface LoadedSnapshot {
  readonly id: SnapshotId;
  readonly records: readonly MetadataRecord[];
  /** null: by the configuration. */
  readonly voters: VoterSet | null;
}

export function snapshotName({ offset, epoch }: SnapshotId): string {
  return `${String(offset).padStart(20, '0')}-${String(epoch).padStart(10, '0')}${suffix}`;
}

/** All finished snapshots, newest first. */
export function listSnapshots(place: SnapshotPlace): readonly SnapshotId[] {
  const found = place.files.list(place.directory).flatMap(({ name }) => {
    const match = /^(\d{20})-(\d{10})\.checkpoint$/.exec(name);
    return match === null ? [] : [{ offset: Number(match[1]), epoch: Number(match[2]) }];
  });
  return found.sort((a, b) => b.offset - a.offset || b.epoch - a.epoch);
}

/** Writes the whole snapshot, durable when this returns. */
export function writeSnapshot(place: SnapshotPlace, id: SnapshotId, content: SnapshotContent): void {
  const chunks = encodeSnapshot(id, content);
  const part = partPath(place, id);
  const file = place.files.open(part, 'create');
  try {
    file.truncate(0);
    file.write(chunks, 0);
    file.syncNow();
  } catch (error) {
    // On a full disk it would keep the room from others.
    if (!(error instanceof SyncError)) place.files.remove(part);
    throw error;
  } finally {
    file.close();
  }
  finishPart(place, id);
}

function encodeSnapshot(id: SnapshotId, content: SnapshotContent): readonly Uint8Array[] {
  const { lastTimestampMs: timestampMs, voters } = content;
  const header = encodeRecord(snapshotHeaderRecord, 0, { version: 0, lastContainedLogTimestamp: timestampMs });
  // Voters of the configuration are nobody else's business.
  const head: ControlInput[] = [
    { type: 'snapshot-header', value: header },
    ...(voters.kraftVersion === 0 ? [] : voterRecords(voters, true)),
  ];
  const chunks = [buildControlBatch(head, timestampMs, { baseOffset: 0, leaderEpoch: id.epoch })];
  let next = head.length;
  for (const records of inGroups(content.records)) {
    chunks.push(encodeMetadataBatch(records, { baseOffset: next, epoch: id.epoch, timestampMs }));
    next += records.length;
  }
  const footer = encodeRecord(snapshotFooterRecord, 0, { version: 0 });
  chunks.push(buildControlBatch([{ type: 'snapshot-footer', value: footer }], timestampMs, { baseOffset: next, leaderEpoch: id.epoch }));
  return chunks;
}

function* inGroups(records: Iterable<MetadataRecord>): Generator<readonly MetadataRecord[]> {
  let group: MetadataRecord[] = [];
  for (const record of records) {
    group.push(record);
    if (group.length < recordsPerBatch) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** What a snapshot says, or null when the file is torn: every batch must be sound and the last one the footer. */
export function readSnapshot(place: SnapshotPlace, id: SnapshotId): LoadedSnapshot | null {
  const bytes = place.files.readAll(`${place.directory}/${snapshotName(id)}`);
  if (!isWhole(bytes, place.compression)) return null;
  const records = decodeMetadataBatches(bytes, place.compression).flatMap((batch) => batch.records);
  return { id, records, voters: lastVotersIn(bytes, place.compression) };
}

function isWhole(bytes: Uint8Array, compression: Compression): boolean {
  let end = 0;
  let last = -1;
  for (const { at, sizeBytes } of batchesIn(bytes)) {
    if (checkBatch(bytes, at, bytes.length) !== null) return false;
    end = at + sizeBytes;
    last = at;
  }
  if (last < 0 || end !== bytes.length || !isControl(bytes, last) || recordCount(bytes, last) !== 1) return false;
  const [footer] = recordsOf(bytes, last, { compression, maxDecompressedBytes: 1_024 });
  return footer !== undefined && controlTypeOf(footer) === 'snapshot-footer';
}

/** A piece of a snapshot for a replica that fetches it; null when there is none such. */
export function readSnapshotPiece(
  place: SnapshotPlace,
  id: SnapshotId,
  range: { readonly position: number; readonly maxBytes: number },
): { readonly bytes: Uint8Array; readonly totalBytes: number } | null {
  const path = `${place.directory}/${snapshotName(id)}`;
  if (!place.files.exists(path)) return null;
  const file = place.files.open(path, 'read');
  try {
    const totalBytes = file.sizeBytes();
    const target = new Uint8Array(Math.max(0, Math.min(range.maxBytes, totalBytes - range.position)));
    const length = file.read(target, range.position);
    return { bytes: target.subarray(0, length), totalBytes };
  } finally {
    file.close();
  }
}

/** Appends a fetched piece; position 0 begins anew. */
export function writeSnapshotPiece(
  place: SnapshotPlace,
  id: SnapshotId,
  piece: { readonly position: number; readonly bytes: Uint8Array },
): void {
  const file = place.files.open(partPath(place, id), 'create');
  try {
    if (piece.position === 0) file.truncate(0);
    file.write([piece.bytes], piece.position);
    file.syncNow();
  } finally {
    file.close();
  }
}

/** Gives a complete file its name, durably. */
export function finishPart(place: SnapshotPlace, id: SnapshotId): void {
  place.files.rename(partPath(place, id), `${place.directory}/${snapshotName(id)}`);
  place.files.syncDirectory(place.directory);
}

export function removeOldSnapshots(place: SnapshotPlace): void {
  for (const id of listSnapshots(place).slice(keptSnapshots)) place.files.remove(`${place.directory}/${snapshotName(id)}`);
}

export function removeUnfinishedParts(place: SnapshotPlace): void {
  for (const { name } of place.files.list(place.directory)) {
    if (name.endsWith(partSuffix)) place.files.remove(`${place.directory}/${name}`);
  }
}

function partPath(place: SnapshotPlace, id: SnapshotId): string {
  return `${place.directory}/${snapshotName(id).replace(suffix, partSuffix)}`;
}
