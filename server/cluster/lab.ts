// The lab as the console sees it: what can be done to a cluster on purpose, and what holds now. The words are the cluster's own
// (brokers, links, disks); which process or socket stands behind them is the embedded cluster's business.

import { ClusterError } from './cluster-error.ts';

export type LabFault =
  | { readonly kind: 'kill'; readonly brokerId: number }
  | { readonly kind: 'stop'; readonly brokerId: number }
  | { readonly kind: 'freeze'; readonly brokerId: number }
  | { readonly kind: 'cut'; readonly fromId: number; readonly toId: number; readonly bothWays: boolean }
  | { readonly kind: 'slow-link'; readonly fromId: number; readonly toId: number; readonly delayMs: number }
  | { readonly kind: 'slow-clients'; readonly brokerId: number; readonly delayMs: number }
  | { readonly kind: 'drop'; readonly brokerId: number; readonly apiKey: number; readonly what: 'request' | 'response' }
  | { readonly kind: 'slow-disk'; readonly brokerId: number; readonly delayMs: number }
  | { readonly kind: 'full-disk'; readonly brokerId: number }
  | { readonly kind: 'failing-sync'; readonly brokerId: number }
  | { readonly kind: 'skewed-clock'; readonly brokerId: number; readonly skewMs: number };

export interface ActiveFault {
  readonly faultId: string;
  readonly fault: LabFault;
  readonly startedAtMs: number;
  /** When it ends by itself. What it made brokers delete meanwhile stays deleted. */
  readonly endsAtMs: number;
  readonly by: string;
}

export interface LabStatus {
  readonly active: readonly ActiveFault[];
}

/** Every call names who asks; it stands in the timeline. Rejects with ClusterError. */
export interface LabPort {
  status(): Promise<LabStatus>;
  inject(fault: LabFault, durationMs: number, by: string): Promise<LabStatus>;
  undo(faultId: string, by: string): Promise<LabStatus>;
  healAll(by: string): Promise<LabStatus>;
  restart(brokerId: number, by: string): Promise<LabStatus>;
  addBroker(by: string): Promise<LabStatus>;
}

/** The lab of a cluster that has one, or ClusterError UNAVAILABLE. */
export function labOf(lab: LabPort | null): LabPort {
  if (lab === null) throw new ClusterError('UNAVAILABLE', { kind: 'no-lab', params: {} }, { advice: 'own-cluster-lab' });
  return lab;
}
