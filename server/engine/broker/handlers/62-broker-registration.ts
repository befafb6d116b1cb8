// BrokerRegistration: a starting broker gets its epoch from the controller.

import { brokerRegistrationApi } from '#engine/protocol/apis/62-broker-registration.ts';
import { defineHandler } from '../context.ts';

export const brokerRegistrationHandler = defineHandler(
  brokerRegistrationApi,
  (request, from, broker) => broker.controller.forward(brokerRegistrationApi, request, from),
  ['controller'],
);
