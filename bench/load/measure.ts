// One measurement: a load process against a server, with the server's CPU time over exactly that span.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { LoadPlan, LoadResult, PacedPlan, PacedResult } from './plan.ts';
import { cpuSeconds, type Measured } from './servers.ts';

export interface Measurement extends LoadResult {
  readonly recordsPerSecond: number;
  readonly megabytesPerSecond: number;
  readonly serverCpuSeconds: number;
  readonly cpuSecondsPerGigabyte: number;
}

export function measure(server: Measured, plan: Omit<LoadPlan, 'host' | 'port'>): Promise<Measurement> {
  return measureWith(() => cpuSeconds(server.pid), { ...plan, host: '127.0.0.1', port: server.port });
}

/** The CPU time is whatever `cpu` says: of one process, or of a cluster's. */
export async function measureWith(cpu: () => number, plan: LoadPlan): Promise<Measurement> {
  const before = cpu();
  const result = await runScript<LoadResult>('generator.ts', plan);
  const serverCpuSeconds = cpu() - before;
  return {
    ...result,
    recordsPerSecond: result.records / result.seconds,
    megabytesPerSecond: result.bytes / result.seconds / 1e6,
    serverCpuSeconds,
    cpuSecondsPerGigabyte: serverCpuSeconds / (result.bytes / 1e9),
  };
}

export function measurePaced(plan: PacedPlan): Promise<PacedResult> {
  return runScript<PacedResult>('paced.ts', plan);
}

function runScript<Result>(script: string, plan: object): Promise<Result> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, script), JSON.stringify(plan)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  // Whatever ends the benchmark must not leave a load behind.
  const endLoad = (): void => void child.kill();
  process.once('exit', endLoad);
  child.once('exit', () => process.off('exit', endLoad));
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  return new Promise((settle, refuse) => {
    child.once('exit', (code) =>
      code === 0 ? settle(JSON.parse(output) as Result) : refuse(new Error(`the load process ended with code ${code}`)),
    );
  });
}

/** The middle of an odd number of values; noise on a shared machine is one-sided, so the mean would lie. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
