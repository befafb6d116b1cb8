// AllocateProducerIds: a block of producer ids for one broker alone.

import { allocateProducerIdsApi } from '#engine/protocol/apis/67-allocate-producer-ids.ts';
import { defineHandler } from '../context.ts';

export const allocateProducerIdsHandler = defineHandler(
  allocateProducerIdsApi,
  (request, from, broker) => broker.controller.forward(allocateProducerIdsApi, request, from),
  ['controller'],
);
