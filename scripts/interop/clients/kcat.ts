// kcat, and with it librdkafka. It splits its input at delimiters, which here are long enough never to occur in a record, and
// prints what it reads with the lengths in front, so that any byte may come.

import {
  allCodecs,
  runCommand,
  tryCommand,
  type InteropClient,
  type Opened,
  type ReadJob,
  type Surroundings,
  type WriteJob,
} from '../client.ts';
import { partitions, type InteropHeader, type InteropRecord } from '../corpus.ts';
import { byPartition, toReadLine } from '../record-lines.ts';

const recordEnd = '<end-of-record-5b1f0c7e>';
const keyEnd = '<end-of-key-9a2d44c1>';
/** One run of kcat gives all its records the same headers. */
const headers: readonly InteropHeader[] = [
  { name: 'twice', value: Buffer.from('first') },
  { name: 'once', value: Buffer.from('öäü') },
  { name: 'twice', value: Buffer.from('second') },
];

export async function openKcat({ bootstrap }: Surroundings): Promise<Opened> {
  const about = await tryCommand('kcat', ['-V']);
  if (about === null) return { id: 'kcat', name: 'kcat', absent: 'kcat is not installed' };
  const [, version, library] = /Version (\S+) .*librdkafka (\S+)/.exec(about) ?? [];
  const servers = bootstrap.join(',');
  const client: InteropClient = {
    id: 'kcat',
    name: 'kcat',
    version: `${version}, librdkafka ${library}`,
    writes: allCodecs,
    reads: allCodecs,
    partitions,
    limits: [
      'takes an empty key or value for null when it writes (`-Z`), so empty ones are not written',
      'writes one set of text headers a run (with a repeated name), sets no timestamps',
      'prints header values as text: compared up to a zero byte, null and empty as it names them',
    ],
    asWritten,
    asRead: (record) => ({ ...record, headers: [{ name: 'printed', value: printed(record.headers) }] }),
    write: (jobs) => write(servers, jobs),
    read: (jobs) => read(servers, jobs),
  };
  return client;
}

/** Runs are by partition and by headers, which gives the order. */
function asWritten(records: readonly InteropRecord[]): readonly InteropRecord[] {
  const orNull = (bytes: Buffer | null): Buffer | null => (bytes?.length === 0 ? null : bytes);
  const able = records.map((record) => ({
    ...record,
    timestamp: null,
    key: orNull(record.key),
    value: orNull(record.value),
    headers: record.headers.length > 0 ? headers : [],
  }));
  return [...able.filter((record) => record.headers.length > 0), ...able.filter((record) => record.headers.length === 0)];
}

async function write(servers: string, jobs: readonly WriteJob[]): Promise<void> {
  for (const { topic, codec, records } of jobs) {
    const runs = Map.groupBy(records, (record) => `${record.headers.length > 0 ? 'with' : 'without'} ${record.partition}`);
    for (const run of runs.values()) await writeRun(servers, { topic, codec, records: run });
  }
}

async function writeRun(servers: string, { topic, codec, records }: WriteJob): Promise<void> {
  const { partition, headers: named } = records[0]!;
  const options = named.flatMap(({ name, value }) => ['-H', `${name}=${value?.toString()}`]);
  const parts = records.flatMap(({ key, value }) => [
    key ?? Buffer.alloc(0),
    Buffer.from(keyEnd),
    value ?? Buffer.alloc(0),
    Buffer.from(recordEnd),
  ]);
  const args = ['-P', '-b', servers, '-t', topic, '-p', String(partition), '-z', codec, '-Z', '-D', recordEnd, '-K', keyEnd, ...options];
  await runCommand('kcat', args, { input: Buffer.concat(parts) });
}

async function read(servers: string, jobs: readonly ReadJob[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const lines = new Map<string, readonly string[]>();
  for (const { topic } of jobs) {
    const output = await runCommand('kcat', [
      '-C',
      '-q',
      '-b',
      servers,
      '-t',
      topic,
      '-o',
      'beginning',
      '-e',
      '-X',
      'fetch.wait.max.ms=20',
      '-f',
      `%p %o %T %K %S\\n%k%s%h${recordEnd}`,
    ]);
    lines.set(topic, byPartition(parseOutput(output)));
  }
  return lines;
}

function parseOutput(output: Buffer): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < output.length;) {
    const lineEnd = output.indexOf('\n', at);
    const [partition, offset, timestamp, keyLength, valueLength] = output.toString('latin1', at, lineEnd).split(' ').map(Number) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const keyAt = lineEnd + 1;
    const valueAt = keyAt + Math.max(0, keyLength);
    const headersAt = valueAt + Math.max(0, valueLength);
    const end = output.indexOf(recordEnd, headersAt);
    const key = keyLength < 0 ? null : output.subarray(keyAt, valueAt);
    const value = valueLength < 0 ? null : output.subarray(valueAt, headersAt);
    lines.push(
      toReadLine({ partition, timestamp, key, value, headers: [{ name: 'printed', value: output.subarray(headersAt, end) }] }, offset),
    );
    at = end + recordEnd.length;
  }
  return lines;
}

/** What kcat makes of headers. */
function printed(all: readonly InteropHeader[]): Buffer {
  const parts = all.flatMap(({ name, value }, index) => [
    Buffer.from(`${index === 0 ? '' : ','}${name}=`),
    value === null ? Buffer.from('NULL') : upToZero(value),
  ]);
  return Buffer.concat(parts);
}

function upToZero(value: Buffer): Buffer {
  const zeroAt = value.indexOf(0);
  return zeroAt < 0 ? value : value.subarray(0, zeroAt);
}
