// UnregisterBroker: forgets a broker that is gone for good.

import { unregisterBrokerApi } from '#engine/protocol/apis/64-unregister-broker.ts';
import { defineHandler } from '../context.ts';

export const unregisterBrokerHandler = defineHandler(
  unregisterBrokerApi,
  (request, from, broker) => broker.controller.forward(unregisterBrokerApi, request, from),
  ['broker', 'controller'],
);
