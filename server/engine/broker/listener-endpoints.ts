// Which of a broker's addresses counts: for clients, the one advertised for the listener that they came by (KIP-103).

import type { EndpointRecord } from '#engine/controller/records.ts';

interface Registered {
  readonly endpoints: readonly EndpointRecord[];
}

/** Where clients of this listener dial the broker; undefined when it has no listener of that name. */
export function endpointFor({ endpoints }: Registered, listenerName: string): EndpointRecord | undefined {
  return endpoints.find(({ name }) => name === listenerName);
}

/** Where brokers dial each other. One that still runs with other names is dialled at its first listener, as it registered them. */
export function interBrokerEndpoint(broker: Registered, listenerName: string): EndpointRecord | undefined {
  return endpointFor(broker, listenerName) ?? broker.endpoints[0];
}
