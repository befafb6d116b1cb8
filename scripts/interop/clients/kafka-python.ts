// kafka-python twice: the release that Debian ships, and the newest one. Each in a virtual environment of its own, made in a
// folder that stays between runs, because the codecs beside gzip come as packages.

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allCodecs, runCommand, tryCommand, type InteropClient, type Opened, type Surroundings } from '../client.ts';
import { partitions } from '../corpus.ts';
import { readWithProgram, writeWithProgram } from './line-client.ts';

const script = join(import.meta.dirname, 'python-client.py');
const environments = join(tmpdir(), 'logarium-interop-python');
const codecPackages = ['lz4', 'python-snappy', 'zstandard'];

/** The Python of a virtual environment that has a kafka-python, or why there is none. */
export interface PythonEnvironment {
  readonly python: string;
  readonly version: string;
}

/** Debian's python3-kafka, seen through to from the environment. */
export async function debianPython(): Promise<PythonEnvironment | string> {
  const system = '/usr/bin/python3';
  const shipped = await tryCommand(system, ['-c', 'import kafka; print(kafka.__version__)']);
  if (shipped === null) return "Debian's python3-kafka is not installed";
  return prepare({ folder: 'debian', system, flags: ['--system-site-packages'], packages: codecPackages });
}

export async function newestPython(): Promise<PythonEnvironment | string> {
  const system = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
  if ((await tryCommand(system, ['-c', 'import venv, ensurepip'])) === null) return 'there is no Python 3 with venv';
  return prepare({ folder: 'newest', system, flags: [], packages: ['kafka-python', ...codecPackages] });
}

interface Plan {
  readonly folder: string;
  readonly system: string;
  readonly flags: readonly string[];
  readonly packages: readonly string[];
}

async function prepare({ folder, system, flags, packages }: Plan): Promise<PythonEnvironment | string> {
  const path = join(environments, folder);
  const python = join(path, 'bin', 'python');
  await mkdir(environments, { recursive: true });
  const probe = ['-c', 'import kafka, lz4.frame, snappy, zstandard; print(kafka.__version__)'];
  const known = await tryCommand(python, probe);
  if (known !== null) return { python, version: known };
  try {
    await runCommand(system, ['-m', 'venv', ...flags, path]);
    await runCommand(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  } catch (error) {
    return `its packages could not be installed: ${error instanceof Error ? error.message.split('\n').at(-1) : String(error)}`;
  }
  return { python, version: (await runCommand(python, probe)).toString().trim() };
}

export function kafkaPythonClient(id: string, environment: PythonEnvironment | string, surroundings: Surroundings): Opened {
  const name = id === 'python-debian' ? 'python3-kafka (Debian)' : 'kafka-python (newest)';
  if (typeof environment === 'string') return { id, name, absent: environment };
  const program = { program: environment.python, args: [script] };
  const client: InteropClient = {
    id,
    name,
    version: environment.version,
    writes: allCodecs,
    reads: allCodecs,
    partitions,
    limits: [
      'snappy, lz4 and zstd through the packages python-snappy, lz4 and zstandard',
      'cannot write a header whose value is null, nor a record without key and value',
    ],
    asWritten: (records) =>
      records.map((record) => ({
        ...record,
        value: record.key === null && record.value === null ? Buffer.alloc(0) : record.value,
        headers: record.headers.filter(({ value }) => value !== null),
      })),
    asRead: (record) => record,
    write: (jobs) => writeWithProgram(program, surroundings, jobs),
    read: (jobs) => readWithProgram(program, surroundings, jobs),
  };
  return client;
}
