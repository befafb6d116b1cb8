// DescribeConfigs (32): every known config of a resource with source, type and synonyms; null keys mean all.
// Resource types: 2 topic, 4 broker, 8 broker logger, 16 client metrics, 32 group.
// v3 config type and documentation, v4 flexible.

import { array, bool, defineApi, int16, int32, int8, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const describeConfigsApi = defineApi({
  key: 32,
  name: 'DescribeConfigs',
  versions: '1-4',
  flexible: '4+',
  listeners: ['broker', 'controller'],
  request: {
    resources: array('0+', {
      resourceType: int8(),
      resourceName: string(),
      configurationKeys: array({ nullable: '0+' }, string()),
    }),
    includeSynonyms: bool({ default: false }),
    includeDocumentation: bool({ versions: '3+', default: false }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    results: array('0+', {
      errorCode: int16(),
      errorMessage: string({ nullable: '0+' }),
      resourceType: int8(),
      resourceName: string(),
      configs: array('0+', {
        name: string(),
        value: string({ nullable: '0+' }),
        readOnly: bool(),
        configSource: int8({ default: -1 }),
        isSensitive: bool(),
        synonyms: array('0+', {
          name: string(),
          value: string({ nullable: '0+' }),
          source: int8(),
        }),
        configType: int8({ versions: '3+', default: 0, ignorable: true }),
        documentation: string({ versions: '3+', nullable: '0+', ignorable: true }),
      }),
    }),
  },
});

export type DescribeConfigsRequest = RequestOf<typeof describeConfigsApi>;
export type DescribeConfigsResponse = ResponseOf<typeof describeConfigsApi>;
