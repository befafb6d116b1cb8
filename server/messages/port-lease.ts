// A cluster's port, held open until released.

import type { ClusterPort } from '#server/cluster/port.ts';

export interface PortLease {
  readonly port: ClusterPort;
  release(): void;
}
