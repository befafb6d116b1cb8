// AddRaftVoter: decided by the leader of the metadata quorum, whichever node was asked.

import { addRaftVoterApi } from '#engine/protocol/apis/80-add-raft-voter.ts';
import { defineHandler } from '../context.ts';

export const addRaftVoterHandler = defineHandler(
  addRaftVoterApi,
  (request, from, broker) => broker.controller.forward(addRaftVoterApi, request, from),
  ['broker', 'controller'],
);
