// The metadata log's records by name, and their framing. Decoding gives a union that replay code can switch
// over; a type this release doesn't know is an error, because skipping it would fork the cluster's state.

import { DecodeError } from '#engine/bytes/errors.ts';
import { Reader } from '#engine/bytes/reader.ts';
import { Writer } from '#engine/bytes/writer.ts';
import { decoderOf, encoderOf } from '../compile.ts';
import type { RecordSchema } from '../record-schema.ts';
import type { DecodedMessage, InputMessage } from '../schema.ts';
import { topicRecord, partitionRecord, partitionChangeRecord, removeTopicRecord, clearElrRecord } from './topic-records.ts';
import {
  registerBrokerRecord,
  brokerRegistrationChangeRecord,
  unregisterBrokerRecord,
  fenceBrokerRecord,
  unfenceBrokerRecord,
  registerControllerRecord,
} from './broker-records.ts';
import { configRecord, featureLevelRecord, clientQuotaRecord } from './config-records.ts';
import {
  accessControlEntryRecord,
  removeAccessControlEntryRecord,
  userScramCredentialRecord,
  removeUserScramCredentialRecord,
  delegationTokenRecord,
  removeDelegationTokenRecord,
} from './security-records.ts';
import {
  noOpRecord,
  beginTransactionRecord,
  endTransactionRecord,
  abortTransactionRecord,
  producerIdsRecord,
  zkMigrationStateRecord,
} from './log-records.ts';

export const metadataRecords = {
  TopicRecord: topicRecord,
  PartitionRecord: partitionRecord,
  PartitionChangeRecord: partitionChangeRecord,
  RemoveTopicRecord: removeTopicRecord,
  ClearElrRecord: clearElrRecord,
  RegisterBrokerRecord: registerBrokerRecord,
  BrokerRegistrationChangeRecord: brokerRegistrationChangeRecord,
  UnregisterBrokerRecord: unregisterBrokerRecord,
  FenceBrokerRecord: fenceBrokerRecord,
  UnfenceBrokerRecord: unfenceBrokerRecord,
  RegisterControllerRecord: registerControllerRecord,
  ConfigRecord: configRecord,
  FeatureLevelRecord: featureLevelRecord,
  ClientQuotaRecord: clientQuotaRecord,
  AccessControlEntryRecord: accessControlEntryRecord,
  RemoveAccessControlEntryRecord: removeAccessControlEntryRecord,
  UserScramCredentialRecord: userScramCredentialRecord,
  RemoveUserScramCredentialRecord: removeUserScramCredentialRecord,
  DelegationTokenRecord: delegationTokenRecord,
  RemoveDelegationTokenRecord: removeDelegationTokenRecord,
  NoOpRecord: noOpRecord,
  BeginTransactionRecord: beginTransactionRecord,
  EndTransactionRecord: endTransactionRecord,
  AbortTransactionRecord: abortTransactionRecord,
  ProducerIdsRecord: producerIdsRecord,
  ZkMigrationStateRecord: zkMigrationStateRecord,
} as const;

type Table = typeof metadataRecords;
export type MetadataRecordName = keyof Table;

/** A record to append. `version` must be one that the cluster's metadata.version allows. */
export type MetadataRecordInput = {
  [Name in MetadataRecordName]: { readonly name: Name; readonly version: number; readonly value: InputMessage<Table[Name]> };
}[MetadataRecordName];

/** A record as read from the log. */
export type MetadataRecord = {
  [Name in MetadataRecordName]: { readonly name: Name; readonly version: number; readonly value: DecodedMessage<Table[Name]> };
}[MetadataRecordName];

/** The one frame version that Kafka has written so far. */
const frameVersion = 1;

const nameByType = new Map<number, MetadataRecordName>(
  Object.entries(metadataRecords).map(([name, schema]) => [schema.type, name as MetadataRecordName]),
);

/** The value bytes of the log record: frame version, type, version, body. */
export function encodeMetadataRecord(record: MetadataRecordInput): Uint8Array {
  const schema: RecordSchema = metadataRecords[record.name];
  const encode = encoderOf(schema, record.version);
  const writer = new Writer();
  writer.uvarint(frameVersion);
  writer.uvarint(schema.type);
  writer.uvarint(record.version);
  encode(writer, record.value);
  return writer.finishWhole();
}

/** Throws DecodeError for anything that isn't exactly one known record. */
export function decodeMetadataRecord(bytes: Uint8Array): MetadataRecord {
  const reader = new Reader(bytes);
  const frame = reader.uvarint();
  if (frame !== frameVersion) throw new DecodeError('unsupported', 0, `a metadata record of frame version ${frame}`);
  const type = reader.uvarint();
  const name = nameByType.get(type);
  if (name === undefined) throw new DecodeError('unsupported', 1, `a metadata record of type ${type}`);
  const version = reader.uvarint();
  const value = decoderOf(metadataRecords[name], version)(reader);
  reader.expectEnd();
  return { name, version, value } as MetadataRecord;
}
