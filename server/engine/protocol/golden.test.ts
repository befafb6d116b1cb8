// Bytes that we did not write: frames between Apache Kafka 4.3.1 and its own tools, its broker and its controller,
// and librdkafka 2.0 (golden/frames.txt: direction, key, version, hexadecimal), and records from that broker's own
// logs (golden/records.txt: log, key, value). Each must decode, and encode again to the very same bytes.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { apiVersionsApi } from './apis/18-api-versions.ts';
import { brokerRegistrationApi } from './apis/62-broker-registration.ts';
import { consumerGroupHeartbeatApi } from './apis/68-consumer-group-heartbeat.ts';
import { apiByKey } from './apis/index.ts';
import { decodeRecord, decodeRequest, encodeRecord } from './codec.ts';
import { decodeGroupRecord, encodeGroupRecord, type GroupRecordInput } from './group-records/group-record.ts';
import { decodeRequestHeader, decodeResponseFrame, encodeRequestFrame, encodeResponseFrame } from './headers.ts';
import { decodeMetadataRecord, encodeMetadataRecord } from './metadata-records/metadata-record.ts';
import { decodeRecordKey, decodeVersioned, encodeRecordKey, encodeVersioned } from './record-schema.ts';
import type { Api, Message } from './schema.ts';
import { controlRecordTypeSchema, endTxnMarker, leaderChangeMessage } from './storage-records/control-records.ts';
import { transactionLogKey, transactionLogValue } from './transaction-records/transaction-log-records.ts';

const read = (name: string): string[][] =>
  readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' '));

const frames = read('frames.txt').map(([direction, key, version, bytes]) => {
  const api = apiByKey(Number(key))!;
  return [`${direction} ${api.name} v${version}`, { direction, api, version: Number(version), frame: Buffer.from(bytes!, 'hex') }] as const;
});
const records = read('records.txt').map(([log, key, value]) => ({
  log: log!,
  key: Buffer.from(key === '-' ? '' : key!, 'hex'),
  value: value === '-' ? null : Buffer.from(value!, 'hex'),
}));
const recordsOf = (log: string): readonly { readonly key: Buffer; readonly value: Buffer | null }[] =>
  records.filter((record) => record.log === log);

function find(direction: string, api: Api, version: number): Buffer {
  return frames.find(([name]) => name === `${direction} ${api.name} v${version}`)![1].frame;
}

describe('frames of real brokers and clients', () => {
  test.each(frames)('%s', (_, { direction, api, version, frame }) => {
    const { correlationId, bytes } = direction === 'request' ? recodeRequest(api, version, frame) : recodeResponse(api, version, frame);
    expect(correlationId).toBeGreaterThanOrEqual(0);
    expect(bytes.readInt32BE()).toBe(frame.length);
    expect(bytes.toString('hex', 4)).toBe(frame.toString('hex'));
  });

  function recodeRequest(api: Api, version: number, frame: Buffer): { readonly correlationId: number; readonly bytes: Buffer } {
    const { correlationId, clientId, bodyAt } = decodeRequestHeader(api, frame);
    const value = decodeRequest(api, version, frame, bodyAt);
    return { correlationId, bytes: Buffer.concat(encodeRequestFrame(api, { version, correlationId, clientId }, value as never)) };
  }

  function recodeResponse(api: Api, version: number, frame: Buffer): { readonly correlationId: number; readonly bytes: Buffer } {
    const correlationId = frame.readInt32BE();
    const value = decodeResponseFrame(api, version, frame);
    return { correlationId, bytes: Buffer.concat(encodeResponseFrame(api, { version, correlationId }, value as never)) };
  }

  test('say what they are known to say', () => {
    const answer = decodeResponseFrame(apiVersionsApi, 4, find('response', apiVersionsApi, 4));
    expect(answer.apiKeys).toContainEqual({ apiKey: 0, minVersion: 0, maxVersion: 13 });
    expect(answer.finalizedFeatures).toContainEqual({ name: 'metadata.version', maxVersionLevel: 30, minVersionLevel: 30 });

    const frame = find('request', brokerRegistrationApi, 4);
    const registration = decodeRequest(brokerRegistrationApi, 4, frame, decodeRequestHeader(brokerRegistrationApi, frame).bodyAt);
    expect(registration).toMatchObject({
      brokerId: 1,
      listeners: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 41_050, securityProtocol: 0 }],
      previousBrokerEpoch: -1,
    });

    const beat = decodeResponseFrame(consumerGroupHeartbeatApi, 1, find('response', consumerGroupHeartbeatApi, 1));
    expect(beat.assignment?.topicPartitions[0]?.partitions).toEqual([0, 1]);
  });
});

describe('records of a real broker', () => {
  test('of the metadata log', () => {
    const names = recordsOf('metadata').map(({ value }) => {
      const record = decodeMetadataRecord(value!);
      expect(Buffer.from(encodeMetadataRecord(record)).toString('hex')).toBe(value!.toString('hex'));
      return record.name;
    });
    expect(names).toEqual(
      expect.arrayContaining([
        'RegisterBrokerRecord',
        'TopicRecord',
        'PartitionRecord',
        'FeatureLevelRecord',
        'ConfigRecord',
        'BrokerRegistrationChangeRecord',
      ]),
    );
  });

  test('of __consumer_offsets', () => {
    const kinds = recordsOf('group').map((bytes) => {
      const record = decodeGroupRecord(bytes);
      const again = encodeGroupRecord({ ...record, version: bytes.value?.readInt16BE() ?? 0 } as GroupRecordInput);
      expect(Buffer.from(again.key).toString('hex')).toBe(bytes.key.toString('hex'));
      expect(again.value === null ? null : Buffer.from(again.value).toString('hex')).toBe(bytes.value?.toString('hex') ?? null);
      return record.kind;
    });
    expect(new Set(kinds)).toEqual(
      new Set([
        'OffsetCommit',
        'GroupMetadata',
        'ConsumerGroupMetadata',
        'ConsumerGroupPartitionMetadata',
        'ConsumerGroupMemberMetadata',
        'ConsumerGroupTargetAssignmentMetadata',
        'ConsumerGroupTargetAssignmentMember',
        'ConsumerGroupCurrentMemberAssignment',
      ]),
    );
  });

  test('of a consumer group member who uses no classic protocol: null inside a tag, not an absent tag', () => {
    const members = recordsOf('group')
      .map((bytes) => decodeGroupRecord(bytes))
      .filter((record) => record.kind === 'ConsumerGroupMemberMetadata' && record.value !== null);
    expect(members[0]).toMatchObject({
      value: { classicMemberMetadata: null, clientId: 'console-consumer', subscribedTopicNames: ['golden'] },
    });
  });

  test('of __transaction_state', () => {
    expect(recordsOf('transaction').length).toBeGreaterThan(3);
    for (const { key, value } of recordsOf('transaction')) {
      expect(Buffer.from(encodeRecordKey(transactionLogKey, decodeRecordKey(transactionLogKey, key))).toString('hex')).toBe(
        key.toString('hex'),
      );
      const { version, value: state } = decodeVersioned(transactionLogValue, value!);
      expect(Buffer.from(encodeVersioned(transactionLogValue, version, state)).toString('hex')).toBe(value!.toString('hex'));
    }
  });

  test('in control batches: a new leader of the metadata log, a commit marker', () => {
    const values: Record<number, Message> = { 1: endTxnMarker, 2: leaderChangeMessage };
    for (const { key, value } of recordsOf('control')) {
      const { type } = decodeVersioned(controlRecordTypeSchema, key).value;
      const schema = values[type]!;
      const again =
        schema === endTxnMarker
          ? encodeVersioned(schema, 0, decodeVersioned(schema, value!).value)
          : encodeRecord(schema, value!.readInt16BE(), decodeRecord(schema, value!.readInt16BE(), value!));
      expect(Buffer.from(again).toString('hex')).toBe(value!.toString('hex'));
    }
    expect(recordsOf('control')).toHaveLength(2);
  });
});
