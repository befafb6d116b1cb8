// A fourth node beside the cluster under test: a broker with a controller's listener that observes until it is let vote. It is
// started as the supervisor would start it, without one.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Surroundings } from './client.ts';
import { newcomerProperties, type VoterPlan } from './voter-steps.ts';

const main = join(import.meta.dirname, '..', '..', 'server', 'engine', 'broker', 'main.ts');
const nodeId = 4;
/** From a broker's port to its controller's. */
const controllerOffset = 100;
const lookEveryMs = 100;
const maxLooks = 600;

export interface FourthNode {
  readonly plan: VoterPlan;
  stop(): Promise<void>;
}

export async function startFourthNode({ bootstrap, directory }: Surroundings): Promise<FourthNode> {
  const addresses = bootstrap.map((address) => address.split(':') as [string, string]);
  const [host, firstPort] = addresses[0] ?? ['127.0.0.1', '0'];
  const port = Number(firstPort) + nodeId - 1;
  const controllers = addresses.map(([name, at]) => `${name}:${Number(at) + controllerOffset}`);
  const data = join(directory, 'data', `broker-${nodeId}`);
  const args: Readonly<Record<string, string>> = {
    'node-id': String(nodeId),
    roles: 'broker,controller',
    host,
    port: String(port),
    'controller-port': String(port + controllerOffset),
    voters: controllers.map((address, index) => `${index + 1}@${address}`).join(','),
    'kraft-version': '1',
    data,
    'cluster-id': propertyOf(join(directory, 'data', 'broker-1'), 'cluster.id') ?? '',
  };
  const words = Object.entries(args).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...words], { stdio: 'ignore' });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((settle) => child.once('exit', () => settle()));
    child.kill('SIGTERM');
    await ended;
  };
  try {
    const address = `${host}:${port + controllerOffset}`;
    const directoryId = await untilFormatted(data, () => child.exitCode);
    const configFile = join(directory, 'newcomer.properties');
    writeFileSync(configFile, newcomerProperties({ nodeId, directory: data, address, controllers: controllers.join(',') }));
    const plan = { servers: bootstrap.join(','), controllers: controllers.join(','), nodeId, directoryId, address, configFile };
    return { plan, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The first thing that a node writes is who it is. */
async function untilFormatted(data: string, exitCode: () => number | null): Promise<string> {
  for (let look = 0; look < maxLooks; look++) {
    const directoryId = propertyOf(data, 'directory.id');
    if (directoryId !== null) return directoryId;
    if (exitCode() !== null) throw new Error(`the fourth node ended with ${exitCode()}`);
    await new Promise((wake) => setTimeout(wake, lookEveryMs));
  }
  throw new Error('the fourth node wrote no meta.properties');
}

function propertyOf(data: string, name: string): string | null {
  const file = join(data, 'meta.properties');
  if (!existsSync(file)) return null;
  return new RegExp(`^${name}=(.+)$`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? null;
}
