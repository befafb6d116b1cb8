// What the codecs promise beyond round trips: defaults, refusals, zero copies.

import { describe, expect, test } from 'vitest';
import { zeroTopicId } from '#engine/base/brand.ts';
import { DecodeError, EncodeError } from '#engine/bytes/errors.ts';
import { produceApi } from './apis/00-produce.ts';
import { fetchApi } from './apis/01-fetch.ts';
import { metadataApi } from './apis/03-metadata.ts';
import { offsetFetchApi } from './apis/09-offset-fetch.ts';
import { joinGroupApi } from './apis/11-join-group.ts';
import { listGroupsApi } from './apis/16-list-groups.ts';
import { consumerGroupHeartbeatApi } from './apis/68-consumer-group-heartbeat.ts';
import { decodeRecord, decodeRequest, decodeResponse, encodeRecord, encodeRequest, encodeResponse } from './codec.ts';
import { bytes, defineMessage, int16, int32, int64, int64Exact, maxInt64, string, struct, uint16 } from './schema.ts';

const whole = (chunks: readonly Uint8Array[]): Buffer => Buffer.concat(chunks);

const fetchPartition = { partitionIndex: 0, errorCode: 0, highWatermark: 9, abortedTransactions: null };

describe('fields that a version lacks', () => {
  test('decode to their defaults, so handlers see one shape', () => {
    const value = {
      maxWaitMs: 1,
      minBytes: 1,
      topics: [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 3, partitionMaxBytes: 10 }] }],
    };
    const decoded = decodeRequest(fetchApi, 4, whole(encodeRequest(fetchApi, 4, value)));
    expect(decoded).toEqual({
      clusterId: null,
      replicaId: -1,
      replicaState: { replicaId: -1, replicaEpoch: -1 },
      maxWaitMs: 1,
      minBytes: 1,
      maxBytes: 0x7fffffff,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
      forgottenTopicsData: [],
      rackId: '',
      topics: [
        {
          topic: 't',
          topicId: zeroTopicId,
          partitions: [
            {
              partition: 0,
              currentLeaderEpoch: -1,
              fetchOffset: 3,
              lastFetchedEpoch: -1,
              logStartOffset: -1,
              partitionMaxBytes: 10,
              replicaDirectoryId: zeroTopicId,
              highWatermark: maxInt64,
            },
          ],
        },
      ],
    });
  });

  test('throw when they hold something and are not ignorable: the value would be lost silently', () => {
    const forgotten = { maxWaitMs: 1, minBytes: 1, topics: [], forgottenTopicsData: [{ topic: 't', partitions: [1] }] };
    expect(() => encodeRequest(fetchApi, 6, forgotten)).toThrow(EncodeError);
    expect(() => encodeRequest(fetchApi, 7, forgotten)).not.toThrow();
    expect(() => encodeRequest(fetchApi, 6, { ...forgotten, forgottenTopicsData: [] })).not.toThrow();
  });

  test('are dropped when they are ignorable', () => {
    const value = { maxWaitMs: 1, minBytes: 1, topics: [], rackId: 'a', sessionId: 5 };
    expect(decodeRequest(fetchApi, 4, whole(encodeRequest(fetchApi, 4, value)))).toMatchObject({ rackId: '', sessionId: 0 });
    expect(decodeRequest(fetchApi, 11, whole(encodeRequest(fetchApi, 11, value)))).toMatchObject({ rackId: 'a', sessionId: 5 });
  });

  test('a struct in them counts as empty only when all its fields are', () => {
    const message = defineMessage({
      name: 'Nested',
      versions: '0-1',
      flexible: 'none',
      fields: { inner: struct('1+', { left: int16({ default: -1 }), text: string() }) },
    });
    expect(() => encodeRecord(message, 0, { inner: { left: -1, text: '' } })).not.toThrow();
    expect(() => encodeRecord(message, 0, { inner: { left: 0, text: '' } })).toThrow(/inner is set, but Nested version 0/);
  });
});

describe('null', () => {
  test('is refused where this version allows none, in both directions', () => {
    expect(() => encodeRequest(metadataApi, 0, { topics: null, allowAutoTopicCreation: true })).toThrow(EncodeError);
    expect(() => decodeRequest(metadataApi, 0, Buffer.from('ffffffff', 'hex'))).toThrow(DecodeError);
    expect(decodeRequest(metadataApi, 1, Buffer.from('ffffffff', 'hex')).topics).toBeNull();
  });

  test('in a string that must not be null names the problem', () => {
    const bytesOfNullName = Buffer.from('00000001ffff', 'hex');
    expect(() => decodeRequest(metadataApi, 1, bytesOfNullName)).toThrow(expect.objectContaining({ problem: 'unexpected-null' }));
  });

  test('structs carry a presence byte', () => {
    const value = { errorCode: 0, memberEpoch: 1, heartbeatIntervalMs: 5, assignment: { topicPartitions: [] } };
    for (const assignment of [null, { topicPartitions: [] }]) {
      const answer = decodeResponse(
        consumerGroupHeartbeatApi,
        1,
        whole(encodeResponse(consumerGroupHeartbeatApi, 1, { ...value, assignment })),
      );
      expect(answer.assignment).toEqual(assignment);
    }
  });
});

describe('bytes', () => {
  test('of a fetched batch go out by reference and come in as a view', () => {
    const batch = Buffer.alloc(5000, 7);
    const chunks = encodeResponse(fetchApi, 12, { responses: [{ topic: 't', partitions: [{ ...fetchPartition, records: batch }] }] });
    expect(chunks).toContain(batch);
    const frame = whole(chunks);
    const [topic] = decodeResponse(fetchApi, 12, frame).responses;
    const records = topic!.partitions[0]!.records!;
    expect(records.buffer).toBe(frame.buffer);
    expect(batch.equals(records)).toBe(true);
  });

  test('given as chunks are written as their concatenation, whatever their sizes', () => {
    const chunks = [Buffer.alloc(3000, 1), Buffer.alloc(10, 2), Buffer.alloc(0), Buffer.alloc(1024, 3)];
    const encode = (records: Uint8Array | readonly Uint8Array[]): Buffer =>
      whole(encodeResponse(fetchApi, 16, { responses: [{ partitions: [{ ...fetchPartition, records }] }] }));
    expect(encode(chunks).equals(encode(whole(chunks)))).toBe(true);
  });

  test('that are absent, empty and null are three different things', () => {
    const message = defineMessage({
      name: 'Blob',
      versions: '0-1',
      flexible: '1+',
      fields: { blob: bytes({ nullable: '0+', default: null }) },
    });
    for (const version of [0, 1]) {
      expect(decodeRecord(message, version, encodeRecord(message, version, {})).blob).toBeNull();
      expect(decodeRecord(message, version, encodeRecord(message, version, { blob: [] })).blob).toHaveLength(0);
    }
  });

  test('behind a request body are left alone, as Kafka does', () => {
    const frame = whole([...encodeRequest(listGroupsApi, 3, {}), Buffer.from([1, 2, 3])]);
    expect(decodeRequest(listGroupsApi, 3, frame)).toEqual({ statesFilter: [], typesFilter: [] });
  });

  test('behind a record are an error: half of it would be unread', () => {
    const message = defineMessage({ name: 'Tiny', versions: '0', flexible: 'none', fields: { value: int32() } });
    expect(() => decodeRecord(message, 0, Buffer.alloc(5))).toThrow(expect.objectContaining({ problem: 'trailing-bytes' }));
  });
});

describe('numbers', () => {
  const message = defineMessage({
    name: 'Numbers',
    versions: '0',
    flexible: 'none',
    fields: {
      port: uint16({ default: 0 }),
      small: int16({ default: 0 }),
      offset: int64({ default: 0 }),
      bits: int64Exact({ default: 0n }),
    },
  });
  const roundTrip = (offset: number): number => decodeRecord(message, 0, encodeRecord(message, 0, { offset })).offset;

  test("of 64 bits are exact within the safe range, and its ends stand for Kafka's", () => {
    for (const offset of [0, -1, 1, 2 ** 32, -(2 ** 32) - 1, 2 ** 53 - 2, -(2 ** 53) + 2, maxInt64, Number.MIN_SAFE_INTEGER])
      expect(roundTrip(offset)).toBe(offset);
    const ofMax = Buffer.from(encodeRecord(message, 0, { offset: maxInt64 }));
    expect(ofMax.readBigInt64BE(4)).toBe(2n ** 63n - 1n);
  });

  test('beyond the safe range saturate when read, and are refused when written', () => {
    const encoded = Buffer.alloc(20);
    encoded.writeBigInt64BE(2n ** 60n, 4);
    expect(decodeRecord(message, 0, encoded).offset).toBe(maxInt64);
    encoded.writeBigInt64BE(-(2n ** 60n), 4);
    expect(decodeRecord(message, 0, encoded).offset).toBe(Number.MIN_SAFE_INTEGER);
    expect(() => encodeRecord(message, 0, { offset: 2 ** 53 })).toThrow(EncodeError);
  });

  test('that matter bit by bit stay whole', () => {
    const bits = -(2n ** 63n) + 12345n;
    expect(decodeRecord(message, 0, encodeRecord(message, 0, { bits })).bits).toBe(bits);
  });

  test.each([{ port: -1 }, { port: 65_536 }, { small: 32_768 }, { small: 0.5 }, { small: Number.NaN }, { offset: Number.NaN }])(
    'out of range are refused: %o',
    (value) => {
      expect(() => encodeRecord(message, 0, value)).toThrow(EncodeError);
    },
  );
});

describe('versions', () => {
  test('that an API lacks are refused with a typed error, never guessed', () => {
    for (const version of [-1, 3.5, 19, Number.NaN]) {
      expect(() => decodeRequest(fetchApi, version, Buffer.alloc(100))).toThrow(expect.objectContaining({ problem: 'unsupported' }));
      expect(() => encodeResponse(produceApi, version, { responses: [] })).toThrow(EncodeError);
    }
  });

  test('of OffsetFetch: the single-group form ends at 7, the list of groups begins at 8', () => {
    const groups = [{ groupId: 'g', topics: null }];
    expect(() => encodeRequest(offsetFetchApi, 7, { groups })).toThrow(EncodeError);
    expect(decodeRequest(offsetFetchApi, 8, whole(encodeRequest(offsetFetchApi, 8, { groups }))).groups[0]).toMatchObject({
      groupId: 'g',
      topics: null,
    });
  });

  test('of JoinGroup: the rebalance timeout is ignorable, because old members have only one timeout', () => {
    const value = { groupId: 'g', sessionTimeoutMs: 6000, rebalanceTimeoutMs: 9000, memberId: '', protocolType: 'consumer', protocols: [] };
    expect(decodeRequest(joinGroupApi, 0, whole(encodeRequest(joinGroupApi, 0, value))).rebalanceTimeoutMs).toBe(-1);
  });
});
