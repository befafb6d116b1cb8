// Demo traffic as the console sees it: real client libraries in processes of their own.

import { ClusterError } from './cluster-error.ts';

export interface DemoInput {
  readonly topic: string;
  /** Used when the topic has to be created. */
  readonly partitions: number;
  readonly producers: number;
  /** Records a second of all producers together. */
  readonly ratePerSecond: number;
  readonly keyCount: number;
  readonly valueBytes: number;
  readonly groupId: string;
  readonly consumers: number;
}

export interface DemoClient {
  readonly role: 'producer' | 'consumer';
  readonly clientId: string;
  readonly library: string;
  readonly pid: number | null;
  readonly state: 'starting' | 'running' | 'stopping' | 'failed';
  readonly recordsPerSecond: number;
  readonly totalRecords: number;
  readonly lastError: string | null;
}

export interface DemoStatus {
  /** null: not running. */
  readonly plan: DemoInput | null;
  readonly clients: readonly DemoClient[];
}

/** Real client libraries in processes of their own, started and stopped from the screen. */
export interface DemoTraffic {
  status(): Promise<DemoStatus>;
  start(input: DemoInput): Promise<DemoStatus>;
  stop(): Promise<DemoStatus>;
}

/** The demo traffic of a cluster that has some, or ClusterError UNAVAILABLE. */
export function demoOf(demo: DemoTraffic | null): DemoTraffic {
  if (demo === null) throw new ClusterError('UNAVAILABLE', { kind: 'no-demo', params: {} }, { advice: 'own-cluster-demo' });
  return demo;
}
