// KIP-951: whoever asks the wrong broker is told the right one in the same answer, with its address.

import { endpointFor } from './listener-endpoints.ts';
import type { BrokerContext } from './context.ts';

export interface LeaderHint {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}
export interface NodeEndpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export function currentLeaderOf(broker: BrokerContext, topic: string, partition: number): LeaderHint {
  const view = broker.metadata.topic(topic)?.partitions[partition];
  return { leaderId: view?.leaderId ?? -1, leaderEpoch: view?.leaderEpoch ?? -1 };
}

/** The addresses of those partitions' leaders at the listener that the client came by, each broker once. */
export function endpointsOfLeaders(
  broker: BrokerContext,
  listenerName: string,
  partitions: readonly { readonly topic: string; readonly partition: number }[],
): readonly NodeEndpoint[] {
  const leaders = new Set(partitions.map(({ topic, partition }) => currentLeaderOf(broker, topic, partition).leaderId));
  return broker.metadata
    .aliveBrokers()
    .filter((alive) => leaders.has(alive.brokerId))
    .flatMap((alive) => {
      const endpoint = endpointFor(alive, listenerName);
      return endpoint === undefined ? [] : [{ nodeId: alive.brokerId, host: endpoint.host, port: endpoint.port, rack: alive.rack }];
    });
}
