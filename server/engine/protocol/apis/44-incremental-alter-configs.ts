// IncrementalAlterConfigs (44): sets (0), deletes (1), appends to (2) or subtracts from (3) single configs.
// v1 flexible.

import { array, bool, defineApi, int16, int32, int8, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const incrementalAlterConfigsApi = defineApi({
  key: 44,
  name: 'IncrementalAlterConfigs',
  versions: '0-1',
  flexible: '1+',
  listeners: ['broker', 'controller'],
  request: {
    resources: array('0+', {
      resourceType: int8(),
      resourceName: string(),
      configs: array('0+', {
        name: string(),
        configOperation: int8(),
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

export type IncrementalAlterConfigsRequest = RequestOf<typeof incrementalAlterConfigsApi>;
export type IncrementalAlterConfigsResponse = ResponseOf<typeof incrementalAlterConfigsApi>;
