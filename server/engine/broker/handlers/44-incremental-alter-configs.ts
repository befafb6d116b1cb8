// IncrementalAlterConfigs: decided by the active controller, whichever broker was asked.

import { incrementalAlterConfigsApi } from '#engine/protocol/apis/44-incremental-alter-configs.ts';
import { defineHandler } from '../context.ts';

export const incrementalAlterConfigsHandler = defineHandler(
  incrementalAlterConfigsApi,
  (request, from, broker) => broker.controller.forward(incrementalAlterConfigsApi, request, from),
  ['broker', 'controller'],
);
