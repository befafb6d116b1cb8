// The metadata quorum as one node knows it, for people: its role and vote, its newest snapshot, and the end of its log
// decoded record by record. Reads only; what it can't decode is told by its name.

import { decodeRecord } from '#engine/protocol/codec.ts';
import { decodeMetadataRecord } from '#engine/protocol/metadata-records/metadata-record.ts';
import { isControl, leaderEpoch } from '#engine/protocol/records/batch.ts';
import { batchesIn } from '#engine/protocol/records/batch-check.ts';
import { controlTypeOf, type ControlType } from '#engine/protocol/records/control-record.ts';
import type { LogRecord } from '#engine/protocol/records/record.ts';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import { kRaftVersionRecord, leaderChangeMessage, votersRecord } from '#engine/protocol/storage-records/control-records.ts';
import type { Quorum, Role } from '#engine/raft/types.ts';
import { knownLeader } from '#engine/raft/turn.ts';
import type { MetadataLogRecord, QuorumFacts } from '#engine/trace/process-link.ts';
import type { QuorumLog } from './quorum-log.ts';

/** However many records are asked for, no more than this is read for them. */
const maxTailBytes = 1024 * 1024;
const maxTailRecords = 500;
const maxFieldsLength = 4_000;

export interface QuorumPlace {
  readonly quorum: Readonly<Quorum>;
  readonly log: QuorumLog;
  readonly nowMs: number;
}

export function tellQuorum({ quorum, log, nowMs }: QuorumPlace, tail: number): QuorumFacts {
  const { role, config, epoch, highWatermark } = quorum;
  const snapshot = log.newestSnapshot();
  return {
    nodeId: config.nodeId,
    role: role.kind,
    epoch,
    leaderId: knownLeader(quorum),
    votedId: voteOf(role, config.nodeId),
    electionInMs: electionIn(role, nowMs),
    grantedBy: grantersOf({ quorum, log, nowMs }),
    highWatermark,
    logStartOffset: log.startOffset,
    logEndOffset: log.endOffset,
    snapshot: snapshot === null ? null : { ...snapshot.id, sizeBytes: snapshot.sizeBytes, atMs: snapshot.atMs },
    tail: lastRecords(log, Math.min(tail, maxTailRecords)),
  };
}

/** A follower stands for election when its leader has been silent for this long. */
function electionIn(role: Role, nowMs: number): number | null {
  const atMs = 'electionAtMs' in role ? role.electionAtMs : role.kind === 'follower' ? role.fetchDeadlineMs : null;
  return atMs === null ? null : Math.max(0, Math.round(atMs - nowMs));
}

function voteOf(role: Role, nodeId: number): number | null {
  if (role.kind === 'leader' || role.kind === 'candidate') return nodeId;
  return 'votedId' in role ? role.votedId : null;
}

/** The first record of an epoch says who made its leader. */
function grantersOf({ quorum, log }: QuorumPlace): readonly number[] | null {
  const start = quorum.log.history.entries.findLast((entry) => entry.epoch === quorum.epoch);
  if (start === undefined || start.startOffset < log.startOffset || start.startOffset >= log.endOffset) return null;
  const bytes = log.readBytes(start.startOffset, 1);
  const [first] = batchesIn(bytes);
  if (first === undefined || !isControl(bytes, first.at)) return null;
  const [record] = recordsOf(bytes, first.at, { compression: log.compression, maxDecompressedBytes: maxTailBytes });
  if (record === undefined || record.value === null || controlTypeOf(record) !== 'leader-change') return null;
  return decodeRecord(leaderChangeMessage, 0, record.value).grantingVoters.map(({ voterId }) => voterId);
}

/** Where so many are too much to read, fewer: it is the end that is asked for. */
function lastRecords(log: QuorumLog, count: number): readonly MetadataLogRecord[] {
  for (let wanted = Math.min(count, log.endOffset - log.startOffset); wanted > 0; wanted >>= 1) {
    const records = recordsFrom(log, log.endOffset - wanted);
    if (records !== null) return records;
  }
  return [];
}

/** All from this offset to the end; null when that is more than may be read. */
function recordsFrom(log: QuorumLog, from: number): readonly MetadataLogRecord[] | null {
  const records: MetadataLogRecord[] = [];
  let readBytes = 0;
  for (let next = from; next < log.endOffset;) {
    if (readBytes >= maxTailBytes) return null;
    const bytes = log.readBytes(next, maxTailBytes);
    for (const { at } of batchesIn(bytes)) {
      const place = { epoch: leaderEpoch(bytes, at), isControl: isControl(bytes, at) };
      for (const record of recordsOf(bytes, at, { compression: log.compression, maxDecompressedBytes: maxTailBytes })) {
        if (record.offset >= from) records.push(tellRecord(record, place));
        next = record.offset + 1;
      }
    }
    readBytes += bytes.length;
    if (bytes.length === 0) return records;
  }
  return records;
}

function tellRecord(record: LogRecord, place: { readonly epoch: number; readonly isControl: boolean }): MetadataLogRecord {
  const { name, version, value } = place.isControl ? controlOf(record) : metadataOf(record);
  const fields = JSON.stringify(value, toPlain);
  return {
    offset: record.offset,
    epoch: place.epoch,
    atMs: record.timestamp,
    name,
    version,
    fields: fields.length > maxFieldsLength ? `${fields.slice(0, maxFieldsLength)}…` : fields,
  };
}

interface Decoded {
  readonly name: string;
  readonly version: number;
  readonly value: object;
}

function metadataOf({ value }: LogRecord): Decoded {
  return value === null ? { name: 'null', version: 0, value: {} } : decodeMetadataRecord(value);
}

const controlNames: Readonly<Record<ControlType, string>> = {
  'leader-change': 'LeaderChangeMessage',
  'snapshot-header': 'SnapshotHeaderRecord',
  'snapshot-footer': 'SnapshotFooterRecord',
  'kraft-version': 'KRaftVersionRecord',
  'kraft-voters': 'VotersRecord',
  commit: 'EndTxnMarker',
  abort: 'EndTxnMarker',
};

function controlOf(record: LogRecord): Decoded {
  const type = controlTypeOf(record);
  return { name: type === null ? 'control record' : controlNames[type], version: 0, value: controlValue(type, record.value) };
}

function controlValue(type: ControlType | null, bytes: Uint8Array | null): object {
  if (bytes === null) return {};
  if (type === 'leader-change') return decodeRecord(leaderChangeMessage, 0, bytes);
  if (type === 'kraft-version') return decodeRecord(kRaftVersionRecord, 0, bytes);
  return type === 'kraft-voters' ? decodeRecord(votersRecord, 0, bytes) : {};
}

/** Fields at "nothing" are left out, as they were before the record: a partition's change has a dozen of them. */
function toPlain(_name: string, value: unknown): unknown {
  if (value === null) return undefined;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return value;
}
