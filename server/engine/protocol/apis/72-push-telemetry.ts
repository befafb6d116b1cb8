// PushTelemetry (72): a client's metrics, compressed.

import { bool, bytes, defineApi, int16, int32, int8, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const pushTelemetryApi = defineApi({
  key: 72,
  name: 'PushTelemetry',
  versions: '0',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    terminating: bool(),
    compressionType: int8(),
    metrics: bytes(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
  },
});

export type PushTelemetryRequest = RequestOf<typeof pushTelemetryApi>;
export type PushTelemetryResponse = ResponseOf<typeof pushTelemetryApi>;
