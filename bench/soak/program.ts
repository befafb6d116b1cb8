// The whole program as a user starts it, console included, and what its processes hold of the machine's memory.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { residentBytes } from '../load/servers.ts';

const readyMs = 600_000;
const keptOutput = 20_000;

export interface ProgramOptions {
  readonly port: number;
  readonly consolePort: number;
  /** `NAME=VALUE`, as `--set` takes them. */
  readonly settings: readonly string[];
}

export class Program {
  readonly console: string;
  readonly bootstrap: readonly { readonly host: string; readonly port: number }[];
  readonly #data = mkdtempSync(join(tmpdir(), 'logarium-soak-'));
  readonly #child: ChildProcess;
  #output = '';

  constructor({ port, consolePort, settings }: ProgramOptions) {
    this.console = `http://127.0.0.1:${consolePort}`;
    this.bootstrap = [0, 1, 2].map((offset) => ({ host: '127.0.0.1', port: port + offset }));
    const flags = { port, 'console-port': consolePort, data: this.#data };
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const sets = settings.flatMap((setting) => ['--set', setting]);
    const start = join(import.meta.dirname, '..', '..', 'scripts', 'start.mjs');
    this.#child = spawn(process.execPath, [start, ...args, ...sets], { stdio: ['ignore', 'pipe', 'pipe'] });
    // Whatever ends the benchmark must not leave a cluster behind.
    process.once('exit', () => this.#child.kill('SIGTERM'));
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-keptOutput);
      });
  }

  /** Resolves when the console answers, which it does after the brokers. */
  async ready(): Promise<void> {
    const deadline = performance.now() + readyMs;
    while (performance.now() < deadline) {
      if (this.#child.exitCode !== null) throw new Error(`the program ended:\n${this.#output}`);
      const answer = await fetch(`${this.console}/api/health`).catch(() => null);
      if (answer?.ok === true) return;
      await new Promise((wake) => setTimeout(wake, 500));
    }
    throw new Error(`not ready after ${readyMs} ms:\n${this.#output}`);
  }

  /** Resident bytes by what a process is for. */
  memory(): ReadonlyMap<string, number> {
    const sizes = new Map<string, number>();
    for (const pid of descendantsOf(this.#child.pid ?? 0)) {
      const role = roleOf(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'));
      sizes.set(role, (sizes.get(role) ?? 0) + residentBytes(pid));
    }
    return sizes;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      const ended = new Promise((settle) => this.#child.once('exit', settle));
      this.#child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.#data, { recursive: true, force: true });
  }
}

function roleOf(command: readonly string[]): string {
  const nodeId = command.indexOf('--node-id');
  if (nodeId >= 0) return `broker ${command[nodeId + 1]}`;
  if (command.some((word) => word.endsWith('server/main.ts'))) return 'supervisor';
  return command.some((word) => word.endsWith('console-process.ts')) ? 'console' : 'launcher';
}

function descendantsOf(root: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(Number(name));
    if (parent !== null) parents.set(Number(name), parent);
  }
  const found = [root];
  // The list grows while it is walked: it ends with the leaves.
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found;
}

/** Null for a process that ended while we looked. */
function parentOf(pid: number): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
  } catch {
    return null;
  }
}
