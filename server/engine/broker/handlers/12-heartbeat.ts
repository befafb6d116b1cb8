// Heartbeat: a member of a classic group says that it lives, and learns whether a rebalance has begun.

import { heartbeatApi } from '#engine/protocol/apis/12-heartbeat.ts';
import { defineHandler } from '../context.ts';

export const heartbeatHandler = defineHandler(heartbeatApi, async ({ groupId, memberId, groupInstanceId, generationId }, _from, broker) => {
  const { errorCode } = await broker.groups.ask({ kind: 'heartbeat', groupId, memberId, groupInstanceId, generationId });
  return { errorCode };
});
