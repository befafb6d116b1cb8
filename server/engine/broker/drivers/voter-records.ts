// Between sets of voters and the control records that say them (KIP-853): KRaftVersion and KRaftVoters, in the metadata log
// and in its snapshots.

import { decodeRecord, encodeRecord } from '#engine/protocol/codec.ts';
import { isControl } from '#engine/protocol/records/batch.ts';
import { batchesIn } from '#engine/protocol/records/batch-check.ts';
import { buildControlBatch, controlTypeOf, type ControlInput } from '#engine/protocol/records/control-record.ts';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import { kRaftVersionRecord, votersRecord } from '#engine/protocol/storage-records/control-records.ts';
import { toTopicId } from '#engine/base/brand.ts';
import type { VoterSet } from '#engine/raft/voter-set.ts';
import type { Compression } from '#engine/world/ports.ts';
import type { BatchPlace } from './metadata-record-codec.ts';

/** Control records are small; a batch of them that unpacks to more than this is not one of ours. */
const maxControlBytes = 1024 * 1024;

export const supportedKraftVersions = { minSupportedVersion: 0, maxSupportedVersion: 1 } as const;

/** The records of a log or snapshot; the version only where it changes, or where nothing stands before. */
export function voterRecords(set: VoterSet, withVersion: boolean): readonly ControlInput[] {
  const version = encodeRecord(kRaftVersionRecord, 0, { version: 0, kRaftVersion: set.kraftVersion });
  const voters = encodeRecord(votersRecord, 0, {
    version: 0,
    voters: set.voters.map(({ nodeId, directoryId, endpoints }) => ({
      voterId: nodeId,
      voterDirectoryId: toTopicId(directoryId),
      endpoints,
      kRaftVersionFeature: supportedKraftVersions,
    })),
  });
  const said: ControlInput = { type: 'kraft-voters', value: voters };
  return withVersion ? [{ type: 'kraft-version', value: version }, said] : [said];
}

export function encodeVoters(set: VoterSet, isUpgrade: boolean, place: BatchPlace): Uint8Array {
  const { baseOffset, epoch, timestampMs } = place;
  return buildControlBatch(voterRecords(set, isUpgrade), timestampMs, { baseOffset, leaderEpoch: epoch });
}

/** What the batch at `at` says of the voters; null when it says nothing. Voters stand in logs of kraft.version 1 only. */
export function votersIn(bytes: Uint8Array, at: number, compression: Compression): VoterSet | null {
  if (!isControl(bytes, at)) return null;
  for (const record of recordsOf(bytes, at, { compression, maxDecompressedBytes: maxControlBytes })) {
    if (controlTypeOf(record) !== 'kraft-voters' || record.value === null) continue;
    const { voters } = decodeRecord(votersRecord, 0, record.value);
    return {
      kraftVersion: 1,
      voters: voters.map(({ voterId, voterDirectoryId, endpoints }) => ({ nodeId: voterId, directoryId: voterDirectoryId, endpoints })),
    };
  }
  return null;
}

/** The last word on the voters in a run of batches: a snapshot's. */
export function lastVotersIn(bytes: Uint8Array, compression: Compression): VoterSet | null {
  let last: VoterSet | null = null;
  for (const { at } of batchesIn(bytes)) last = votersIn(bytes, at, compression) ?? last;
  return last;
}
