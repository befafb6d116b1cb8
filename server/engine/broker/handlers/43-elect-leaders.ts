// ElectLeaders: decided by the active controller, whichever broker was asked.

import { electLeadersApi } from '#engine/protocol/apis/43-elect-leaders.ts';
import { defineHandler } from '../context.ts';

export const electLeadersHandler = defineHandler(
  electLeadersApi,
  (request, from, broker) => broker.controller.forward(electLeadersApi, request, from),
  ['broker', 'controller'],
);
