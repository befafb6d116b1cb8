// A cluster that says no, for tests: Kafka's code and Kafka's own words, as an adapter would throw them.

import { ClusterError, type ClusterErrorOptions } from '../cluster-error.ts';

export function clusterSaid(code: string, words: string, options: ClusterErrorOptions = {}): ClusterError {
  return new ClusterError(code, { kind: 'refused', params: { name: code, words } }, options);
}
