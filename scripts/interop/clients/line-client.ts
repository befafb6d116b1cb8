// Clients in other languages: a program that is started once for all topics, reads what to write from files and writes what
// it read into files, in the lines of record-lines.ts.
//   program write BOOTSTRAP (CODEC TOPIC FILE)...
//   program read BOOTSTRAP (COUNT TOPIC FILE)...

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, type ReadJob, type Surroundings, type WriteJob } from '../client.ts';
import { byPartition, toWriteLine } from '../record-lines.ts';

export interface LineProgram {
  readonly program: string;
  readonly args: readonly string[];
}

export async function writeWithProgram(
  { program, args }: LineProgram,
  { bootstrap, directory }: Surroundings,
  jobs: readonly WriteJob[],
): Promise<void> {
  const files = jobs.flatMap(({ topic, codec, records }) => {
    const file = join(directory, `${topic}.write`);
    writeFileSync(file, records.map((record) => `${toWriteLine(record)}\n`).join(''));
    return [codec, topic, file];
  });
  await runCommand(program, [...args, 'write', bootstrap.join(','), ...files]);
}

export async function readWithProgram(
  { program, args }: LineProgram,
  surroundings: Surroundings,
  jobs: readonly ReadJob[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const fileOf = (topic: string): string => join(surroundings.directory, `${topic}.read`);
  await runCommand(program, [
    ...args,
    'read',
    surroundings.bootstrap.join(','),
    ...jobs.flatMap(({ topic, count }) => [String(count), topic, fileOf(topic)]),
  ]);
  return new Map(jobs.map(({ topic }) => [topic, byPartition(readFileSync(fileOf(topic), 'utf8').split('\n').slice(0, -1))]));
}
