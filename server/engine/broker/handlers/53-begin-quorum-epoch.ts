// BeginQuorumEpoch: a new leader of the metadata quorum introduces itself.

import { beginQuorumEpochApi } from '#engine/protocol/apis/53-begin-quorum-epoch.ts';
import { defineHandler } from '../context.ts';

export const beginQuorumEpochHandler = defineHandler(
  beginQuorumEpochApi,
  (request, from, broker) => broker.quorum.handle(beginQuorumEpochApi, request, from),
  ['controller'],
);
