// CreatePartitions (37): raises partition counts; one result a topic.
// v2 flexible, v3 may throttle.

import { array, bool, defineApi, int16, int32, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const createPartitionsApi = defineApi({
  key: 37,
  name: 'CreatePartitions',
  versions: '0-3',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: {
    topics: array('0+', {
      name: string(),
      count: int32(),
      assignments: array(
        { nullable: '0+' },
        {
          brokerIds: array('0+', int32()),
        },
      ),
    }),
    timeoutMs: int32(),
    validateOnly: bool(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array('0+', {
      name: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: '0+', default: null }),
    }),
  },
});

export type CreatePartitionsRequest = RequestOf<typeof createPartitionsApi>;
export type CreatePartitionsResponse = ResponseOf<typeof createPartitionsApi>;
