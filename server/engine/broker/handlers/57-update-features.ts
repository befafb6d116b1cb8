// UpdateFeatures: decided by the active controller, whichever broker was asked.

import { updateFeaturesApi } from '#engine/protocol/apis/57-update-features.ts';
import { defineHandler } from '../context.ts';

export const updateFeaturesHandler = defineHandler(
  updateFeaturesApi,
  (request, from, broker) => broker.controller.forward(updateFeaturesApi, request, from),
  ['broker', 'controller'],
);
