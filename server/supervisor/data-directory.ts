// The directory that `--data` names:
//   logarium.json   which cluster lives here (written once)
//   control.sock    the supervisor's socket, and the proof that one runs
//   console.db      what the console remembers
//   logs/           the log that a terminal doesn't show whole
//   broker-N/       one broker's Kafka directory, with the pid of its last process beside it
//
// Invariants: nothing is written into a directory that holds anything else, and nothing at all before a start has found
// everything that it needs.

import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
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
  /** What the directory said before this start; null for a new cluster. */
  readonly known: ClusterIdentity | null;
}

/** Of a new cluster, unless told otherwise. */
const defaultBrokers = 3;
const identityFile = 'logarium.json';
const strayNames = new Set(['.DS_Store', 'lost+found', '.gitkeep']);
/** Ours, and of no use without the cluster that they belonged to. */
const leftoverNames = /^(broker-\d+\.pid|(control|\d+)\.sock|logarium\.json\.tmp)$/;
/** Of the directory logs. */
const logNames = /^logarium\.log(\.\d+)?$/;
const dataNames = /^(broker-\d+|console\.db(-\w+)?)$/;

/**
 * Says which cluster of `wanted` brokers lives at `where`; null is as many as it holds, in a new one `defaultBrokers`. Writes
 * nothing: a start that is refused afterwards leaves no trace. `claimDataDirectory` makes it so.
 * @throws StartRefused when it can't be written, belongs to something else or holds more brokers than asked for
 */
export function readDataDirectory(where: string, wanted: number | null): DataDirectory {
  const path = resolve(where);
  requireWritable(path);
  const known = readIdentity(path);
  const brokers = wanted ?? known?.brokers ?? defaultBrokers;
  if (known === null) return { path, identity: newIdentity(path, brokers), known };
  if (known.brokers > brokers) {
    throw new StartRefused(
      `${path} holds the data of ${known.brokers} brokers; start with --brokers ${known.brokers} or name another --data directory.`,
    );
  }
  return { path, identity: { ...known, brokers }, known };
}

/** Makes the directory, for what has to lie in it before it is claimed. */
export function makeDataDirectory({ path }: DataDirectory): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw unwritable(path, error);
  }
}

/**
 * Writes down which cluster lives here. The caller holds the directory's lock.
 * @throws StartRefused when another start has changed the directory since it was read
 */
export function claimDataDirectory({ path, identity: claimed, known }: DataDirectory): void {
  if (JSON.stringify(readIdentity(path)) !== JSON.stringify(known))
    throw new StartRefused(`Another start has changed ${path} in this moment; start again.`);
  if (JSON.stringify(claimed) !== JSON.stringify(known)) writeIdentity(path, claimed);
}

/**
 * Takes back what `claimDataDirectory` wrote, and what was made since: only for a start of which no broker was ever ready. What lies
 * there by now may be another cluster's, or nothing: then there is nothing to take back.
 */
export function unclaimDataDirectory({ path, identity: claimed, known }: DataDirectory): void {
  if (readIdentity(path)?.clusterId !== claimed.clusterId) return;
  if (known !== null) return writeIdentity(path, known);
  for (const name of readdirSync(path)) if (dataNames.test(name)) rmSync(join(path, name), { recursive: true });
  rmSync(join(path, identityFile));
}

function requireWritable(path: string): void {
  try {
    if (existsSync(path) && !statSync(path).isDirectory()) throw new Error('it is not a directory');
    accessSync(nearestExisting(path), constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** The directory itself, or the one that it would be made in. */
function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

function unwritable(path: string, error: unknown): StartRefused {
  const reason = error instanceof Error ? error.message : String(error);
  return new StartRefused(`The data directory ${path} can't be written: ${reason}. Name another with --data.`);
}

function readIdentity(path: string): ClusterIdentity | null {
  const file = join(path, identityFile);
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return null;
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

function newIdentity(path: string, brokers: number): ClusterIdentity {
  const names = existsSync(path) ? readdirSync(path) : [];
  const stranger = names.find((name) => !strayNames.has(name) && !isLeftover(path, name) && !dataNames.test(name));
  if (stranger !== undefined) {
    throw new StartRefused(
      `${path} holds "${stranger}", which isn't Logarium's; nothing was touched. Name an empty or new directory with --data.`,
    );
  }
  const data = names.filter((name) => dataNames.test(name)).sort();
  if (data.length > 0) {
    throw new StartRefused(
      `${path} holds data of a Logarium cluster (${data.join(', ')}) but not ${identityFile}, which says which cluster it is: ` +
        `that file was removed. Nothing was touched. Put it back from a copy, or name another directory with --data.`,
    );
  }
  return { format: 1, clusterId: drawClusterId(randomBytes), brokers, voters: votersOf(brokers) };
}

/** A directory that is only called logs may be anybody's. */
function isLeftover(path: string, name: string): boolean {
  if (name !== 'logs') return leftoverNames.test(name);
  const logs = join(path, name);
  const isDirectory = statSync(logs, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isDirectory && readdirSync(logs).every((file) => strayNames.has(file) || logNames.test(file));
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
