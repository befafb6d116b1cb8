import { expect, test } from 'vitest';
import type { MetadataRecord } from '#engine/controller/records.ts';
import { TestController } from '#engine/controller/testing/test-controller.ts';
import { toRecords } from '#engine/controller/image/to-records.ts';
import type { Compression } from '#engine/world/ports.ts';
import { decodeMetadataBatches, encodeLeaderChange, encodeMetadataBatch } from './metadata-record-codec.ts';

const noCompression: Compression = { compress: (_codec, bytes) => bytes, decompress: (_codec, bytes) => bytes };
const place = { baseOffset: 40, epoch: 7, timestampMs: 1_700_000_000_000 };

test('every kind of record survives the log unchanged', () => {
  const controller = new TestController().serve(1, 2);
  controller.create('t', [[1, 2]]);
  const topicId = controller.image.topics.get('t')!.topicId;
  const records: readonly MetadataRecord[] = [
    ...toRecords(controller.image),
    { type: 'Config', resourceType: 2, resourceName: 't', name: 'retention.ms', value: null },
    { type: 'PartitionChange', partitionId: 0, topicId, leader: -1 },
    { type: 'PartitionChange', partitionId: 0, topicId, isr: [2], leader: 2, leaderRecoveryState: 1 },
    { type: 'BrokerRegistrationChange', brokerId: 1, brokerEpoch: 3, fenced: -1, inControlledShutdown: 0 },
    { type: 'BrokerRegistrationChange', brokerId: 1, brokerEpoch: 3, fenced: 1, inControlledShutdown: 1 },
    { type: 'UnregisterBroker', brokerId: 1, brokerEpoch: 3 },
    { type: 'ProducerIds', brokerId: 1, brokerEpoch: 3, nextProducerId: 2_000 },
    { type: 'RemoveTopic', topicId },
    { type: 'NoOp' },
  ];
  const [batch] = decodeMetadataBatches(encodeMetadataBatch(records, place), noCompression);
  expect(batch).toMatchObject({ baseOffset: 40, lastOffset: 40 + records.length - 1, epoch: 7 });
  expect(batch?.records.map((record) => toComparable(record))).toEqual(records.map((record) => toComparable(record)));
});

/** Decoding fills in fields that the state machine doesn't look at. */
function toComparable(record: MetadataRecord): object {
  const { isMigratingZkBroker: _dropped, ...rest } = record as MetadataRecord & { readonly isMigratingZkBroker?: boolean };
  return rest;
}

test('an absent leader is not the same as no leader', () => {
  const topicId = new TestController().view().newTopicId();
  const bytes = encodeMetadataBatch(
    [
      { type: 'PartitionChange', partitionId: 0, topicId, isr: [1] },
      { type: 'PartitionChange', partitionId: 0, topicId, leader: -1 },
    ],
    place,
  );
  const [first, second] = decodeMetadataBatches(bytes, noCompression)[0]?.records ?? [];
  expect(first).not.toHaveProperty('leader');
  expect(second).toMatchObject({ leader: -1 });
});

test('a control batch takes its offset and says nothing to the state machine', () => {
  const bytes = encodeLeaderChange({ leaderId: 1, voters: [1, 2, 3], grantingVoters: [1, 2] }, place);
  expect(decodeMetadataBatches(bytes, noCompression)).toMatchObject([{ baseOffset: 40, lastOffset: 40, epoch: 7, records: [] }]);
});
