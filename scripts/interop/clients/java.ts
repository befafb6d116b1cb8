// Apache Kafka's Java client, through a small program that is started from its source.

import { join } from 'node:path';
import { allCodecs, tryCommand, type Opened, type Surroundings } from '../client.ts';
import { partitions } from '../corpus.ts';
import { readWithProgram, writeWithProgram } from './line-client.ts';

const source = join(import.meta.dirname, 'JavaClient.java');

export async function openJava(surroundings: Surroundings): Promise<Opened> {
  const id = 'java';
  const name = 'Apache Kafka Java client';
  const classPath = surroundings.kafkaTool === null ? null : await tryCommand(surroundings.kafkaTool, ['classpath']);
  const version = classPath === null ? null : await releaseOf(classPath);
  if (classPath === null || version === null) return { id, name, absent: 'Java or the jars of Apache Kafka are not there' };
  const program = { program: 'java', args: ['-Xmx768M', '-XX:TieredStopAtLevel=1', '-cp', classPath, source] };
  return {
    id,
    name,
    version,
    writes: allCodecs,
    reads: allCodecs,
    partitions,
    limits: [],
    asWritten: (records) => records,
    asRead: (record) => record,
    write: (jobs) => writeWithProgram(program, surroundings, jobs),
    read: (jobs) => readWithProgram(program, surroundings, jobs),
  };
}

/** The release whose jars these are. */
export async function releaseOf(classPath: string): Promise<string | null> {
  const jars = await tryCommand('sh', ['-c', `ls ${classPath} | grep -o 'kafka-clients-[0-9.]*[0-9]'`]);
  return jars?.replace('kafka-clients-', '') ?? null;
}
