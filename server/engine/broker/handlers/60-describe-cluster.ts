// DescribeCluster: brokers for those who ask a broker, controllers for those who ask a controller (v1+).

import { describeClusterApi } from '#engine/protocol/apis/60-describe-cluster.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { ResponseInput } from '#engine/protocol/schema.ts';
import { allClusterOperations, operationsNotAsked } from '../authorized-operations.ts';
import { defineHandler, type BrokerContext, type ListenerKind, type RequestContext } from '../context.ts';
import { endpointFor } from '../listener-endpoints.ts';

type Response = ResponseInput<typeof describeClusterApi>;
type Node = Response['brokers'][number];

const endpointTypeOf: Readonly<Record<ListenerKind, number>> = { broker: 1, controller: 2 };

export const describeClusterHandler = defineHandler(describeClusterApi, (request, from, broker): Response => {
  const { endpointType } = request;
  if (endpointType !== 1 && endpointType !== 2)
    return failed(errorCodes.UNSUPPORTED_ENDPOINT_TYPE, `endpoint type ${endpointType} is unknown`, endpointType);
  if (endpointType !== endpointTypeOf[from.listener]) {
    return failed(errorCodes.MISMATCHED_ENDPOINT_TYPE, `this is a ${from.listener}'s listener`, endpointType);
  }
  const brokers = from.listener === 'broker' ? brokerNodes(broker, from, request.includeFencedBrokers) : controllerNodes(broker);
  return {
    errorCode: errorCodes.NONE,
    endpointType,
    clusterId: broker.metadata.clusterId,
    controllerId: from.listener === 'broker' ? randomNodeId(brokers, broker) : broker.metadata.controllerId,
    brokers,
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? allClusterOperations : operationsNotAsked,
  };
});

function brokerNodes(broker: BrokerContext, from: RequestContext, includesFenced: boolean): Node[] {
  const views = includesFenced ? broker.metadata.allBrokers() : broker.metadata.aliveBrokers();
  return views.flatMap((view) => {
    const endpoint = endpointFor(view, from.listenerName);
    const { brokerId, rack, isFenced } = view;
    return endpoint === undefined ? [] : [{ brokerId, host: endpoint.host, port: endpoint.port, rack, isFenced }];
  });
}

/** Who is registered as one, votes or not, as Kafka tells it; and voters whose registration is still to come. */
function controllerNodes(broker: BrokerContext): Node[] {
  const voters = broker.quorum.voters().map(({ nodeId, host, port }): Node => ({ brokerId: nodeId, host, port }));
  const registered = broker.metadata
    .controllers()
    .flatMap(({ controllerId, endpoints }) =>
      endpoints.slice(0, 1).map(({ host, port }): Node => ({ brokerId: controllerId, host, port })),
    );
  return [...new Map([...voters, ...registered].map((node) => [node.brokerId, node])).values()];
}

/** Any broker passes admin requests on, so any will do as the controller; Kafka picks at random too. */
function randomNodeId(nodes: readonly Node[], broker: BrokerContext): number {
  return nodes.length === 0 ? -1 : (nodes[broker.world.random.nextInt(nodes.length)]?.brokerId ?? -1);
}

function failed(errorCode: number, errorMessage: string, endpointType: number): Response {
  return { errorCode, errorMessage, endpointType, clusterId: '', brokers: [] };
}
