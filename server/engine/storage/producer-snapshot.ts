// The file form of the producer table at one offset: int16 version 1, CRC-32C of what follows, the
// entries. Only a producer's last batch is kept (as Kafka does); replaying the log behind the snapshot
// brings the others back as far as they matter.

import { crc32c } from '#engine/bytes/crc32c.ts';
import { readInt16, readInt32, readInt64, readUint32, writeInt16, writeInt32, writeInt64 } from '#engine/protocol/records/fixed-ints.ts';
import type { SequencedBatch } from '#engine/protocol/records/producer-history.ts';
import type { ProducerState } from './producer-state.ts';

const snapshotVersion = 1;
const headBytes = 10;
const checkedFrom = 6;
const entryBytes = 46;

export function encodeSnapshot(states: readonly ProducerState[]): Uint8Array {
  const bytes = new Uint8Array(headBytes + states.length * entryBytes);
  writeInt16(bytes, 0, snapshotVersion);
  writeInt32(bytes, 6, states.length);
  states.forEach((state, index) => {
    writeEntry(bytes, headBytes + index * entryBytes, state);
  });
  writeInt32(bytes, 2, crc32c(bytes, checkedFrom));
  return bytes;
}

function writeEntry(bytes: Uint8Array, at: number, state: ProducerState): void {
  const last = state.batches.at(-1);
  writeInt64(bytes, at, state.producerId);
  writeInt16(bytes, at + 8, state.producerEpoch);
  writeInt32(bytes, at + 10, last?.lastSequence ?? -1);
  writeInt64(bytes, at + 14, last?.lastOffset ?? -1);
  writeInt32(bytes, at + 22, last === undefined ? 0 : last.lastOffset - last.firstOffset);
  writeInt64(bytes, at + 26, state.lastTimestampMs);
  writeInt32(bytes, at + 34, state.coordinatorEpoch);
  writeInt64(bytes, at + 38, state.currentTransactionFirstOffset);
}

/** Null when the file is torn, of another version or fails its checksum: the state is rebuilt instead. */
export function decodeSnapshot(bytes: Uint8Array): ProducerState[] | null {
  if (bytes.length < headBytes || readInt16(bytes, 0) !== snapshotVersion) return null;
  if (crc32c(bytes, checkedFrom) !== readUint32(bytes, 2)) return null;
  const count = readInt32(bytes, 6);
  if (bytes.length !== headBytes + count * entryBytes) return null;
  return Array.from({ length: count }, (_, index) => readEntry(bytes, headBytes + index * entryBytes));
}

function readEntry(bytes: Uint8Array, at: number): ProducerState {
  const timestampMs = readInt64(bytes, at + 26);
  const batch = readLastBatch(bytes, at, timestampMs);
  return {
    producerId: readInt64(bytes, at),
    producerEpoch: readInt16(bytes, at + 8),
    batches: batch === null ? [] : [batch],
    lastTimestampMs: timestampMs,
    coordinatorEpoch: readInt32(bytes, at + 34),
    currentTransactionFirstOffset: readInt64(bytes, at + 38),
  };
}

function readLastBatch(bytes: Uint8Array, at: number, timestampMs: number): SequencedBatch | null {
  const lastSequence = readInt32(bytes, at + 10);
  const lastOffset = readInt64(bytes, at + 14);
  const offsetDelta = readInt32(bytes, at + 22);
  if (lastSequence < 0 || lastOffset < 0) return null;
  const beforeWrap = lastSequence - offsetDelta;
  const firstSequence = beforeWrap < 0 ? beforeWrap + 2_147_483_648 : beforeWrap;
  return { firstSequence, lastSequence, firstOffset: lastOffset - offsetDelta, lastOffset, timestampMs };
}
