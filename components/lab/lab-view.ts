// What the lab's faults mean for what the page shows: brokers, links, the time left. Pure.

import type { State } from '#components/ui/state-shape.tsx';
import type { ActiveFault, LabFault } from '#server/cluster/lab.ts';
import type { BrokerSummary } from '#server/cluster/port.ts';

export type BrokerCondition = 'killed' | 'stopped' | 'frozen' | BrokerSummary['state'];

const conditionOf = { kill: 'killed', stop: 'stopped', freeze: 'frozen' } as const;
type ProcessFault = ActiveFault & { readonly fault: { readonly kind: keyof typeof conditionOf; readonly brokerId: number } };

/** The fault that holds a broker's whole process. */
export function processFaultOf(brokerId: number, active: readonly ActiveFault[]): ProcessFault | null {
  return active.filter(isProcessFault).find(({ fault }) => fault.brokerId === brokerId) ?? null;
}

function isProcessFault(one: ActiveFault): one is ProcessFault {
  return one.fault.kind in conditionOf;
}

/** What was done to it is known before the cluster notices, and says more. */
export function conditionOfBroker(broker: Pick<BrokerSummary, 'brokerId' | 'state'>, active: readonly ActiveFault[]): BrokerCondition {
  const held = processFaultOf(broker.brokerId, active);
  return held === null ? broker.state : conditionOf[held.fault.kind];
}

export function stateOfCondition(condition: BrokerCondition): State {
  switch (condition) {
    case 'online':
      return 'good';
    case 'killed':
    case 'stopped':
    case 'lost':
      return 'offline';
    default:
      return 'watch';
  }
}

/** The faults of one broker that leave its process alone; a link's belong to both its ends. */
export function faultsAt(brokerId: number, active: readonly ActiveFault[]): readonly ActiveFault[] {
  return active.filter((one) => !isProcessFault(one) && touches(one.fault, brokerId));
}

function touches(fault: LabFault, brokerId: number): boolean {
  return 'brokerId' in fault ? fault.brokerId === brokerId : fault.fromId === brokerId || fault.toId === brokerId;
}

export interface LinkState {
  readonly isCut: boolean;
  /** Added one way; several faults add up. */
  readonly delayMs: number;
}

/** What `fromId` sends to `toId`. A cut takes one direction, or both; a delay always both. */
export function linkState(fromId: number, toId: number, active: readonly ActiveFault[]): LinkState {
  let isCut = false;
  let delayMs = 0;
  for (const { fault } of active) {
    if (fault.kind !== 'cut' && fault.kind !== 'slow-link') continue;
    const isSame = fault.fromId === fromId && fault.toId === toId;
    const isTurned = fault.fromId === toId && fault.toId === fromId;
    if (fault.kind === 'cut') isCut ||= isSame || (isTurned && fault.bothWays);
    else if (isSame || isTurned) delayMs += fault.delayMs;
  }
  return { isCut, delayMs };
}

/** The one that ends first. */
export function nextToEnd(active: readonly ActiveFault[]): ActiveFault | null {
  return active.toSorted((one, other) => one.endsAtMs - other.endsAtMs)[0] ?? null;
}

/** Whole seconds, rounded up: a fault that still holds is never told as "0 s". */
export function secondsLeft(endsAtMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((endsAtMs - nowMs) / 1_000));
}

export interface News {
  readonly began: readonly ActiveFault[];
  readonly ended: readonly ActiveFault[];
}

/** What changed between two answers, for those who hear the page. */
export function newsBetween(before: readonly ActiveFault[], after: readonly ActiveFault[]): News {
  const lacks = (list: readonly ActiveFault[]) => (one: ActiveFault) => !list.some((other) => other.faultId === one.faultId);
  return { began: after.filter(lacks(before)), ended: before.filter(lacks(after)) };
}
