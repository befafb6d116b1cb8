// RemoveRaftVoter: decided by the leader of the metadata quorum, whichever node was asked.

import { removeRaftVoterApi } from '#engine/protocol/apis/81-remove-raft-voter.ts';
import { defineHandler } from '../context.ts';

export const removeRaftVoterHandler = defineHandler(
  removeRaftVoterApi,
  (request, from, broker) => broker.controller.forward(removeRaftVoterApi, request, from),
  ['broker', 'controller'],
);
