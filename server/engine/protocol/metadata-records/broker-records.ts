// Brokers and controllers in the metadata log. A broker starts fenced; fenced, inControlledShutdown and the
// log directories change through BrokerRegistrationChangeRecord (FenceBroker and UnfenceBroker are its older forms).

import { defineRecord } from '../record-schema.ts';
import { array, bool, int16, int32, int64, int8, string, uint16, uuid } from '../schema.ts';

/** A broker in full: when it registers, and in snapshots. */
export const registerBrokerRecord = defineRecord({
  type: 0,
  name: 'RegisterBrokerRecord',
  versions: '0-4',
  flexible: '0+',
  fields: {
    brokerId: int32(),
    isMigratingZkBroker: bool({ versions: '2+', default: false }),
    incarnationId: uuid(),
    brokerEpoch: int64(),
    endPoints: array('0+', {
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
    fenced: bool({ default: true }),
    inControlledShutdown: bool({ versions: '1+', default: false }),
    logDirs: array({ versions: '3+', tag: 0 }, uuid()),
    cordonedLogDirs: array({ versions: '4+', nullable: '0+', default: null, tag: 1 }, uuid()),
  },
});

/** What changed in a registration; 0 and null mean "as before". */
export const brokerRegistrationChangeRecord = defineRecord({
  type: 17,
  name: 'BrokerRegistrationChangeRecord',
  versions: '0-3',
  flexible: '0+',
  fields: {
    brokerId: int32(),
    brokerEpoch: int64(),
    fenced: int8({ tag: 0 }),
    inControlledShutdown: int8({ versions: '1+', tag: 1 }),
    logDirs: array({ versions: '2+', tag: 2 }, uuid()),
    cordonedLogDirs: array({ versions: '3+', nullable: '0+', default: null, tag: 3 }, uuid()),
  },
});

/** A registration was removed. */
export const unregisterBrokerRecord = defineRecord({
  type: 1,
  name: 'UnregisterBrokerRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    brokerId: int32(),
    brokerEpoch: int64(),
  },
});

/** Older form of a change to fenced. */
export const fenceBrokerRecord = defineRecord({
  type: 7,
  name: 'FenceBrokerRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    id: int32(),
    epoch: int64(),
  },
});

/** Older form of a change to unfenced. */
export const unfenceBrokerRecord = defineRecord({
  type: 8,
  name: 'UnfenceBrokerRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    id: int32(),
    epoch: int64(),
  },
});

/** A controller introduced itself. */
export const registerControllerRecord = defineRecord({
  type: 27,
  name: 'RegisterControllerRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    controllerId: int32(),
    incarnationId: uuid(),
    zkMigrationReady: bool(),
    endPoints: array('0+', {
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
  },
});
