// BrokerHeartbeat: keeps a broker's session alive, unfences it once it has caught up, lets it shut down in order.

import { brokerHeartbeatApi } from '#engine/protocol/apis/63-broker-heartbeat.ts';
import { defineHandler } from '../context.ts';

export const brokerHeartbeatHandler = defineHandler(
  brokerHeartbeatApi,
  (request, from, broker) => broker.controller.forward(brokerHeartbeatApi, request, from),
  ['controller'],
);
