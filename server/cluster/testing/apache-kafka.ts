// The real Apache Kafka for tests: one node through the tool that LOGARIUM_KAFKA_TOOL names, or the one beside this
// repository. Tests skip, and say why, where there is none.

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const beside = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'tools', 'apache-kafka');

/** null: there is no tool on this machine. */
export const kafkaTool: string | null =
  [process.env['LOGARIUM_KAFKA_TOOL'] ?? '', beside].find((path) => path !== '' && existsSync(path)) ?? null;

export const whyNoKafka = 'needs the real Apache Kafka: set LOGARIUM_KAFKA_TOOL to a tool that starts it';

/** One release unless LOGARIUM_KAFKA_VERSIONS lists more. */
export const kafkaVersions: readonly string[] = (process.env['LOGARIUM_KAFKA_VERSIONS'] ?? '4.3.1').split(',');

export interface ApacheKafka {
  readonly bootstrap: string;
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startApacheKafka(tool: string, version: string, port: number): Promise<ApacheKafka> {
  const data = mkdtempSync(join(tmpdir(), 'logarium-apache-kafka-'));
  const call = (...args: readonly string[]) => run(tool, [...args, '--data', data], { env: { ...process.env, KAFKA_VERSION: version } });
  const stop = async (): Promise<void> => {
    await call('stop');
    rmSync(data, { recursive: true, force: true });
  };
  const { stdout } = await call(
    'start',
    '--nodes',
    '1',
    '--port',
    String(port),
    '--heap',
    '256M',
    '--set',
    'group.initial.rebalance.delay.ms=0',
  ).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    bootstrap: stdout.trim().split('\n').at(-1) ?? '',
    kill: async () => void (await call('kill', '1')),
    restart: async () => void (await call('restart', '1')),
    stop,
  };
}
