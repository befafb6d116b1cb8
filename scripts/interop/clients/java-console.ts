// Apache Kafka's console producer and consumer. The producer reads lines of text, so its corpus is the corpus spelled in
// hexadecimal; the consumer prints bytes as they are, and long separators tell it apart.

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
import type { InteropHeader, InteropRecord } from '../corpus.ts';
import { byPartition, toReadLine } from '../record-lines.ts';
import { releaseOf } from './java.ts';

const nullMarker = '<null>';
const field = '<field-77f1>';
const headerEnd = '<header-31c9>';
const lineEnd = '<line-e05b>';
const id = 'java-console';

export async function openJavaConsole({ bootstrap, kafkaTool }: Surroundings): Promise<Opened> {
  const name = 'Apache Kafka console tools';
  const classPath = kafkaTool === null ? null : await tryCommand(kafkaTool, ['classpath']);
  const version = classPath === null ? null : await releaseOf(classPath);
  if (kafkaTool === null || version === null) return { id, name, absent: 'Java or the jars of Apache Kafka are not there' };
  const console_ = { tool: kafkaTool, servers: bootstrap.join(',') };
  const client: InteropClient = {
    id,
    name,
    version,
    writes: allCodecs,
    reads: allCodecs,
    partitions: 1,
    limits: [
      'the producer takes lines of text: its corpus is spelled in hexadecimal, in one partition, without times; no header without a value',
      'the consumer reads one topic a process: its own, and one codec of each other client',
    ],
    asWritten: (records) => records.map(toText),
    asRead: (record) => record,
    write: async (jobs) => {
      for (const job of jobs) await write(console_, job);
    },
    read: async (jobs) => {
      const lines = new Map<string, readonly string[]>();
      for (const job of jobs) lines.set(job.topic, await read(console_, job));
      return lines;
    },
    wantsToRead: ({ writer, codec }) => writer === id || codec === (writer === 'kafkajs' ? 'gzip' : 'zstd'),
  };
  return client;
}

interface Console {
  readonly tool: string;
  readonly servers: string;
}

function toText(record: InteropRecord): InteropRecord {
  const spell = (bytes: Buffer | null): Buffer | null => (bytes === null ? null : Buffer.from(bytes.toString('hex')));
  const headers = record.headers.flatMap(({ name, value }) =>
    value === null ? [] : [{ name, value: Buffer.from(value.toString('hex')) }],
  );
  return { partition: 0, timestamp: null, key: spell(record.key), value: spell(record.value), headers };
}

async function write({ tool, servers }: Console, { topic, codec, records }: WriteJob): Promise<void> {
  const properties = ['parse.key=true', 'parse.headers=true', `null.marker=${nullMarker}`].flatMap((property) => [
    '--reader-property',
    property,
  ]);
  const args = ['tool', 'ConsoleProducer', '--bootstrap-server', servers, '--topic', topic, '--compression-codec', codec, ...properties];
  await runCommand(tool, args, { input: records.map(toLine).join('') });
}

function toLine({ key, value, headers }: InteropRecord): string {
  const named = headers.length === 0 ? nullMarker : headers.map((header) => `${header.name}:${header.value?.toString()}`).join(',');
  return `${named}\t${key?.toString() ?? nullMarker}\t${value?.toString() ?? nullMarker}\n`;
}

async function read({ tool, servers }: Console, { topic, count }: ReadJob): Promise<readonly string[]> {
  const properties = [
    'print.timestamp=true',
    'print.partition=true',
    'print.offset=true',
    'print.headers=true',
    'print.key=true',
    'print.value=true',
    `key.separator=${field}`,
    `headers.separator=${headerEnd}`,
    `line.separator=${lineEnd}`,
    `null.literal=${nullMarker}`,
  ].flatMap((property) => ['--formatter-property', property]);
  const args = [
    'tool',
    'org.apache.kafka.tools.consumer.ConsoleConsumer',
    '--bootstrap-server',
    servers,
    '--topic',
    topic,
    '--from-beginning',
    '--max-messages',
    String(count),
    '--timeout-ms',
    '60000',
    ...properties,
  ];
  // Bytes as latin1, so that each is a character of its own.
  const output = (await runCommand(tool, args)).toString('latin1');
  return byPartition(output.split(lineEnd).slice(0, -1).map(toReadRecord));
}

function toReadRecord(line: string): string {
  const [time, partition, offset, headers, key, value] = line.split(field) as [string, string, string, string, string, string];
  const after = (text: string): string => text.slice(text.indexOf(':') + 1);
  return toReadLine(
    {
      partition: Number(after(partition)),
      timestamp: Number(after(time)),
      key: bytesOf(key),
      value: bytesOf(value),
      headers: headersOf(headers),
    },
    after(offset),
  );
}

function bytesOf(text: string): Buffer | null {
  return text === nullMarker ? null : Buffer.from(text, 'latin1');
}

function headersOf(text: string): readonly InteropHeader[] {
  if (text === 'NO_HEADERS') return [];
  return text.split(headerEnd).map((one) => ({ name: one.slice(0, one.indexOf(':')), value: bytesOf(one.slice(one.indexOf(':') + 1)) }));
}
