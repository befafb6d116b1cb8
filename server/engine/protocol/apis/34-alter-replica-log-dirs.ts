// AlterReplicaLogDirs (34): moves replicas between the log directories of one broker.
// v2 flexible.

import { array, defineApi, int16, int32, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const alterReplicaLogDirsApi = defineApi({
  key: 34,
  name: 'AlterReplicaLogDirs',
  versions: '1-2',
  flexible: '2+',
  listeners: ['broker'],
  request: {
    dirs: array('0+', {
      path: string(),
      topics: array('0+', {
        name: string(),
        partitions: array('0+', int32()),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array('0+', {
      topicName: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
});

export type AlterReplicaLogDirsRequest = RequestOf<typeof alterReplicaLogDirsApi>;
export type AlterReplicaLogDirsResponse = ResponseOf<typeof alterReplicaLogDirsApi>;
