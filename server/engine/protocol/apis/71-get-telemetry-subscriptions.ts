// GetTelemetrySubscriptions (71): which client metrics the broker would like (KIP-714).

import { array, bool, defineApi, int16, int32, int8, string, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const getTelemetrySubscriptionsApi = defineApi({
  key: 71,
  name: 'GetTelemetrySubscriptions',
  versions: '0',
  flexible: '0+',
  listeners: ['broker'],
  request: {
    clientInstanceId: uuid(),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    acceptedCompressionTypes: array('0+', int8()),
    pushIntervalMs: int32(),
    telemetryMaxBytes: int32(),
    deltaTemporality: bool(),
    requestedMetrics: array('0+', string()),
  },
});

export type GetTelemetrySubscriptionsRequest = RequestOf<typeof getTelemetrySubscriptionsApi>;
export type GetTelemetrySubscriptionsResponse = ResponseOf<typeof getTelemetrySubscriptionsApi>;
