import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toTopicId, zeroTopicId } from '#engine/base/brand.ts';
import { fromRecordBytes, toRecordBytes } from './record-codec.ts';
import type { CommittedOffset, GroupRecord, PersistedGroup } from './records.ts';

const hex = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const fromHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** As Apache Kafka 4.3.1 wrote them: a commit of offset 1 for partition 0 of topic "pt" by group "pg", metadata "m". */
const kafkaOffset = {
  key: '0001000270670002707400000000',
  value: '00040000000000000001ffffffff026d000001a2044b22c2010010adca3e46412044469b350f9d1047553d',
};

/** The same broker, when the last member had left. */
const kafkaEmptyGroup = { key: '000200027067', value: '00030008636f6e73756d657200000002ffffffff000001a2044b366a00000000' };

describe('records of Apache Kafka', () => {
  it('read as the offset that was committed, and are written byte for byte the same', () => {
    const record = fromRecordBytes({ key: fromHex(kafkaOffset.key), value: fromHex(kafkaOffset.value) });
    expect(record).toMatchObject({
      kind: 'offset',
      groupId: 'pg',
      topic: 'pt',
      partition: 0,
      value: { offset: 1, leaderEpoch: -1, metadata: 'm', commitTimestampMs: 0x1a2044b22c2, expireTimestampMs: null },
    });
    const again = toRecordBytes(record!);
    expect([hex(again.key), hex(again.value)]).toEqual([kafkaOffset.key, kafkaOffset.value]);
  });

  it('read as the group they keep, and are written byte for byte the same', () => {
    const record = fromRecordBytes({ key: fromHex(kafkaEmptyGroup.key), value: fromHex(kafkaEmptyGroup.value) });
    expect(record).toEqual({
      kind: 'group',
      groupId: 'pg',
      value: {
        protocolType: 'consumer',
        generationId: 2,
        protocolName: null,
        leaderId: null,
        currentStateTimestampMs: 0x1a2044b366a,
        members: [],
      },
    });
    const again = toRecordBytes(record!);
    expect([hex(again.key), hex(again.value)]).toEqual([kafkaEmptyGroup.key, kafkaEmptyGroup.value]);
  });

  it('of a kind that is not ours are passed over', () => {
    expect(fromRecordBytes({ key: fromHex('00630000'), value: null })).toBeNull();
  });
});

describe('every record', () => {
  const text = fc.string({ maxLength: 12 });
  const bytes = fc.uint8Array({ maxLength: 20 });
  const int = fc.integer({ min: 0, max: 2 ** 31 - 1 });
  const time = fc.integer({ min: 0, max: 2 ** 45 });
  const offset: fc.Arbitrary<CommittedOffset> = fc.record({
    offset: fc.maxSafeNat(),
    leaderEpoch: fc.integer({ min: -1, max: 100 }),
    metadata: text,
    commitTimestampMs: time,
    expireTimestampMs: fc.constant(null),
    topicId: fc.constantFrom(zeroTopicId, toTopicId('AAAAAAAAAAAAAAAAAAAAAQ')),
  });
  const member = fc.record({
    memberId: text,
    groupInstanceId: fc.option(text),
    clientId: text,
    clientHost: text,
    rebalanceTimeoutMs: int,
    sessionTimeoutMs: int,
    subscription: bytes,
    assignment: bytes,
  });
  const group: fc.Arbitrary<PersistedGroup> = fc.record({
    protocolType: text,
    generationId: int,
    protocolName: fc.option(text),
    leaderId: fc.option(text),
    currentStateTimestampMs: time,
    members: fc.array(member, { maxLength: 4 }),
  });
  const record: fc.Arbitrary<GroupRecord> = fc.oneof(
    fc.record({ kind: fc.constant('offset' as const), groupId: text, topic: text, partition: int, value: fc.option(offset) }),
    fc.record({ kind: fc.constant('group' as const), groupId: text, value: fc.option(group) }),
  );

  it('comes back as it was written', () => {
    fc.assert(
      fc.property(record, (each) => {
        expect(fromRecordBytes(toRecordBytes(each))).toEqual(each);
      }),
    );
  });

  it('keeps the expiry of an old client, at the price of epoch and topic id', () => {
    const value: CommittedOffset = {
      offset: 5,
      leaderEpoch: 3,
      metadata: 'm',
      commitTimestampMs: 10,
      expireTimestampMs: 20,
      topicId: toTopicId('AAAAAAAAAAAAAAAAAAAAAQ'),
    };
    const back = fromRecordBytes(toRecordBytes({ kind: 'offset', groupId: 'g', topic: 't', partition: 0, value }));
    expect(back).toMatchObject({ value: { offset: 5, expireTimestampMs: 20, leaderEpoch: -1, topicId: zeroTopicId } });
  });

  it('shares no memory with the slice it was read from', () => {
    const written = toRecordBytes({
      kind: 'group',
      groupId: 'g',
      value: {
        protocolType: 'consumer',
        generationId: 1,
        protocolName: 'range',
        leaderId: 'm',
        currentStateTimestampMs: 1,
        members: [
          {
            memberId: 'm',
            groupInstanceId: null,
            clientId: 'c',
            clientHost: '/h',
            rebalanceTimeoutMs: 1,
            sessionTimeoutMs: 1,
            subscription: Uint8Array.of(1, 2),
            assignment: Uint8Array.of(3),
          },
        ],
      },
    });
    const record = fromRecordBytes(written);
    written.value!.fill(0);
    expect(record).toMatchObject({ value: { members: [{ subscription: Uint8Array.of(1, 2), assignment: Uint8Array.of(3) }] } });
  });
});
