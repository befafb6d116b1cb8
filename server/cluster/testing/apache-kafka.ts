// The real Apache Kafka for tests: one node through the tool that LOGARIUM_KAFKA_TOOL names, or the one beside this
// repository. Tests skip, and say why, where there is none.

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';

const run = promisify(execFile);

// A node that ZooKeeper still believes to be alive (18 s by default) refuses to start: it says so and exits. Whoever
// keeps it starts it again, as an init system would.
const restartsAtMost = 20;
const lookEveryMs = 100;
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
  const bootstrap = stdout.trim().split('\n').at(-1) ?? '';
  return {
    bootstrap,
    kill: async () => void (await call('kill', '1')),
    restart: () => restartUntilItAnswers(join(data, '1', 'pid'), bootstrap, async () => void (await call('restart', '1'))),
    stop,
  };
}

async function restartUntilItAnswers(pidFile: string, bootstrap: string, restart: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < restartsAtMost; tries++) {
    await restart();
    const pid = Number(readFileSync(pidFile, 'utf8'));
    while (isAlive(pid)) {
      if (await answers(bootstrap)) return;
      await sleep(lookEveryMs);
    }
  }
  throw new Error(`Apache Kafka exited after each of ${restartsAtMost} starts`);
}

/** An open port is not enough: it is open before ZooKeeper has agreed, and answers only afterwards. */
async function answers(bootstrap: string): Promise<boolean> {
  const kafka = new Kafka({ brokers: [bootstrap], requestTimeout: 1_000, retry: { retries: 0 }, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return true;
  } catch {
    return false;
  } finally {
    await admin.disconnect();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
