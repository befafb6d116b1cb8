// EndQuorumEpoch: the leader of the metadata quorum goes on purpose.

import { endQuorumEpochApi } from '#engine/protocol/apis/54-end-quorum-epoch.ts';
import { defineHandler } from '../context.ts';

export const endQuorumEpochHandler = defineHandler(
  endQuorumEpochApi,
  (request, from, broker) => broker.quorum.handle(endQuorumEpochApi, request, from),
  ['controller'],
);
