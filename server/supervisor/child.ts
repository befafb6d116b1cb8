// One supervised child process: carries out what `lifecycle.ts` decides. Everything the child says goes to `onMessage`.

import { fork, type ChildProcess } from 'node:child_process';
import {
  defaultLimits,
  maxStartAttempts,
  step,
  stopped,
  type LifecycleEffect,
  type LifecycleInput,
  type LifecycleLimits,
  type LifecycleState,
} from './lifecycle.ts';
import { maxLineBytes, readOutput } from './lines.ts';
import type { ProcessLog } from './output/output.ts';
import { changeOf } from './process-changes.ts';
import { StartRefused } from './refusal.ts';

/** What a child printed last, kept for the words about its end. */
const maxLastLines = 12;
/** Node ends a process whose heap is full with this line and SIGABRT, before the process can say anything itself. */
const lastWordOfNode = /^FATAL ERROR: .*heap out of memory/;
const outOfMemory = 'out of memory: the limit of its heap was reached; raise it with NODE_OPTIONS=--max-old-space-size=<MiB>';
/** Messages that may wait for a process that doesn't read, as a frozen one doesn't. */
export const maxUnsent = 1_000;
/** How long the output of a process that has ended is waited for. */
const outputCloseMs = 2_000;

export interface SpawnObstacle {
  readonly reason: string;
  /** Whether it is stopped then; else it is tried again later, as after a crash. */
  readonly isForGood: boolean;
}

/** Hears of each process that comes and goes. */
export interface ProcessListener {
  onSpawn(pid: number): void;
  onEnd(pid: number): void;
}

export interface ChildPlan extends Partial<ProcessListener> {
  /** For log lines, e.g. "broker 2". */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly nodeArgs: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly limits?: LifecycleLimits;
  /** Gets each line that the process prints, and what became of the process. */
  readonly log: ProcessLog;
  /** What stands in the way of starting the process now; null when it may be. */
  whyNot?(): SpawnObstacle | null;
  onMessage(message: unknown): void;
  /** After each change of state, spawn or exit. */
  onChange(): void;
}

export class SupervisedChild {
  readonly #plan: ChildPlan;
  #state: LifecycleState = stopped;
  #process: ChildProcess | null = null;
  /** Handed to the operating system and not taken by it yet. */
  #unsent = 0;
  readonly #states = new Map<string, { readonly type: string }>();
  #timers = new Set<NodeJS.Timeout>();
  #idle: (() => void)[] = [];
  #readyWaiters: ReadyWaiter[] = [];
  #lastLines: readonly string[] = [];
  #wasReady = false;
  #startTimedOut = false;
  spawns = 0;
  lastExit: string | null = null;
  #isOutOfMemory = false;
  /** Why the process says that it can't go on, in words; null since it was ready. */
  fatal: string | null = null;

  constructor(plan: ChildPlan) {
    this.#plan = plan;
  }

  get #limits(): LifecycleLimits {
    return this.#plan.limits ?? defaultLimits;
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
    this.fatal = null;
    this.#take({ kind: 'became-ready' });
  }

  /**
   * Resolves when the process is ready. Rejects with StartRefused, in words, when it says that it can't start, when it wasn't
   * ready in time, when it has ended `maxStartAttempts` times before that, or when it is stopped.
   */
  whenReady(): Promise<void> {
    return new Promise((settle, refuse) => {
      this.#readyWaiters.push({ settle, refuse });
      this.#tellReadyWaiters();
    });
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

  /** Answers false when nobody is there to read it, or when too many wait already: the message is let go then. */
  send(message: object): boolean {
    const child = this.#process;
    if (child?.connected !== true || this.#unsent >= maxUnsent) return false;
    this.#unsent += 1;
    // A child that is going away answers with an error on its channel; its exit is what tells us.
    child.send(message, () => this.#onSent(child));
    return true;
  }

  /** For what the process is to be from now on: where too much waits, the newest message of each type waits for its turn. */
  sendState<State extends { readonly type: string }>(message: State): void {
    this.#states.delete(message.type);
    if (!this.send(message) && this.#process !== null) this.#states.set(message.type, message);
  }

  #onSent(child: ChildProcess): void {
    if (this.#process !== child) return;
    this.#unsent -= 1;
    const waiting = [...this.#states.values()];
    this.#states.clear();
    for (const state of waiting) this.sendState(state);
  }

  #whenStopped(): Promise<void> {
    if (this.#state.name === 'stopped') return Promise.resolve();
    return new Promise((settle) => this.#idle.push(settle));
  }

  #take(input: LifecycleInput): void {
    const before = this.#state.name;
    const next = step(this.#state, input, { nowMs: Date.now(), limits: this.#limits });
    this.#state = next.state;
    for (const effect of next.effects) this.#carryOut(effect);
    if (this.#state.name === 'stopped') this.#settleIdle();
    this.#logChange(before);
    this.#tellReadyWaiters();
    this.#plan.onChange();
  }

  #logChange(before: LifecycleState['name']): void {
    const change = changeOf(before, this.#state.name, this.#wasReady);
    if (this.#state.name === 'ready') this.#wasReady = true;
    if (change === null) return;
    const how = change.event === 'process-ended' || change.event === 'process-not-started' ? { how: this.fatal ?? this.lastExit } : {};
    this.#plan.log.say(change.level, change.event, { process: this.#plan.name, ...how });
  }

  #carryOut(effect: LifecycleEffect): void {
    if (effect.kind === 'spawn') this.#spawn();
    else if (effect.kind === 'ask-to-stop') this.#askToStop();
    else if (effect.kind === 'kill') this.#kill();
    else this.#wakeAt(effect.atMs);
  }

  #kill(): void {
    if (this.#state.name === 'starting') this.#startTimedOut = true;
    this.#process?.kill('SIGKILL');
  }

  #tellReadyWaiters(): void {
    const { name } = this.#state;
    if (name === 'ready') for (const { settle } of this.#readyWaiters.splice(0)) settle();
    const why = this.#whyNotReady();
    if (why === null) return;
    for (const { refuse } of this.#readyWaiters.splice(0)) refuse(new StartRefused(why));
  }

  #whyNotReady(): string | null {
    const { name } = this.#plan;
    if (this.#state.name === 'stopped') return `${name} was stopped before it was ready.`;
    if (this.#state.name !== 'backing-off') return null;
    if (this.fatal !== null) return `${name}: ${this.fatal}`;
    const { failures, lastExit } = this.#state;
    if (this.#startTimedOut)
      return withLastLines(`${name} was not ready after ${this.#limits.startTimeoutMs / 1000} seconds.`, this.#lastLines);
    return failures < maxStartAttempts
      ? null
      : withLastLines(`${name} ended ${failures} times before it was ready (${lastExit}).`, this.#lastLines);
  }

  #spawn(): void {
    const obstacle = this.#plan.whyNot?.() ?? null;
    if (obstacle !== null) return this.#declineSpawn(obstacle);
    // A group of its own: a Ctrl-C in the terminal reaches only the supervisor, which then stops everything in order.
    const child = fork(this.#plan.file, this.#plan.args, {
      execArgv: [...this.#plan.nodeArgs],
      env: { ...process.env, ...this.#plan.environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
      detached: true,
    });
    this.#process = child;
    this.#unsent = 0;
    this.#states.clear();
    this.#lastLines = [];
    this.#isOutOfMemory = false;
    for (const stream of ['stdout', 'stderr'] as const)
      if (child[stream] !== null) readOutput(child[stream], maxLineBytes, (text) => this.#onLine(stream, text));
    this.spawns += 1;
    if (child.pid !== undefined) this.#plan.onSpawn?.(child.pid);
    child.on('message', (message) => this.#plan.onMessage(message));
    child.once('error', (error) => this.#exited(child, error.message));
    const exited = (code: number | null, signal: string | null): void =>
      this.#exited(child, this.#isOutOfMemory ? outOfMemory : (signal ?? `exit code ${code}`));
    // What it printed last is read before its end is told, unless somebody else holds its output open.
    child.once('close', exited);
    child.once('exit', (code, signal) => void setTimeout(() => exited(code, signal), outputCloseMs).unref());
  }

  #onLine(stream: 'stdout' | 'stderr', text: string): void {
    this.#lastLines = [...this.#lastLines, text].slice(-maxLastLines);
    if (stream === 'stderr' && lastWordOfNode.test(text)) this.#isOutOfMemory = true;
    this.#plan.log.printed({ source: this.#plan.name, stream, text });
  }

  #declineSpawn({ reason, isForGood }: SpawnObstacle): void {
    this.fatal = reason;
    setImmediate(() => this.#take(isForGood ? { kind: 'declined' } : { kind: 'exited', how: 'not started' }));
  }

  #exited(child: ChildProcess, how: string): void {
    if (this.#process !== child) return;
    this.#process = null;
    this.lastExit = how;
    if (child.pid !== undefined) this.#plan.onEnd?.(child.pid);
    this.#take({ kind: 'exited', how });
  }

  #askToStop(): void {
    if (!this.send({ type: 'stop' })) this.#process?.kill('SIGTERM');
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

interface ReadyWaiter {
  readonly settle: () => void;
  readonly refuse: (error: StartRefused) => void;
}

function withLastLines(reason: string, lines: readonly string[]): string {
  return lines.length === 0 ? reason : `${reason}\nIt printed last:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
