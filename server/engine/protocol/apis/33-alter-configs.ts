// AlterConfigs (33): replaces the whole set of a resource's configs; superseded by key 44.
// v2 flexible.

import { array, bool, defineApi, int16, int32, int8, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const alterConfigsApi = defineApi({
  key: 33,
  name: 'AlterConfigs',
  versions: '0-2',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: {
    resources: array('0+', {
      resourceType: int8(),
      resourceName: string(),
      configs: array('0+', {
        name: string(),
        value: string({ nullable: '0+' }),
      }),
    }),
    validateOnly: bool(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    responses: array('0+', {
      errorCode: int16(),
      errorMessage: string({ nullable: '0+' }),
      resourceType: int8(),
      resourceName: string(),
    }),
  },
});

export type AlterConfigsRequest = RequestOf<typeof alterConfigsApi>;
export type AlterConfigsResponse = ResponseOf<typeof alterConfigsApi>;
