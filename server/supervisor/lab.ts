// The lab: does to the cluster's own processes and links what somebody asked for, tells everybody, and undoes it when its
// time is up, when asked, or when all is healed. What a fault means for a broker is decided in `lab-plan.ts`.
// Invariant: every fault that holds has an end; none outlives this process's orderly end.

import type { ActiveFault, LabEvent, LabFault, LabStatus } from './lab-messages.ts';
import { isProcessFault, ordersFor, refusalOf, targetsOf, type LabMember, type ProcessOrders } from './lab-plan.ts';
import { LabRefused } from './lab-refusal.ts';

/** Faults that may hold at once. */
const maxActive = 32;

/** What the lab can do, and nothing else: every hand moves one of our own children. */
export interface LabHands {
  readonly members: () => readonly LabMember[];
  readonly isAlive: (brokerId: number) => boolean;
  /** Both resolve when the process is gone. */
  readonly kill: (brokerId: number) => Promise<void>;
  readonly stop: (brokerId: number) => Promise<void>;
  readonly start: (brokerId: number) => void;
  readonly freeze: (brokerId: number) => void;
  readonly thaw: (brokerId: number) => void;
  readonly tell: (brokerId: number, orders: ProcessOrders) => void;
}

export interface FaultOrder {
  readonly fault: LabFault;
  readonly durationMs: number;
  readonly by: string;
}

interface Ending {
  readonly cause: 'undone' | 'time' | 'healed' | 'struck' | 'gone';
  readonly by: string;
}

export class Lab {
  readonly #hands: LabHands;
  readonly #onEvent: (event: LabEvent) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Processes that are on their way out: they can be started again only after that. */
  readonly #leaving = new Map<number, Promise<void>>();
  #active: readonly ActiveFault[] = [];
  #count = 0;

  constructor(hands: LabHands, onEvent: (event: LabEvent) => void) {
    this.#hands = hands;
    this.#onEvent = onEvent;
  }

  status(): LabStatus {
    return { active: this.#active };
  }

  /** @throws LabRefused */
  inject({ fault, durationMs, by }: FaultOrder): LabStatus {
    this.#require(fault);
    // A frozen process can't stop in order: whoever stops it wants it to go.
    if (isProcessFault(fault) && fault.kind !== 'freeze')
      this.#endAll((one) => isProcessFault(one.fault) && sharesTarget(one.fault, fault), { cause: 'gone', by });
    const startedAtMs = Date.now();
    const active = { faultId: `${startedAtMs}-${this.#count++}`, fault, startedAtMs, endsAtMs: startedAtMs + durationMs, by };
    this.#active = [...this.#active, active];
    this.#timers.set(active.faultId, setTimeout(() => this.#end(active, { cause: 'time', by }), durationMs).unref());
    this.#carryOut(fault);
    this.#report({ kind: 'fault-injected', fault, by, cause: '' });
    return this.status();
  }

  /** Ending what has ended already is no error: two people may press at once. */
  undo(faultId: string, by: string): LabStatus {
    this.#endAll((one) => one.faultId === faultId, { cause: 'undone', by });
    return this.status();
  }

  healAll(by: string): LabStatus {
    this.#endAll(() => true, { cause: 'healed', by });
    return this.status();
  }

  /** Stops a broker in order and starts it again. */
  async restart(brokerId: number, by: string): Promise<LabStatus> {
    if (!this.#hands.members().some((member) => member.brokerId === brokerId))
      throw new LabRefused({ kind: 'lab-no-broker', params: { broker: brokerId } });
    this.#endAll(({ fault }) => fault.kind === 'freeze' && fault.brokerId === brokerId, { cause: 'gone', by });
    await this.#leave(brokerId, this.#hands.stop(brokerId));
    this.#endAll(({ fault }) => isProcessFault(fault) && targetsOf(fault).includes(brokerId), { cause: 'gone', by });
    this.#hands.start(brokerId);
    this.#onEvent({ atMs: Date.now(), kind: 'broker-restarted', fault: null, brokerId, by, cause: '' });
    return this.status();
  }

  /** A broker that is ready has no faults yet, whatever its last process was told. */
  onReady(brokerId: number): void {
    this.#hands.tell(brokerId, ordersFor(brokerId, this.#active, this.#hands.members()));
  }

  /** A new process isn't frozen. */
  onSpawn(brokerId: number): void {
    this.#endAll(({ fault }) => fault.kind === 'freeze' && fault.brokerId === brokerId, { cause: 'gone', by: '' });
  }

  /** A request or answer was dropped: that is all the fault was for. */
  onStruck(faultId: string): void {
    this.#endAll((one) => one.faultId === faultId, { cause: 'struck', by: '' });
  }

  /** The cluster is about to stop: nobody may be left frozen, and nothing is started again. */
  close(): void {
    for (const { fault } of this.#active) if (fault.kind === 'freeze') this.#hands.thaw(fault.brokerId);
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#active = [];
  }

  #require(fault: LabFault): void {
    const members = this.#hands.members().map(({ brokerId }) => brokerId);
    const alive = new Set(members.filter((id) => this.#hands.isAlive(id)));
    const refusal = refusalOf(fault, this.#active, { alive, known: new Set(members) });
    if (refusal !== null) throw new LabRefused(refusal);
    if (this.#active.length >= maxActive) throw new LabRefused({ kind: 'lab-full', params: { count: maxActive } });
  }

  #carryOut(fault: LabFault): void {
    if (fault.kind === 'kill') void this.#leave(fault.brokerId, this.#hands.kill(fault.brokerId));
    else if (fault.kind === 'stop') void this.#leave(fault.brokerId, this.#hands.stop(fault.brokerId));
    else if (fault.kind === 'freeze') this.#hands.freeze(fault.brokerId);
    else this.#tell(fault);
  }

  #endAll(which: (one: ActiveFault) => boolean, ending: Ending): void {
    for (const one of this.#active.filter(which)) this.#end(one, ending);
  }

  #end(one: ActiveFault, { cause, by }: Ending): void {
    if (!this.#active.includes(one)) return;
    this.#active = this.#active.filter((other) => other !== one);
    clearTimeout(this.#timers.get(one.faultId));
    this.#timers.delete(one.faultId);
    const isReplaced = cause === 'gone' && one.fault.kind !== 'freeze';
    if (!isReplaced) this.#takeBack(one.fault);
    this.#report({ kind: 'fault-ended', fault: one.fault, by, cause });
  }

  #takeBack(fault: LabFault): void {
    if (fault.kind === 'freeze') this.#hands.thaw(fault.brokerId);
    else if (fault.kind === 'kill' || fault.kind === 'stop') void this.#startAgain(fault.brokerId);
    else this.#tell(fault);
  }

  /** An ordered stop may still be under way when somebody wants it undone. */
  async #startAgain(brokerId: number): Promise<void> {
    await this.#leaving.get(brokerId);
    if (!this.#active.some(({ fault }) => isProcessFault(fault) && targetsOf(fault).includes(brokerId))) this.#hands.start(brokerId);
  }

  async #leave(brokerId: number, gone: Promise<void>): Promise<void> {
    this.#leaving.set(brokerId, gone);
    await gone;
    if (this.#leaving.get(brokerId) === gone) this.#leaving.delete(brokerId);
  }

  #tell(fault: LabFault): void {
    for (const brokerId of targetsOf(fault)) this.onReady(brokerId);
  }

  #report({
    kind,
    fault,
    by,
    cause,
  }: {
    readonly kind: LabEvent['kind'];
    readonly fault: LabFault;
    readonly by: string;
    readonly cause: string;
  }): void {
    this.#onEvent({ atMs: Date.now(), kind, fault, brokerId: targetsOf(fault)[0] ?? 0, by, cause });
  }
}

function sharesTarget(one: LabFault, other: LabFault): boolean {
  return targetsOf(one).some((id) => targetsOf(other).includes(id));
}
