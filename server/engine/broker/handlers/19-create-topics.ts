// CreateTopics: decided by the active controller, whichever broker was asked.

import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { defineHandler } from '../context.ts';

export const createTopicsHandler = defineHandler(
  createTopicsApi,
  (request, from, broker) => broker.controller.forward(createTopicsApi, request, from),
  ['broker', 'controller'],
);
