import { ClusterError } from './cluster-error.ts';
import type { BrokerSummary, ClusterOverview } from './port.ts';

/** The broker with this id, or ClusterError UNKNOWN_BROKER. */
export function findBroker(overview: ClusterOverview, brokerId: number): BrokerSummary {
  const broker = overview.brokers.find((one) => one.brokerId === brokerId);
  if (broker === undefined) throw new ClusterError('UNKNOWN_BROKER', { kind: 'unknown-broker', params: { broker: brokerId } });
  return broker;
}
