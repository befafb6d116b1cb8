// What the lab's faults mean for each broker's world (pure). A fault is a state with an end; all that hold together say what
// one process is told. A cut from A to B is told to both ends, because each process only governs the streams it opened itself.

import type { DropOrder } from '#engine/trace/process-link.ts';
import { noFaults, type DiskFault, type FaultSettings, type LinkFault } from '#engine/world/faults.ts';
import type { ActiveFault, LabFault } from './lab-messages.ts';
import type { LabRefusal } from './lab-refusal.ts';

export interface LabMember {
  readonly brokerId: number;
  /** Of its clients' and its controller's listener. */
  readonly ports: readonly number[];
}

export interface ProcessOrders {
  readonly settings: FaultSettings;
  readonly drops: readonly DropOrder[];
}

/** The brokers that a fault touches: the one it is done to comes first. */
export function targetsOf(fault: LabFault): readonly number[] {
  return fault.kind === 'cut' || fault.kind === 'slow-link' ? [fault.fromId, fault.toId] : [fault.brokerId];
}

/** Faults that are done to the process as a whole. */
export function isProcessFault(fault: LabFault): boolean {
  return fault.kind === 'kill' || fault.kind === 'stop' || fault.kind === 'freeze';
}

/** Everything that is to go wrong in one broker's world now. */
export function ordersFor(brokerId: number, active: readonly ActiveFault[], members: readonly LabMember[]): ProcessOrders {
  const own = active.filter(({ fault }) => targetsOf(fault).includes(brokerId));
  const settings = own.reduce((told, { fault }) => add(told, fault, { brokerId, members }), noFaults);
  const drops = own.flatMap(({ faultId, fault }) =>
    fault.kind === 'drop' ? [{ ruleId: faultId, apiKey: fault.apiKey, what: fault.what }] : [],
  );
  return { settings, drops };
}

interface Place {
  readonly brokerId: number;
  readonly members: readonly LabMember[];
}

function add(told: FaultSettings, fault: LabFault, place: Place): FaultSettings {
  switch (fault.kind) {
    case 'cut':
      return fault.bothWays
        ? addLink(addLink(told, cutOf(fault, place), place), cutOf(turned(fault), place), place)
        : addLink(told, cutOf(fault, place), place);
    case 'slow-link':
      return addLink(told, { peerId: otherEnd(fault, place), delayMs: fault.delayMs }, place);
    case 'slow-clients':
      return { ...told, inboundDelayMs: told.inboundDelayMs + fault.delayMs };
    case 'slow-disk':
      return withDisk(told, { delayMs: told.disk.delayMs + fault.delayMs });
    case 'full-disk':
      return withDisk(told, { isFull: true });
    case 'failing-sync':
      return withDisk(told, { failsSync: true });
    case 'skewed-clock':
      return { ...told, clockSkewMs: told.clockSkewMs + fault.skewMs };
    case 'kill':
    case 'stop':
    case 'freeze':
    case 'drop':
      return told;
  }
}

interface Ends {
  readonly fromId: number;
  readonly toId: number;
}

interface LinkChange {
  readonly peerId: number;
  readonly sends?: false;
  readonly receives?: false;
  readonly delayMs?: number;
}

/** From where the cut begins, sending stops; at its other end, receiving. */
function cutOf({ fromId, toId }: Ends, { brokerId }: Place): LinkChange {
  return brokerId === fromId ? { peerId: toId, sends: false } : { peerId: fromId, receives: false };
}

function turned({ fromId, toId }: Ends): Ends {
  return { fromId: toId, toId: fromId };
}

function otherEnd({ fromId, toId }: Ends, { brokerId }: Place): number {
  return brokerId === fromId ? toId : fromId;
}

function addLink(told: FaultSettings, { peerId, sends, receives, delayMs = 0 }: LinkChange, { members }: Place): FaultSettings {
  const ports = members.find((member) => member.brokerId === peerId)?.ports ?? [];
  const isSame = (link: LinkFault): boolean => link.ports[0] === ports[0];
  const before = told.links.find(isSame) ?? { ports, sends: true, receives: true, delayMs: 0 };
  const after = {
    ports,
    sends: before.sends && sends !== false,
    receives: before.receives && receives !== false,
    delayMs: before.delayMs + delayMs,
  };
  return { ...told, links: [...told.links.filter((link) => !isSame(link)), after] };
}

function withDisk(told: FaultSettings, change: Partial<DiskFault>): FaultSettings {
  return { ...told, disk: { ...told.disk, ...change } };
}

interface Population {
  readonly known: ReadonlySet<number>;
  /** Those with a process. */
  readonly alive: ReadonlySet<number>;
}

/** Why this fault can't be had now; null when it can. */
export function refusalOf(fault: LabFault, active: readonly ActiveFault[], { alive, known }: Population): LabRefusal | null {
  const targets = targetsOf(fault);
  const stranger = targets.find((id) => !known.has(id));
  if (stranger !== undefined) return { kind: 'lab-no-broker', params: { broker: stranger } };
  if (targets.length === 2 && targets[0] === targets[1]) return { kind: 'lab-same-ends', params: {} };
  const [brokerId] = targets as [number];
  if (isProcessFault(fault) && !alive.has(brokerId)) return { kind: 'lab-not-running', params: { broker: brokerId } };
  if (fault.kind === 'freeze' && isFrozen(brokerId, active)) return { kind: 'lab-frozen', params: { broker: brokerId } };
  return active.some((one) => JSON.stringify(one.fault) === JSON.stringify(fault)) ? { kind: 'lab-holds', params: {} } : null;
}

export function isFrozen(brokerId: number, active: readonly ActiveFault[]): boolean {
  return active.some(({ fault }) => fault.kind === 'freeze' && fault.brokerId === brokerId);
}
