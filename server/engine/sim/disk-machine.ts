// The machine that a simulated disk belongs to: it stops at a boundary, starts again, and fails operations as arranged.

import { DiskFaults, type DiskOperation } from './disk-faults.ts';

/** Thrown by every operation of a machine that has stopped. No code under test may catch it. */
export class MachineStopped extends Error {
  override readonly name = 'MachineStopped';
}

export class DiskMachine {
  readonly faults = new DiskFaults();
  #changes = 0;
  #stopAt = Infinity;
  #isStopped = false;
  #boot = 0;

  /** Changing operations so far: the boundaries at which the machine can be stopped. */
  get changes(): number {
    return this.#changes;
  }
  /** Handles of an earlier boot are dead. */
  get boot(): number {
    return this.#boot;
  }

  /** It stops at the change number `change` from now (0: the next one). */
  stopAfter(change: number): void {
    this.#stopAt = this.#changes + change;
  }

  restart(): void {
    this.#boot++;
    this.#isStopped = false;
    this.#stopAt = Infinity;
    this.faults.clear();
  }

  stop(): never {
    this.#isStopped = true;
    throw new MachineStopped('the machine has stopped');
  }

  assertRunning(): void {
    if (this.#isStopped) this.stop();
  }

  /** True when this change is the one at which the machine stops. */
  countChange(): boolean {
    return this.#changes++ >= this.#stopAt;
  }

  check(operation: DiskOperation, path: string): void {
    this.assertRunning();
    const error = this.faults.take(operation, path);
    if (error !== null) throw error;
  }

  /** Guards one operation that changes something whole or not at all. */
  change(operation: DiskOperation, path: string, apply: () => void): void {
    this.check(operation, path);
    if (this.countChange()) this.stop();
    apply();
  }
}
