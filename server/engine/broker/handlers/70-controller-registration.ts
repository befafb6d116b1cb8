// ControllerRegistration: a controller's address and features, for the log.

import { controllerRegistrationApi } from '#engine/protocol/apis/70-controller-registration.ts';
import { defineHandler } from '../context.ts';

export const controllerRegistrationHandler = defineHandler(
  controllerRegistrationApi,
  (request, from, broker) => broker.controller.forward(controllerRegistrationApi, request, from),
  ['controller'],
);
