// BrokerHeartbeat (63): a broker's sign of life to the controller, its wish to be fenced or to shut down.
// v1 offline directories, v2 cordoned directories, both as tags.

import { array, bool, defineApi, int16, int32, int64, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const brokerHeartbeatApi = defineApi({
  key: 63,
  name: 'BrokerHeartbeat',
  versions: '0-2',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
    currentMetadataOffset: int64(),
    wantFence: bool(),
    wantShutDown: bool(),
    offlineLogDirs: array({ versions: '1+', tag: 0 }, uuid()),
    cordonedLogDirs: array({ versions: '2+', nullable: '0+', default: null, tag: 1 }, uuid()),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    isCaughtUp: bool({ default: false }),
    isFenced: bool({ default: true }),
    shouldShutDown: bool(),
  },
});

export type BrokerHeartbeatRequest = RequestOf<typeof brokerHeartbeatApi>;
export type BrokerHeartbeatResponse = ResponseOf<typeof brokerHeartbeatApi>;
