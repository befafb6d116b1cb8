// The directory that `--data` names:
//   logarium.json   which cluster lives here (written once)
//   control.sock    the supervisor's socket, and the proof that one runs
//   console.db      what the console remembers
//   broker-N/       one broker's Kafka directory, with the pid of its last process beside it
//
// Invariant: nothing is written into a directory that holds anything else.

import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { StartRefused } from './refusal.ts';

const identity = z.object({
  format: z.literal(1),
  clusterId: z.string().length(22),
  brokers: z.number().int().min(1),
  /** Who votes in the metadata quorum from its beginning; who came and went since, the metadata log says. */
  voters: z.array(z.number().int().min(1)).min(1).default([1]),
});
export type ClusterIdentity = z.infer<typeof identity>;

export interface DataDirectory {
  readonly path: string;
  readonly identity: ClusterIdentity;
  readonly isNew: boolean;
}

/** Of a new cluster, unless told otherwise. */
const defaultBrokers = 3;
const identityFile = 'logarium.json';
const strayNames = new Set(['.DS_Store', 'lost+found', '.gitkeep']);

/**
 * Makes or opens the directory for `brokers` brokers; null is as many as it holds, in a new one `defaultBrokers`.
 * @throws StartRefused when it can't be written, belongs to something else or holds more brokers than asked for
 */
export function openDataDirectory(where: string, wanted: number | null): DataDirectory {
  const path = resolve(where);
  makeWritable(path);
  const known = readIdentity(path);
  const brokers = wanted ?? known?.brokers ?? defaultBrokers;
  if (known === null) return { path, identity: createIdentity(path, brokers), isNew: true };
  if (known.brokers > brokers) {
    throw new StartRefused(
      `${path} holds the data of ${known.brokers} brokers; start with --brokers ${known.brokers} or name another --data directory.`,
    );
  }
  if (known.brokers < brokers) writeIdentity(path, { ...known, brokers });
  return { path, identity: { ...known, brokers }, isNew: false };
}

function makeWritable(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartRefused(
      `The data directory ${path} can't be written: ${error instanceof Error ? error.message : String(error)}. Name another with --data.`,
    );
  }
}

function readIdentity(path: string): ClusterIdentity | null {
  const file = join(path, identityFile);
  if (!existsSync(file)) return null;
  const parsed = identity.safeParse(parseJson(readFileSync(file, 'utf8')));
  if (!parsed.success)
    throw new StartRefused(
      `${file} is damaged or was written by another release; nothing was touched. Mend it or name another --data directory.`,
    );
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the caller refuses what isn't an identity, whatever it is instead
  }
}

function createIdentity(path: string, brokers: number): ClusterIdentity {
  const stranger = readdirSync(path).find((name) => !strayNames.has(name));
  if (stranger !== undefined) {
    throw new StartRefused(
      `${path} holds "${stranger}", which isn't Logarium's; nothing was touched. Name an empty or new directory with --data.`,
    );
  }
  const created: ClusterIdentity = { format: 1, clusterId: drawClusterId(randomBytes), brokers, voters: votersOf(brokers) };
  writeIdentity(path, created);
  return created;
}

/** Three survive the loss of one; fewer brokers can't, and one is then the fewest that can fail. */
function votersOf(brokers: number): number[] {
  return brokers >= 3 ? [1, 2, 3] : [1];
}

/** As Kafka draws ids: none that begins with a dash, which a command line would take for an option. */
export function drawClusterId(draw: (size: number) => Buffer): string {
  for (;;) {
    const id = draw(16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}

function writeIdentity(path: string, value: ClusterIdentity): void {
  const file = join(path, identityFile);
  writeFileSync(`${file}.tmp`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${file}.tmp`, file);
}

/** A broker was added while the cluster runs. */
export function rememberBrokers({ path, identity: known }: DataDirectory, brokers: number): void {
  writeIdentity(path, { ...known, brokers });
}

/** The Kafka directory of one broker. */
export function brokerDirectory(path: string, brokerId: number): string {
  return join(path, `broker-${brokerId}`);
}

/** Where a broker's last process id is kept, so that the next start can wait for one that outlived its supervisor. */
export function brokerPidFile(path: string, brokerId: number): string {
  return join(path, `broker-${brokerId}.pid`);
}
