// AlterPartition (56): a leader tells the controller its new in-sync set, guarded by partition and broker
// epochs.
// v2 topics by id, v3 broker epochs with each in-sync replica (newIsr ends at v2).

import { array, defineApi, int16, int32, int64, int8, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const alterPartitionApi = defineApi({
  key: 56,
  name: 'AlterPartition',
  versions: '2-3',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
    topics: array('0+', {
      topicId: uuid(),
      partitions: array('0+', {
        partitionIndex: int32(),
        leaderEpoch: int32(),
        newIsr: array('0-2', int32()),
        newIsrWithEpochs: array('3+', {
          brokerId: int32(),
          brokerEpoch: int64({ default: -1 }),
        }),
        leaderRecoveryState: int8({ default: 0 }),
        partitionEpoch: int32(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    topics: array('0+', {
      topicId: uuid(),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
        leaderId: int32(),
        leaderEpoch: int32(),
        isr: array('0+', int32()),
        leaderRecoveryState: int8({ default: 0 }),
        partitionEpoch: int32(),
      }),
    }),
  },
});

export type AlterPartitionRequest = RequestOf<typeof alterPartitionApi>;
export type AlterPartitionResponse = ResponseOf<typeof alterPartitionApi>;
