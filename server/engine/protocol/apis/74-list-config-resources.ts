// ListConfigResources (74): the resources that have configs.
// v0 lists client metrics only, v1 the asked types, none meaning all.

import { array, defineApi, int16, int32, int8, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const listConfigResourcesApi = defineApi({
  key: 74,
  name: 'ListConfigResources',
  versions: '0-1',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    resourceTypes: array('1+', int8()),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    configResources: array('0+', {
      resourceName: string(),
      resourceType: int8({ versions: '1+', default: 16, ignorable: true }),
    }),
  },
});

export type ListConfigResourcesRequest = RequestOf<typeof listConfigResourcesApi>;
export type ListConfigResourcesResponse = ResponseOf<typeof listConfigResourcesApi>;
