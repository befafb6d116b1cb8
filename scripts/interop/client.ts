// What every client under test looks like to the run: what it is, what it can say, and how to make it write and read.

import { spawn } from 'node:child_process';
import type { Codec } from '#engine/world/ports.ts';
import type { InteropRecord } from './corpus.ts';

export const allCodecs: readonly Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

export interface WriteJob {
  readonly topic: string;
  readonly codec: Codec;
  readonly records: readonly InteropRecord[];
}
export interface ReadJob {
  readonly topic: string;
  readonly count: number;
  readonly writer: string;
  readonly codec: Codec;
}

export interface InteropClient {
  /** Short, and fit for a topic's name. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly writes: readonly Codec[];
  readonly reads: readonly Codec[];
  /** Of the topics it writes; 1 where the client can't choose a partition. */
  readonly partitions: number;
  /** What it can't express, in words: the table says it. */
  readonly limits: readonly string[];
  /** The corpus as this client is able to write it, in the order of writing. */
  asWritten(records: readonly InteropRecord[]): readonly InteropRecord[];
  /** One record as this client is able to show it. */
  asRead(record: InteropRecord): InteropRecord;
  write(jobs: readonly WriteJob[]): Promise<void>;
  /** The lines of each topic, as `toReadLine` makes them. */
  read(jobs: readonly ReadJob[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** False for topics that would take too long for what they'd show; everything when absent. */
  wantsToRead?(job: ReadJob): boolean;
}

export interface Surroundings {
  readonly bootstrap: readonly string[];
  /** For files of any kind; removed afterwards. */
  readonly directory: string;
  /** The apache-kafka tool, or null. */
  readonly kafkaTool: string | null;
  /** The process of a broker of this cluster. */
  readonly brokerPid: (brokerId: number) => number | null;
}

/** A client that isn't there says why. */
export type Opened = InteropClient | { readonly id: string; readonly name: string; readonly absent: string };

export interface CommandOptions {
  readonly input?: Buffer | string;
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A program that ended with anything but zero; `output` is what it had printed. */
export class CommandError extends Error {
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}

/** Runs a program to its end and gives its standard output; a failure carries its last words. */
export function runCommand(program: string, args: readonly string[], options: CommandOptions = {}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: options.timeoutMs ?? 180_000,
      killSignal: 'SIGKILL',
      env: { ...process.env, ...options.env },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => err.push(data));
    child.once('error', reject);
    // A program that ends before it has read its input says why by its exit code.
    child.stdin.on('error', () => {});
    child.once('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(out));
      else
        reject(
          new CommandError(
            `${program} ended with ${signal ?? code}: ${Buffer.concat(err).toString().slice(-1500)}`,
            Buffer.concat(out).toString(),
          ),
        );
    });
    child.stdin.end(options.input ?? '');
  });
}

/** The output of a command, or null when there is no such program or it fails. */
export async function tryCommand(program: string, args: readonly string[]): Promise<string | null> {
  try {
    return (await runCommand(program, args, { timeoutMs: 60_000 })).toString().trim();
  } catch {
    return null; // absence is an answer here: the client is reported as skipped
  }
}
