// CreatePartitions: decided by the active controller, whichever broker was asked. One result a topic.

import { createPartitionsApi } from '#engine/protocol/apis/37-create-partitions.ts';
import { defineHandler } from '../context.ts';

export const createPartitionsHandler = defineHandler(
  createPartitionsApi,
  (request, from, broker) => broker.controller.forward(createPartitionsApi, request, from),
  ['broker', 'controller'],
);
