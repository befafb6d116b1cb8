// AssignReplicasToDirs (73): a broker tells the controller which directory holds which replica.

import { array, defineApi, int16, int32, int64, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const assignReplicasToDirsApi = defineApi({
  key: 73,
  name: 'AssignReplicasToDirs',
  versions: '0',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
    directories: array('0+', {
      id: uuid(),
      topics: array('0+', {
        topicId: uuid(),
        partitions: array('0+', {
          partitionIndex: int32(),
        }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    directories: array('0+', {
      id: uuid(),
      topics: array('0+', {
        topicId: uuid(),
        partitions: array('0+', {
          partitionIndex: int32(),
          errorCode: int16(),
        }),
      }),
    }),
  },
});

export type AssignReplicasToDirsRequest = RequestOf<typeof assignReplicasToDirsApi>;
export type AssignReplicasToDirsResponse = ResponseOf<typeof assignReplicasToDirsApi>;
