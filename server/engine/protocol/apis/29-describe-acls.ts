// DescribeAcls (29): access rules that match a filter.
// v1 pattern type, v2 flexible, v3 user resources.

import { array, defineApi, int16, int32, int8, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const describeAclsApi = defineApi({
  key: 29,
  name: 'DescribeAcls',
  versions: '1-3',
  flexible: '2+',
  listeners: ['broker', 'controller'],
  request: {
    resourceTypeFilter: int8(),
    resourceNameFilter: string({ nullable: '0+' }),
    patternTypeFilter: int8({ default: 3 }),
    principalFilter: string({ nullable: '0+' }),
    hostFilter: string({ nullable: '0+' }),
    operation: int8(),
    permissionType: int8(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
    resources: array('0+', {
      resourceType: int8(),
      resourceName: string(),
      patternType: int8({ default: 3 }),
      acls: array('0+', {
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    }),
  },
});

export type DescribeAclsRequest = RequestOf<typeof describeAclsApi>;
export type DescribeAclsResponse = ResponseOf<typeof describeAclsApi>;
