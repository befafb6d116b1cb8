// One supervised child process: carries out what `lifecycle.ts` decides. Everything the child says goes to `onMessage`.

import { fork, type ChildProcess } from 'node:child_process';
import { defaultLimits, step, stopped, type LifecycleEffect, type LifecycleInput, type LifecycleState } from './lifecycle.ts';

export interface ChildPlan {
  /** For log lines, e.g. "broker 2". */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly nodeArgs: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  onMessage(message: unknown): void;
  /** After each change of state, spawn or exit. */
  onChange(): void;
  onSpawn?(pid: number): void;
}

export class SupervisedChild {
  readonly #plan: ChildPlan;
  #state: LifecycleState = stopped;
  #process: ChildProcess | null = null;
  #timers = new Set<NodeJS.Timeout>();
  #idle: (() => void)[] = [];
  spawns = 0;
  lastExit: string | null = null;

  constructor(plan: ChildPlan) {
    this.#plan = plan;
  }

  get state(): LifecycleState {
    return this.#state;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  start(): void {
    this.#take({ kind: 'start' });
  }

  becameReady(): void {
    this.#take({ kind: 'became-ready' });
  }

  /** Resolves when the process is gone. */
  stop(): Promise<void> {
    this.#take({ kind: 'stop' });
    return this.#whenStopped();
  }

  /** SIGKILL, without the restart that follows a crash. Resolves when the process is gone. */
  kill(): Promise<void> {
    this.#take({ kind: 'kill' });
    return this.#whenStopped();
  }

  /** SIGSTOP and SIGCONT: the process is there, and does nothing. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }
  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  send(message: object): void {
    // A child that is going away answers with an error on its channel; its exit is what tells us.
    if (this.#process?.connected === true) this.#process.send(message, () => undefined);
  }

  #whenStopped(): Promise<void> {
    if (this.#state.name === 'stopped') return Promise.resolve();
    return new Promise((settle) => this.#idle.push(settle));
  }

  #take(input: LifecycleInput): void {
    const next = step(this.#state, input, { nowMs: Date.now(), limits: defaultLimits });
    this.#state = next.state;
    for (const effect of next.effects) this.#carryOut(effect);
    if (this.#state.name === 'stopped') this.#settleIdle();
    this.#plan.onChange();
  }

  #carryOut(effect: LifecycleEffect): void {
    if (effect.kind === 'spawn') this.#spawn();
    else if (effect.kind === 'ask-to-stop') this.#askToStop();
    else if (effect.kind === 'kill') this.#process?.kill('SIGKILL');
    else this.#wakeAt(effect.atMs);
  }

  #spawn(): void {
    // A group of its own: a Ctrl-C in the terminal reaches only the supervisor, which then stops everything in order.
    const child = fork(this.#plan.file, this.#plan.args, {
      execArgv: [...this.#plan.nodeArgs],
      env: { ...process.env, ...this.#plan.environment },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'advanced',
      detached: true,
    });
    this.#process = child;
    this.spawns += 1;
    if (child.pid !== undefined) this.#plan.onSpawn?.(child.pid);
    child.on('message', (message) => this.#plan.onMessage(message));
    child.once('error', (error) => this.#exited(child, error.message));
    child.once('exit', (code, signal) => this.#exited(child, signal ?? `exit code ${code}`));
  }

  #exited(child: ChildProcess, how: string): void {
    if (this.#process !== child) return;
    this.#process = null;
    this.lastExit = how;
    this.#take({ kind: 'exited', how });
  }

  #askToStop(): void {
    if (this.#process?.connected === true) this.send({ type: 'stop' });
    else this.#process?.kill('SIGTERM');
  }

  #wakeAt(atMs: number): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#take({ kind: 'tick' });
      },
      Math.max(0, atMs - Date.now()),
    );
    timer.unref();
    this.#timers.add(timer);
  }

  #settleIdle(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const settle of this.#idle.splice(0)) settle();
  }
}
