// Envelope: another broker forwards its client's request (KIP-590).

import { envelopeApi } from '#engine/protocol/apis/58-envelope.ts';
import { defineHandler } from '../context.ts';

export const envelopeHandler = defineHandler(envelopeApi, (request, _from, broker) => broker.controller.openEnvelope(request), [
  'controller',
]);
