// DescribeClientQuotas (48): quotas of the entities that match all components.
// v1 flexible.

import { array, bool, defineApi, float64, int16, int32, int8, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const describeClientQuotasApi = defineApi({
  key: 48,
  name: 'DescribeClientQuotas',
  versions: '0-1',
  flexible: '1+',
  listeners: ['broker'],
  request: {
    components: array('0+', {
      entityType: string(),
      matchType: int8(),
      match: string({ nullable: '0+' }),
    }),
    strict: bool(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
    entries: array(
      { nullable: '0+' },
      {
        entity: array('0+', {
          entityType: string(),
          entityName: string({ nullable: '0+' }),
        }),
        values: array('0+', {
          key: string(),
          value: float64(),
        }),
      },
    ),
  },
});

export type DescribeClientQuotasRequest = RequestOf<typeof describeClientQuotasApi>;
export type DescribeClientQuotasResponse = ResponseOf<typeof describeClientQuotasApi>;
