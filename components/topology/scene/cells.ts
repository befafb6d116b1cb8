// The state of one copy of one partition on one broker, as the picture encodes it.

import type { BrokerState, TopologyPartition } from '#server/cluster/port.ts';

export type CellState =
  /** Leads: every read and write goes through it. */
  | 'leader'
  /** A copy in step. */
  | 'follower'
  /** A copy that fell out of the in-sync set. */
  | 'out-of-sync'
  /** No copy leads: the partition can't be read or written. */
  | 'no-leader'
  /** The broker that holds this copy has stopped. */
  | 'stopped'
  /** The place is kept, this broker has no copy. */
  | 'absent';

export interface Cell {
  readonly brokerId: number;
  readonly topic: string;
  readonly partition: number;
  readonly state: CellState;
  /** Leads, though another broker is the partition's first choice. */
  readonly isSecondChoice: boolean;
}

export function cellKey(brokerId: number, topic: string, partition: number): string {
  return `${brokerId}/${topic}-${partition}`;
}

/** A fenced broker still holds its copies but serves nothing, so it is drawn as stopped. */
export function isStopped(state: BrokerState): boolean {
  return state === 'lost' || state === 'fenced' || state === 'stopping' || state === 'starting';
}

export function cellState(partition: TopologyPartition, brokerId: number, brokerState: BrokerState): CellState {
  if (!partition.replicas.includes(brokerId)) return 'absent';
  if (partition.leaderId === null) return 'no-leader';
  if (isStopped(brokerState)) return 'stopped';
  if (partition.leaderId === brokerId) return 'leader';
  return partition.isr.includes(brokerId) ? 'follower' : 'out-of-sync';
}

export function toCell(
  topic: string,
  partition: TopologyPartition,
  broker: { readonly brokerId: number; readonly state: BrokerState },
): Cell {
  const state = cellState(partition, broker.brokerId, broker.state);
  return {
    brokerId: broker.brokerId,
    topic,
    partition: partition.partition,
    state,
    isSecondChoice: state === 'leader' && partition.replicas[0] !== broker.brokerId,
  };
}
