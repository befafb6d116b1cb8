// Between the controller's records and the metadata log's batches. The versions are those of metadata.version 4.3-IV0, the
// one level this engine runs at; Kafka's own tools read what is written here.

import type { MetadataRecord } from '#engine/controller/records.ts';
import { encodeRecord } from '#engine/protocol/codec.ts';
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  type MetadataRecordInput,
  type MetadataRecord as WireRecord,
} from '#engine/protocol/metadata-records/metadata-record.ts';
import { batchSize, baseOffset, isControl, lastOffset, leaderEpoch } from '#engine/protocol/records/batch.ts';
import { batchesIn } from '#engine/protocol/records/batch-check.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { buildControlBatch } from '#engine/protocol/records/control-record.ts';
import { recordsOf } from '#engine/protocol/records/record-reader.ts';
import { leaderChangeMessage } from '#engine/protocol/storage-records/control-records.ts';
import type { Compression } from '#engine/world/ports.ts';

/** A metadata batch may decompress to no more than this. Ours are never compressed; a foreign log's may be. */
const maxBatchBytes = 64 * 1024 * 1024;

/** One batch of the log with what it says; control batches say nothing to the state machine. */
export interface MetadataBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly epoch: number;
  readonly sizeBytes: number;
  readonly records: readonly MetadataRecord[];
}

export interface BatchPlace {
  readonly baseOffset: number;
  readonly epoch: number;
  readonly timestampMs: number;
}

export function encodeMetadataBatch(records: readonly MetadataRecord[], place: BatchPlace): Uint8Array {
  const inputs = records.map((record) => ({ key: null, value: encodeMetadataRecord(toWire(record)), timestamp: place.timestampMs }));
  return buildBatch(inputs, { baseOffset: place.baseOffset, leaderEpoch: place.epoch });
}

export interface LeaderChange {
  readonly leaderId: number;
  readonly voters: readonly number[];
  readonly grantingVoters: readonly number[];
}

export function encodeLeaderChange(change: LeaderChange, place: BatchPlace): Uint8Array {
  const value = encodeRecord(leaderChangeMessage, 0, {
    version: 0,
    leaderId: change.leaderId,
    voters: change.voters.map((voterId) => ({ voterId })),
    grantingVoters: change.grantingVoters.map((voterId) => ({ voterId })),
  });
  return buildControlBatch([{ type: 'leader-change', value }], place.timestampMs, {
    baseOffset: place.baseOffset,
    leaderEpoch: place.epoch,
  });
}

/** The whole batches in `bytes`. Throws DecodeError for a record that this release can't replay: skipping it would fork the state. */
export function decodeMetadataBatches(bytes: Uint8Array, compression: Compression): readonly MetadataBatch[] {
  return [...batchesIn(bytes)].map(({ at }) => ({
    baseOffset: baseOffset(bytes, at),
    lastOffset: lastOffset(bytes, at),
    epoch: leaderEpoch(bytes, at),
    sizeBytes: batchSize(bytes, at),
    records: isControl(bytes, at) ? [] : decodeRecords(bytes, at, compression),
  }));
}

function decodeRecords(bytes: Uint8Array, at: number, compression: Compression): readonly MetadataRecord[] {
  const records: MetadataRecord[] = [];
  for (const { value } of recordsOf(bytes, at, { compression, maxDecompressedBytes: maxBatchBytes })) {
    if (value !== null) records.push(fromWire(decodeMetadataRecord(value)));
  }
  return records;
}

function toWire(record: MetadataRecord): MetadataRecordInput {
  switch (record.type) {
    case 'RegisterBroker':
      return { name: 'RegisterBrokerRecord', version: 4, value: record };
    case 'UnregisterBroker':
      return { name: 'UnregisterBrokerRecord', version: 0, value: record };
    case 'BrokerRegistrationChange':
      return { name: 'BrokerRegistrationChangeRecord', version: 3, value: record };
    case 'Topic':
      return { name: 'TopicRecord', version: 0, value: record };
    case 'RemoveTopic':
      return { name: 'RemoveTopicRecord', version: 0, value: record };
    case 'Partition':
      return { name: 'PartitionRecord', version: 2, value: record };
    case 'PartitionChange':
      return { name: 'PartitionChangeRecord', version: 2, value: record };
    case 'ClearElr':
      return { name: 'ClearElrRecord', version: 0, value: record };
    case 'Config':
      return { name: 'ConfigRecord', version: 0, value: record };
    case 'FeatureLevel':
      return { name: 'FeatureLevelRecord', version: 0, value: record };
    case 'ProducerIds':
      return { name: 'ProducerIdsRecord', version: 0, value: record };
    case 'RegisterController':
      return { name: 'RegisterControllerRecord', version: 0, value: { ...record, zkMigrationReady: false } };
    case 'NoOp':
      return { name: 'NoOpRecord', version: 0, value: {} };
  }
}

function fromWire({ name, value }: WireRecord): MetadataRecord {
  switch (name) {
    case 'RegisterBrokerRecord':
      return { type: 'RegisterBroker', ...value };
    case 'UnregisterBrokerRecord':
      return { type: 'UnregisterBroker', ...value };
    case 'BrokerRegistrationChangeRecord':
      return {
        type: 'BrokerRegistrationChange',
        brokerId: value.brokerId,
        brokerEpoch: value.brokerEpoch,
        fenced: sign(value.fenced),
        inControlledShutdown: value.inControlledShutdown === 1 ? 1 : 0,
      };
    case 'FenceBrokerRecord':
      return { type: 'BrokerRegistrationChange', brokerId: value.id, brokerEpoch: value.epoch, fenced: 1, inControlledShutdown: 0 };
    case 'UnfenceBrokerRecord':
      return { type: 'BrokerRegistrationChange', brokerId: value.id, brokerEpoch: value.epoch, fenced: -1, inControlledShutdown: 0 };
    case 'TopicRecord':
      return { type: 'Topic', ...value };
    case 'RemoveTopicRecord':
      return { type: 'RemoveTopic', ...value };
    case 'PartitionRecord':
      return { type: 'Partition', ...value };
    case 'PartitionChangeRecord':
      return fromPartitionChange(value);
    case 'ClearElrRecord':
      return { type: 'ClearElr', ...value };
    case 'ConfigRecord':
      return { type: 'Config', ...value };
    case 'FeatureLevelRecord':
      return { type: 'FeatureLevel', ...value };
    case 'ProducerIdsRecord':
      return { type: 'ProducerIds', ...value };
    case 'RegisterControllerRecord':
      return {
        type: 'RegisterController',
        controllerId: value.controllerId,
        incarnationId: value.incarnationId,
        endPoints: value.endPoints,
        features: value.features,
      };
    case 'NoOpRecord':
    case 'ZkMigrationStateRecord':
      return { type: 'NoOp' };
    default:
      throw new UnsupportedRecordError(name);
  }
}

/** A log written by a newer or differently configured cluster: refuse to guess. */
export class UnsupportedRecordError extends Error {
  override readonly name = 'UnsupportedRecordError';
  constructor(recordName: string) {
    super(`the metadata log holds a ${recordName}, which this release can't replay`);
  }
}

function sign(fenced: number): -1 | 0 | 1 {
  if (fenced === 0) return 0;
  return fenced > 0 ? 1 : -1;
}

type WirePartitionChange = Extract<WireRecord, { name: 'PartitionChangeRecord' }>['value'];

/** Kafka's "unchanged" sentinels (null, -2, -1) become absent fields. */
function fromPartitionChange(value: WirePartitionChange): MetadataRecord {
  return {
    type: 'PartitionChange',
    partitionId: value.partitionId,
    topicId: value.topicId,
    ...(value.isr === null ? {} : { isr: value.isr }),
    ...(value.leader === -2 ? {} : { leader: value.leader }),
    ...(value.replicas === null ? {} : { replicas: value.replicas }),
    ...(value.removingReplicas === null ? {} : { removingReplicas: value.removingReplicas }),
    ...(value.addingReplicas === null ? {} : { addingReplicas: value.addingReplicas }),
    ...(value.leaderRecoveryState === -1 ? {} : { leaderRecoveryState: value.leaderRecoveryState }),
    ...(value.directories === null ? {} : { directories: value.directories }),
    ...(value.eligibleLeaderReplicas === null ? {} : { eligibleLeaderReplicas: value.eligibleLeaderReplicas }),
    ...(value.lastKnownElr === null ? {} : { lastKnownElr: value.lastKnownElr }),
  };
}
