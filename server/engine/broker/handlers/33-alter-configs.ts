// AlterConfigs (legacy): replaces the whole set of a resource's configs; decided by the active controller.

import { alterConfigsApi } from '#engine/protocol/apis/33-alter-configs.ts';
import { defineHandler } from '../context.ts';

export const alterConfigsHandler = defineHandler(
  alterConfigsApi,
  (request, from, broker) => broker.controller.forward(alterConfigsApi, request, from),
  ['broker', 'controller'],
);
