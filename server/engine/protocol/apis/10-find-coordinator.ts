// FindCoordinator (10): which broker owns a group (type 0), a transactional id (1) or a share partition (2).
// v1 adds the type, v3 flexible, v4 many keys in one request (the single-key fields end at v3), v5 may answer
// TRANSACTION_ABORTABLE, v6 share groups.

import { array, defineApi, int16, int32, int8, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const findCoordinatorApi = defineApi({
  key: 10,
  name: 'FindCoordinator',
  versions: '0-6',
  flexible: '3+',
  listeners: ['broker'],
  request: {
    key: string('0-3'),
    keyType: int8({ versions: '1+', default: 0 }),
    coordinatorKeys: array('4+', string()),
  },
  response: {
    throttleTimeMs: int32({ versions: '1+', default: 0, ignorable: true }),
    errorCode: int16('0-3'),
    errorMessage: string({ versions: '1-3', nullable: '0+', ignorable: true }),
    nodeId: int32('0-3'),
    host: string('0-3'),
    port: int32('0-3'),
    coordinators: array('4+', {
      key: string(),
      nodeId: int32(),
      host: string(),
      port: int32(),
      errorCode: int16(),
      errorMessage: string({ nullable: '0+' }),
    }),
  },
});

export type FindCoordinatorRequest = RequestOf<typeof findCoordinatorApi>;
export type FindCoordinatorResponse = ResponseOf<typeof findCoordinatorApi>;
