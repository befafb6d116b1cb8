// ControllerRegistration (70): a controller introduces itself to the active one.

import { array, bool, defineApi, int16, int32, string, uint16, uuid, type RequestOf, type ResponseOf } from '../schema.ts';

export const controllerRegistrationApi = defineApi({
  key: 70,
  name: 'ControllerRegistration',
  versions: '0',
  flexible: '0+',
  listeners: ['controller'],
  request: {
    controllerId: int32(),
    incarnationId: uuid(),
    zkMigrationReady: bool(),
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
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    errorMessage: string({ nullable: '0+' }),
  },
});

export type ControllerRegistrationRequest = RequestOf<typeof controllerRegistrationApi>;
export type ControllerRegistrationResponse = ResponseOf<typeof controllerRegistrationApi>;
