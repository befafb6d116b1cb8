// BrokerRegistration (62): a starting broker introduces itself to the controller and gets its broker epoch.
// v1 migration from ZooKeeper, v2 log directories, v3 the epoch of a clean last shutdown (KIP-966), v4
// features whose minimum is 0.

import { array, bool, defineApi, int16, int32, int64, string, uint16, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const brokerRegistrationApi = defineApi({
  key: 62,
  name: 'BrokerRegistration',
  versions: '0-4',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    brokerId: int32(),
    clusterId: string(),
    incarnationId: uuid(),
    listeners: array('0+', {
      name: string(),
      host: string(),
      port: uint16(),
      securityProtocol: int16(),
    }),
    features: array('0+', {
      name: string(),
      minSupportedVersion: int16(),
      maxSupportedVersion: int16(),
    }),
    rack: string({ nullable: '0+' }),
    isMigratingZkBroker: bool({ versions: '1+', default: false }),
    logDirs: array({ versions: '2+', ignorable: true }, uuid()),
    previousBrokerEpoch: int64({ versions: '3+', default: -1, ignorable: true }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    brokerEpoch: int64({ default: -1 }),
  },
});

export type BrokerRegistrationRequest = RequestOf<typeof brokerRegistrationApi>;
export type BrokerRegistrationResponse = ResponseOf<typeof brokerRegistrationApi>;
