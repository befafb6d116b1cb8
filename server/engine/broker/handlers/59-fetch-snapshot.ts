// FetchSnapshot: a piece of a metadata snapshot, for replicas that are behind the log's start.

import { fetchSnapshotApi } from '#engine/protocol/apis/59-fetch-snapshot.ts';
import { defineHandler } from '../context.ts';

export const fetchSnapshotHandler = defineHandler(
  fetchSnapshotApi,
  (request, from, broker) => broker.quorum.handle(fetchSnapshotApi, request, from),
  ['controller'],
);
