// DescribeQuorum: only the quorum's leader knows where every replica stands, so any broker asks it.

import { describeQuorumApi } from '#engine/protocol/apis/55-describe-quorum.ts';
import { defineHandler } from '../context.ts';

export const describeQuorumHandler = defineHandler(
  describeQuorumApi,
  (request, from, broker) => broker.controller.forward(describeQuorumApi, request, from),
  ['broker', 'controller'],
);
