// Framing of the records in Kafka's own logs: metadata, groups, transactions, consumer protocol.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toTopicId } from '#engine/base/brand.ts';
import { DecodeError } from '#engine/bytes/errors.ts';
import { decodeAssignment, decodeSubscription, encodeAssignment, encodeSubscription } from './group-records/consumer-protocol.ts';
import {
  decodeGroupRecord,
  encodeGroupRecord,
  groupRecords,
  type GroupRecordInput,
  type GroupRecordKind,
} from './group-records/group-record.ts';
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  metadataRecords,
  type MetadataRecordInput,
  type MetadataRecordName,
} from './metadata-records/metadata-record.ts';
import { decodeRecordKey, decodeVersioned, encodeRecordKey, encodeVersioned } from './record-schema.ts';
import { endTxnMarker } from './storage-records/control-records.ts';
import { arbitraryMessage, everyVersion } from './testing/arbitrary.ts';
import { transactionLogKey, transactionLogValue } from './transaction-records/transaction-log-records.ts';

/** Hexadecimal written in groups, for the eye. */
const unspaced = (text: string): string => text.replaceAll(' ', '');

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const topicId = toTopicId('AAAAAAAAAAAAAAAAAAAAAQ');

describe('metadata records', () => {
  test('carry frame version, type and version as varints before the body', () => {
    const bytes = encodeMetadataRecord({ name: 'TopicRecord', version: 0, value: { name: 'foo', topicId } });
    expect(hex(bytes)).toBe(unspaced(`010200 04666f6f ${'00'.repeat(15)}01 00`));
    expect(decodeMetadataRecord(bytes)).toEqual({ name: 'TopicRecord', version: 0, value: { name: 'foo', topicId } });
  });

  test('of partition changes leave out what didn\'t change, and tell "no leader" from "same leader"', () => {
    const change = (leader?: number): Uint8Array =>
      encodeMetadataRecord({
        name: 'PartitionChangeRecord',
        version: 0,
        value: { partitionId: 1, topicId, ...(leader === undefined ? {} : { leader }) },
      });
    expect(hex(change())).toBe(`010500${'00000001'}${'00'.repeat(15)}0100`);
    expect(hex(change(-1))).toBe(unspaced(`010500${'00000001'}${'00'.repeat(15)}01 01 0104 ffffffff`));
    expect(decodeMetadataRecord(change()).value).toMatchObject({ leader: -2, isr: null });
  });

  test.each(everyVersion(Object.values(metadataRecords)))('%s comes back with its name and version', (_, message, version) => {
    const name = message.name as MetadataRecordName;
    fc.assert(
      fc.property(arbitraryMessage(message, version), (value) => {
        const decoded = decodeMetadataRecord(encodeMetadataRecord({ name, version, value } as MetadataRecordInput));
        expect([decoded.name, decoded.version]).toEqual([name, version]);
        expect(Object.keys(decoded.value)).toEqual(Object.keys(message.fields));
      }),
      { numRuns: 3 },
    );
  });

  test('of an unknown type, frame or version, or with bytes left over, are refused: skipping would fork the state', () => {
    const good = Buffer.from(encodeMetadataRecord({ name: 'RemoveTopicRecord', version: 0, value: { topicId } }));
    const patched = (at: number, byte: number): Buffer => {
      const copy = Buffer.from(good);
      copy[at] = byte;
      return copy;
    };
    for (const bytes of [patched(0, 2), patched(1, 99), patched(2, 7)])
      expect(() => decodeMetadataRecord(bytes)).toThrow(expect.objectContaining({ problem: 'unsupported' }));
    expect(() => decodeMetadataRecord(Buffer.concat([good, Buffer.from([0])]))).toThrow(
      expect.objectContaining({ problem: 'trailing-bytes' }),
    );
    expect(() => decodeMetadataRecord(good.subarray(0, 10))).toThrow(DecodeError);
  });
});

describe('group records', () => {
  test('carry the type before the key and the version before the value', () => {
    const record = encodeGroupRecord({
      kind: 'OffsetCommit',
      version: 3,
      key: { group: 'g', topic: 't', partition: 2 },
      value: { offset: 5, leaderEpoch: 1, metadata: 'm', commitTimestamp: 9 },
    });
    expect(hex(record.key)).toBe(unspaced('0001 000167 000174 00000002'));
    expect(hex(record.value!)).toBe(unspaced('0003 0000000000000005 00000001 00016d 0000000000000009'));
    expect(decodeGroupRecord(record)).toEqual({
      kind: 'OffsetCommit',
      key: { group: 'g', topic: 't', partition: 2 },
      value: { offset: 5, leaderEpoch: 1, metadata: 'm', commitTimestamp: 9, expireTimestamp: -1, topicId: 'AAAAAAAAAAAAAAAAAAAAAA' },
    });
  });

  test('with a null value are tombstones of every kind', () => {
    for (const [kind, { key }] of Object.entries(groupRecords)) {
      const [value] = fc.sample(arbitraryMessage(key, 0), { numRuns: 1, seed: 3 });
      const bytes = encodeGroupRecord({ kind: kind as GroupRecordKind, key: value, version: 0, value: null } as GroupRecordInput);
      expect(bytes.value).toBeNull();
      expect(decodeGroupRecord(bytes)).toEqual({ kind, key: value, value: null });
    }
  });

  test('of kinds that are not kept here are named, so that loading can pass over them', () => {
    expect(decodeGroupRecord({ key: Buffer.from('000a0102', 'hex'), value: Buffer.from('0000ff', 'hex') })).toEqual({
      kind: 'Unknown',
      type: 10,
    });
  });

  test('of a newer version than known are refused', () => {
    const record = encodeGroupRecord({ kind: 'GroupMetadata', version: 3, key: { group: 'g' }, value: null });
    expect(() => decodeGroupRecord({ key: record.key, value: Buffer.from('0005', 'hex') })).toThrow(
      expect.objectContaining({ problem: 'unsupported' }),
    );
  });
});

describe('the consumer protocol', () => {
  test('reads a newer version as the newest it knows and leaves what follows alone', () => {
    const known = Buffer.from(
      encodeSubscription(3, {
        topics: ['a', 'b'],
        userData: null,
        generationId: 4,
        rackId: 'r',
        ownedPartitions: [{ topic: 'a', partitions: [0] }],
      }),
    );
    const newer = Buffer.concat([Buffer.from([0, 9]), known.subarray(2), Buffer.from('more')]);
    expect(decodeSubscription(newer)).toEqual(decodeSubscription(known));
    expect(decodeSubscription(known)).toMatchObject({ topics: ['a', 'b'], generationId: 4, rackId: 'r' });
  });

  test('reads version 0 with no owned partitions, as old clients send it', () => {
    expect(decodeSubscription(encodeSubscription(0, { topics: ['a'] }))).toEqual({
      topics: ['a'],
      userData: null,
      ownedPartitions: [],
      generationId: -1,
      rackId: null,
    });
  });

  test('drops the later fields when it writes an old version, because they are ignorable', () => {
    expect(hex(encodeSubscription(0, { topics: [], generationId: 7, rackId: 'x' }))).toBe(unspaced('0000 00000000 ffffffff'));
  });

  test('hands assignments on whole', () => {
    const assignment = { assignedPartitions: [{ topic: 't', partitions: [3, 1] }], userData: Buffer.from([1]) };
    expect(decodeAssignment(encodeAssignment(1, assignment))).toEqual(assignment);
  });

  test.each(['', '00', 'ffff', '0000', '000000000001'])('refuses the broken bytes %j of a member', (bytes) => {
    expect(() => decodeSubscription(Buffer.from(bytes, 'hex'))).toThrow(DecodeError);
  });
});

describe('other versioned bodies', () => {
  test('of a transaction come back with key and version', () => {
    const key = encodeRecordKey(transactionLogKey, { transactionalId: 'tx' });
    expect(hex(key)).toBe(unspaced('0000 00027478'));
    expect(decodeRecordKey(transactionLogKey, key)).toEqual({ transactionalId: 'tx' });
    const value = {
      producerId: 4,
      producerEpoch: 1,
      transactionTimeoutMs: 60_000,
      transactionStatus: 1,
      transactionPartitions: [{ topic: 't', partitionIds: [0] }],
      transactionLastUpdateTimestampMs: 5,
      transactionStartTimestampMs: 4,
    };
    expect(decodeVersioned(transactionLogValue, encodeVersioned(transactionLogValue, 1, value))).toMatchObject({ version: 1, value });
  });

  test('of an end marker are six bytes, version first', () => {
    expect(hex(encodeVersioned(endTxnMarker, 0, { coordinatorEpoch: 7 }))).toBe('000000000007');
  });

  test('with a key of another type are refused', () => {
    expect(() => decodeRecordKey(transactionLogKey, Buffer.from('00010000', 'hex'))).toThrow(
      expect.objectContaining({ problem: 'unsupported' }),
    );
  });
});
