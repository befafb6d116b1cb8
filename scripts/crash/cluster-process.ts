// The whole program as a user starts it, as a child that can be killed without warning: `server/main.ts` and below it
// the brokers, whose pids it keeps in its data directory.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const main = join(import.meta.dirname, '..', '..', 'server', 'main.ts');
const readyMs = 120_000;

export class ClusterProcess {
  readonly data: string;
  readonly port: number;
  readonly brokers: number;
  #child: ChildProcess | null = null;

  constructor(options: { readonly data: string; readonly port: number; readonly brokers: number }) {
    this.data = options.data;
    this.port = options.port;
    this.brokers = options.brokers;
  }

  get bootstrap(): string[] {
    return Array.from({ length: this.brokers }, (_, index) => `127.0.0.1:${this.port + index}`);
  }

  /** Resolves when the block with the bootstrap servers is printed. */
  async start(): Promise<void> {
    const args = [
      '--disable-warning=ExperimentalWarning',
      main,
      '--no-console',
      '--brokers',
      String(this.brokers),
      '--port',
      String(this.port),
      '--data',
      this.data,
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    // Whatever ends the script must not leave a cluster behind: brokers notice that their supervisor is gone.
    process.once('exit', () => child.kill('SIGKILL'));
    let output = '';
    const collect = (data: Buffer): void => {
      output = (output + data.toString()).slice(-20_000);
    };
    child.stdout.on('data', collect);
    await new Promise<void>((settle, refuse) => {
      const deadline = setTimeout(() => refuse(new Error(`not ready after ${readyMs} ms:\n${output}`)), readyMs);
      child.stderr.on('data', (data: Buffer) => {
        collect(data);
        if (!output.includes('Bootstrap')) return;
        clearTimeout(deadline);
        settle();
      });
      child.once('exit', (code, signal) => {
        clearTimeout(deadline);
        refuse(new Error(`ended with ${signal ?? code}:\n${output}`));
      });
    });
  }

  brokerPid(brokerId: number): number | null {
    const file = join(this.data, `broker-${brokerId}.pid`);
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : null;
  }

  killBroker(brokerId: number): void {
    const pid = this.brokerPid(brokerId);
    if (pid !== null && isAlive(pid)) process.kill(pid, 'SIGKILL');
  }

  killAllBrokers(): void {
    for (let brokerId = 1; brokerId <= this.brokers; brokerId++) this.killBroker(brokerId);
  }

  /** The supervisor alone: its brokers have to notice. */
  async killSupervisor(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const ended = new Promise<void>((settle) => child.once('exit', () => settle()));
    child.kill('SIGKILL');
    await ended;
    this.#child = null;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    // One that has ended by itself, a refused start for one, says so no second time.
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((settle) => child.once('exit', () => settle()));
    child.kill('SIGTERM');
    await ended;
    this.#child = null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // gone already: that is what was to be achieved
  }
}
