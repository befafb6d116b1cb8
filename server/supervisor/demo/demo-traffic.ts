// Demo traffic as the screen orders it: so many producer and consumer processes, started together, stopped together.
// A client that ends by itself is told as failed with its reason and not restarted: the person decides.

import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { ProcessListener } from '../child.ts';
import type { DemoClient, DemoPlan, DemoStatus } from '../ipc.ts';
import { maxLineBytes, readOutput } from '../lines.ts';
import type { ProcessLog } from '../output/output.ts';
import { clientLibrary, type DemoClientMessage, type DemoClientPlan } from './messages.ts';

const killAfterMs = 8_000;
/** kafkajs 2.2.4 passes a negative delay to setTimeout after every answer (RequestQueue: -1 - Date.now()), and Node warns of the first. */
const nodeArgs = ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'];

interface Running {
  readonly plan: DemoClientPlan;
  readonly process: ChildProcess;
  state: DemoClient['state'];
  totalRecords: number;
  recordsPerSecond: number;
  lastError: string | null;
}

export interface DemoListener {
  readonly log: ProcessLog;
  readonly processes: ProcessListener;
  onChange(): void;
}

export class DemoTraffic {
  readonly #bootstrap: readonly string[];
  readonly #log: ProcessLog;
  readonly #processes: ProcessListener;
  readonly #onChange: () => void;
  #plan: DemoPlan | null = null;
  #clients: Running[] = [];

  constructor(bootstrap: string, { log, processes, onChange }: DemoListener) {
    this.#bootstrap = bootstrap.split(',');
    this.#log = log;
    this.#processes = processes;
    this.#onChange = onChange;
  }

  status(): DemoStatus {
    return {
      plan: this.#plan,
      clients: this.#clients.map((client) => ({
        role: client.plan.role,
        clientId: client.plan.clientId,
        library: clientLibrary,
        pid: client.process.exitCode === null && client.process.signalCode === null ? (client.process.pid ?? null) : null,
        state: client.state,
        recordsPerSecond: client.recordsPerSecond,
        totalRecords: client.totalRecords,
        lastError: client.lastError,
      })),
    };
  }

  /** Replaces what runs by what `plan` asks for. */
  async start(plan: DemoPlan): Promise<DemoStatus> {
    await this.stop();
    this.#plan = plan;
    const producers = Array.from({ length: plan.producers }, (_, index) => this.#launch(plan, 'producer', index));
    const consumers = Array.from({ length: plan.consumers }, (_, index) => this.#launch(plan, 'consumer', index));
    this.#clients = [...producers, ...consumers];
    this.#onChange();
    return this.status();
  }

  async stop(): Promise<DemoStatus> {
    await Promise.all(this.#clients.map((client) => end(client)));
    this.#clients = [];
    this.#plan = null;
    this.#onChange();
    return this.status();
  }

  /** Ends every client at once. */
  kill(): void {
    for (const { process } of this.#clients) process.kill('SIGKILL');
  }

  #launch(plan: DemoPlan, role: 'producer' | 'consumer', index: number): Running {
    const share =
      Math.floor(plan.ratePerSecond / Math.max(1, plan.producers)) + (index < plan.ratePerSecond % Math.max(1, plan.producers) ? 1 : 0);
    const clientPlan: DemoClientPlan = {
      ...plan,
      role,
      clientId: `demo-${role}-${index + 1}`,
      bootstrap: this.#bootstrap,
      ratePerSecond: Math.max(1, share),
    };
    const child = fork(join(import.meta.dirname, `${role}.ts`), [JSON.stringify(clientPlan)], {
      execArgv: nodeArgs,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const source = `demo client ${clientPlan.clientId}`;
    if (child.stderr !== null) readOutput(child.stderr, maxLineBytes, (text) => this.#log.printed({ source, stream: 'stderr', text }));
    const running: Running = { plan: clientPlan, process: child, state: 'starting', totalRecords: 0, recordsPerSecond: 0, lastError: null };
    child.on('message', (message: DemoClientMessage) => this.#onMessage(running, message));
    if (child.pid !== undefined) this.#processes.onSpawn(child.pid);
    child.once('exit', (code, signal) => this.#onExit(running, signal ?? `exit code ${code}`));
    return running;
  }

  #onMessage(client: Running, message: DemoClientMessage): void {
    if (message.type === 'running') {
      client.state = 'running';
      client.lastError = null; // what went wrong on the way here is mended
    }
    if (message.type === 'trouble') client.lastError = message.reason;
    if (message.type === 'progress') {
      client.totalRecords = message.records;
      client.recordsPerSecond = message.recordsPerSecond;
    }
    this.#onChange();
  }

  #onExit(client: Running, how: string): void {
    client.recordsPerSecond = 0;
    if (client.process.pid !== undefined) this.#processes.onEnd(client.process.pid);
    if (client.state !== 'stopping') {
      client.state = 'failed';
      client.lastError ??= how;
    }
    this.#onChange();
  }
}

function end(client: Running): Promise<void> {
  const child = client.process;
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  client.state = 'stopping';
  return new Promise((settle) => {
    const deadline = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    child.once('exit', () => {
      clearTimeout(deadline);
      settle();
    });
    if (child.connected) child.send({ type: 'stop' }, () => undefined);
    else child.kill('SIGTERM');
  });
}
