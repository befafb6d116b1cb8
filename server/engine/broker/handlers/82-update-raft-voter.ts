// UpdateRaftVoter: a voter tells the quorum's leader where it listens now.

import { updateRaftVoterApi } from '#engine/protocol/apis/82-update-raft-voter.ts';
import { defineHandler } from '../context.ts';

export const updateRaftVoterHandler = defineHandler(
  updateRaftVoterApi,
  (request, from, broker) => broker.controller.forward(updateRaftVoterApi, request, from),
  ['controller'],
);
