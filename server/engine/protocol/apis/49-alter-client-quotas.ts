// AlterClientQuotas (49): sets or removes quota values.
// v1 flexible.

import { array, bool, defineApi, float64, int16, int32, string, type RequestOf, type ResponseOf } from '../schema.ts';

export const alterClientQuotasApi = defineApi({
  key: 49,
  name: 'AlterClientQuotas',
  versions: '0-1',
  flexible: '1+',
  listeners: ['broker', 'controller'],
  request: {
    entries: array('0+', {
      entity: array('0+', {
        entityType: string(),
        entityName: string({ nullable: '0+' }),
      }),
      ops: array('0+', {
        key: string(),
        value: float64(),
        remove: bool(),
      }),
    }),
    validateOnly: bool(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    entries: array('0+', {
      errorCode: int16(),
      errorMessage: string({ nullable: '0+' }),
      entity: array('0+', {
        entityType: string(),
        entityName: string({ nullable: '0+' }),
      }),
    }),
  },
});

export type AlterClientQuotasRequest = RequestOf<typeof alterClientQuotasApi>;
export type AlterClientQuotasResponse = ResponseOf<typeof alterClientQuotasApi>;
