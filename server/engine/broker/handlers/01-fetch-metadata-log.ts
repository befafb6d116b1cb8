// Fetch on the controller's listener: voters and observers read the metadata log (KIP-595). It has no sessions, and waits in
// the quorum's leader, not in the purgatory.

import { fetchApi } from '#engine/protocol/apis/01-fetch.ts';
import { defineHandler } from '../context.ts';

export const fetchMetadataLogHandler = defineHandler(fetchApi, (request, from, broker) => broker.quorum.handle(fetchApi, request, from), [
  'controller',
]);
