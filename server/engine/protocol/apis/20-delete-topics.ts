// DeleteTopics (20): one result a topic.
// v4 flexible, v5 error texts, v6 topics by name or by id in a new list (topicNames ends at v5).

import { array, defineApi, int16, int32, string, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const deleteTopicsApi = defineApi({
  key: 20,
  name: 'DeleteTopics',
  versions: '1-6',
  flexible: '4+',
  listeners: ['broker', 'controller'],
  request: {
    topics: array('6+', {
      name: string({ nullable: '0+', default: null }),
      topicId: uuid(),
    }),
    topicNames: array({ versions: '0-5', ignorable: true }, string()),
    timeoutMs: int32(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    responses: array('0+', {
      name: string({ nullable: '6+' }),
      topicId: uuid({ versions: '6+', ignorable: true }),
      errorCode: int16(),
      errorMessage: string({ versions: '5+', nullable: '0+', default: null, ignorable: true }),
    }),
  },
});

export type DeleteTopicsRequest = RequestOf<typeof deleteTopicsApi>;
export type DeleteTopicsResponse = ResponseOf<typeof deleteTopicsApi>;
