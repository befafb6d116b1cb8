// Metadata (3): which brokers there are and who leads each partition; may create topics on the way when the
// client and the broker allow it. In v0 an empty topic list means all, from v1 on null does and empty means
// none.
// v1 racks and controller, v2 cluster id, v4 the client decides on auto-creation, v5 offline replicas, v7
// leader epoch, v8 authorised operations, v9 flexible, v10 topic ids (usable from v12), v11 no more cluster
// operations, v13 an error for the whole answer.

import { array, bool, defineApi, int16, int32, string, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const metadataApi = defineApi({
  key: 3,
  name: 'Metadata',
  versions: '0-13',
  flexible: '9+',
  listeners: ['broker'],
  request: {
    topics: array(
      { nullable: '1+' },
      {
        topicId: uuid({ versions: '10+', ignorable: true }),
        name: string({ nullable: '10+' }),
      },
    ),
    allowAutoTopicCreation: bool({ versions: '4+', default: true }),
    includeClusterAuthorizedOperations: bool('8-10'),
    includeTopicAuthorizedOperations: bool('8+'),
  },
  response: {
    throttleTimeMs: int32({ versions: '3+', default: 0, ignorable: true }),
    brokers: array('0+', {
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ versions: '1+', nullable: '0+', default: null, ignorable: true }),
    }),
    clusterId: string({ versions: '2+', nullable: '0+', default: null, ignorable: true }),
    controllerId: int32({ versions: '1+', default: -1, ignorable: true }),
    topics: array('0+', {
      errorCode: int16(),
      name: string({ nullable: '12+' }),
      topicId: uuid({ versions: '10+', ignorable: true }),
      isInternal: bool({ versions: '1+', default: false, ignorable: true }),
      partitions: array('0+', {
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32({ versions: '7+', default: -1, ignorable: true }),
        replicaNodes: array('0+', int32()),
        isrNodes: array('0+', int32()),
        offlineReplicas: array({ versions: '5+', ignorable: true }, int32()),
      }),
      topicAuthorizedOperations: int32({ versions: '8+', default: -2147483648 }),
    }),
    clusterAuthorizedOperations: int32({ versions: '8-10', default: -2147483648 }),
    errorCode: int16({ versions: '13+', ignorable: true }),
  },
});

export type MetadataRequest = RequestOf<typeof metadataApi>;
export type MetadataResponse = ResponseOf<typeof metadataApi>;
