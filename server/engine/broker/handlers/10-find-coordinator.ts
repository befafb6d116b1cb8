// FindCoordinator: where a group is kept. Asking is what creates the topic of the coordinators; until it is there the
// answer is COORDINATOR_NOT_AVAILABLE and the client asks again.
// Transactional ids (type 1) and share groups (type 2) have no coordinator here yet: INVALID_REQUEST tells clients so,
// where a retriable error would let them try for ever. From v4 many keys in one request.

import { errorCodes } from '#engine/protocol/error-codes.ts';
import { findCoordinatorApi } from '#engine/protocol/apis/10-find-coordinator.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { defineHandler, type BrokerContext, type RequestContext } from '../context.ts';
import type { CoordinatorLocation } from '../coordination-ports.ts';

type Response = ResponseInput<typeof findCoordinatorApi>;

const firstVersionWithManyKeys = 4;
const groupKeyType = 0;
const transactionKeyType = 1;

export const findCoordinatorHandler = defineHandler(findCoordinatorApi, async (request, from, broker): Promise<Response> => {
  if (from.apiVersion < firstVersionWithManyKeys) return locate(request.key, request.keyType, { from, broker });
  const locations = await Promise.all(request.coordinatorKeys.map((key) => locate(key, request.keyType, { from, broker })));
  return { coordinators: locations.map((location, index) => ({ key: request.coordinatorKeys[index]!, ...location })) };
});

interface Asking {
  readonly from: RequestContext;
  readonly broker: BrokerContext;
}

async function locate(key: string, keyType: number, { from, broker }: Asking): Promise<CoordinatorLocation> {
  if (keyType === groupKeyType) return broker.groups.locate(key, from.listenerName);
  const errorMessage =
    keyType === transactionKeyType
      ? 'transactions are not served by this cluster yet'
      : `coordinators of type ${keyType} are not served by this cluster`;
  return { errorCode: errorCodes.INVALID_REQUEST, errorMessage, nodeId: -1, host: '', port: -1 };
}
