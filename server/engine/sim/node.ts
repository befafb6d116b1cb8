// One broker process in the simulated world: the product's own `startBroker`, with a world from the seed. Killing it is
// what SIGKILL is to a real one: nothing more runs, its streams break, its disk keeps what was written.

import { createBrokerLog } from '../broker/broker-log.ts';
import { createBrokerConfig } from '../broker/config.ts';
import { startBroker, type Inspection, type RunningBroker } from '../broker/start.ts';
import type { TraceEvent } from '../trace/events.ts';
import type { BrokerMessage } from '../trace/process-link.ts';
import { pooledFiles } from '../world/descriptors/pooled-files.ts';
import { portOf } from './bootstrap.ts';
import { SimDisk } from './disk.ts';
import type { SimNetwork } from './network.ts';
import type { SeededRandom } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import { simWorld } from './world.ts';

export const controllerPortOffset = 100;
/** Fewer than a broker's logs would like: descriptors are closed and opened again all the time. */
const descriptors = { files: 10, overdraft: 4 };
const clusterId = 'c2ltdWxhdGVkLWNsdXN0ZQ';

export interface SimNodeOptions {
  readonly nodeId: number;
  readonly voters: readonly number[];
  readonly scheduler: Scheduler;
  readonly network: SimNetwork;
  readonly random: SeededRandom;
  readonly settings: ReadonlyMap<string, string>;
  /** Voters are controllers and nothing else; clients find the other nodes. */
  readonly areVotersDedicated?: boolean;
  onFacts(events: readonly TraceEvent[]): void;
  /** A broker that gives up: a failed assertion, a lost disk. */
  onFatal(nodeId: number, reason: string): void;
}

export class SimNode {
  readonly nodeId: number;
  readonly disk: SimDisk;
  readonly #options: SimNodeOptions;
  #running: RunningBroker | null = null;
  /** Counts lives: what belongs to an earlier one is dead. */
  #life = 0;
  #gaveUpIn = 0;
  #stopsIn = 0;
  #isUp = false;
  /** What falls due while the process stands still; null while it runs. */
  #heldBack: (() => void)[] | null = null;
  #isStopped = false;
  /** It stands still in a system call until then. */
  #blockedUntilUs = 0;

  constructor(options: SimNodeOptions) {
    this.#options = options;
    this.nodeId = options.nodeId;
    const { scheduler } = options;
    // What a process does behind a call that blocked it happens when that call is over: two writes to a stalled device wait for the
    // same end of the stall, not for twice the time.
    const atUs = (): number => Math.max(scheduler.nowUs, this.#blockedUntilUs);
    const timing = {
      nowUs: atUs,
      after: (delayUs: number, run: () => void) => void scheduler.after(atUs() - scheduler.nowUs + delayUs, this.#unlessHeldBack(run)),
      block: (durationUs: number) => this.#block(durationUs),
    };
    this.disk = new SimDisk({ random: options.random.fork(), nowMs: () => scheduler.nowUs / 1_000, timing });
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Which of its processes this is. */
  get life(): number {
    return this.#life;
  }

  get isFrozen(): boolean {
    return this.#isStopped;
  }

  /** What the process knows, once it serves; a dead one knows nothing. */
  inspect(): Inspection | null {
    return this.#running?.inspect() ?? null;
  }

  get port(): number {
    return portOf(this.nodeId);
  }

  /** Starts the process; it is ready some simulated time later. */
  start(): void {
    const life = ++this.#life;
    this.#isUp = true;
    const world = simWorld({
      ...this.#options,
      disk: pooledFiles(this.disk, descriptors).files,
      random: this.#options.random.fork(),
      node: this.nodeId,
      isAlive: () => this.#life === life,
      holdBack: (run) => this.#holdBack(run),
    });
    const starting = startBroker({
      world,
      log: createBrokerLog({ brokerId: this.nodeId, minLevel: 'error', nowMs: () => world.clock.nowMs(), write: () => undefined }),
      config: this.#config(),
      processId: this.nodeId,
      startedAtUs: world.clock.monotonicUs(),
      send: (message) => {
        if (this.#life === life) this.#onMessage(message);
      },
      poisonsBuffers: true,
      takeProcessFigures: () => ({ idleRatio: 1, cpuRatio: 0, residentBytes: 0, openFiles: null, openFilesLimit: null }),
      onFatal: (reason) => this.#giveUp(life, reason),
    });
    starting.then(
      (running) => {
        if (this.#life === life) this.#running = running;
      },
      (error: unknown) => this.#giveUp(life, error instanceof Error ? `${error.message}\n${error.stack}` : String(error)),
    );
    this.#whenReady(() => this.#running?.traceRecords(true), life);
  }

  /** Told once a life, and only while it lasts. */
  #giveUp(life: number, reason: string): void {
    if (this.#life !== life || this.#gaveUpIn === life) return;
    this.#gaveUpIn = life;
    this.#options.onFatal(this.nodeId, reason);
  }

  /** SIGKILL: what was written stays, synced or not. */
  kill(): void {
    this.#end();
    this.disk.restartAfterKill();
  }

  /** The plug: what was not synced may be gone, torn or there. */
  losePower(): void {
    this.#end();
    this.disk.restartAfterPowerLoss();
  }

  /** The file system is mounted anew: what was written stays, but for what a failed fsync lost. */
  remount(): void {
    this.#end();
    this.disk.restartWithoutCleanPages();
  }

  #end(): void {
    this.#life += 1;
    this.#isUp = false;
    this.#running = null;
    this.#heldBack = null;
    this.#isStopped = false;
    this.#blockedUntilUs = 0;
    this.#options.network.dropNode(this.nodeId);
  }

  /** SIGSTOP. */
  freeze(): void {
    this.#isStopped = true;
    this.#standStill();
  }

  /** SIGCONT: everything that fell due meanwhile happens now, in its order. */
  thaw(): void {
    this.#isStopped = false;
    this.#maybeGoOn();
  }

  /** A system call that takes so long. What follows it in the same turn of the loop is seen before, which no peer can tell. */
  #block(durationUs: number): void {
    const { scheduler } = this.#options;
    const life = this.#life;
    this.#blockedUntilUs = Math.max(this.#blockedUntilUs, scheduler.nowUs) + durationUs;
    this.#standStill();
    scheduler.after(this.#blockedUntilUs - scheduler.nowUs, () => {
      if (this.#life === life) this.#maybeGoOn();
    });
  }

  #standStill(): void {
    if (this.#heldBack !== null) return;
    this.#heldBack = [];
    this.#options.network.freeze(this.nodeId);
  }

  #maybeGoOn(): void {
    const { scheduler, network } = this.#options;
    if (this.#isStopped || this.#heldBack === null || scheduler.nowUs < this.#blockedUntilUs) return;
    const due = this.#heldBack;
    this.#heldBack = null;
    for (const run of due) scheduler.after(0, run);
    network.thaw(this.nodeId);
  }

  #holdBack(run: () => void): boolean {
    if (this.#heldBack === null) return false;
    this.#heldBack.push(run);
    return true;
  }

  #unlessHeldBack(run: () => void): () => void {
    const attempt = (): void => {
      if (!this.#holdBack(attempt)) run();
    };
    return attempt;
  }

  /** SIGTERM: resolves when the process has ended in order; false when something else ended it first, or does so already. */
  async stop(): Promise<boolean> {
    const life = this.#life;
    if (this.#running === null || this.#stopsIn === life) return false;
    this.#stopsIn = life;
    try {
      await this.#running.stop('asked by the simulation');
    } catch (error) {
      this.#giveUp(life, error instanceof Error ? `${error.message}\n${error.stack}` : String(error));
    }
    if (this.#life !== life || this.#gaveUpIn === life) return false;
    this.kill();
    return true;
  }

  #whenReady(then: () => void, life: number): void {
    this.#options.scheduler.after(10_000, () => {
      if (this.#life !== life) return;
      if (this.#running === null) this.#whenReady(then, life);
      else then();
    });
  }

  #onMessage(message: BrokerMessage): void {
    if (message.type === 'trace') this.#options.onFacts(message.events);
  }

  #config(): ReturnType<typeof createBrokerConfig> {
    const { nodeId, voters, settings, areVotersDedicated = false } = this.#options;
    const isVoter = voters.includes(nodeId);
    return createBrokerConfig(
      {
        nodeId,
        roles: [...(isVoter && areVotersDedicated ? [] : ['broker' as const]), ...(isVoter ? ['controller' as const] : [])],
        host: '127.0.0.1',
        port: this.port,
        controllerPort: isVoter ? this.port + controllerPortOffset : null,
        kraftVersion: 1,
        voters: voters.map((id) => ({ nodeId: id, host: '127.0.0.1', port: portOf(id) + controllerPortOffset })),
        dataDirectory: '/data',
        clusterId,
      },
      settings,
    );
  }
}
