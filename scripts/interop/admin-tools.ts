// Apache Kafka's own administration tools against our cluster: commands with what their output must and must not say. They are
// run in this order, as later ones stand on what earlier ones made.

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adminSteps, type AdminStep } from './admin-steps.ts';
import { CommandError, runCommand, tryCommand, type Surroundings } from './client.ts';
import { openOwnClient } from './clients/own.ts';
import { makeCorpus } from './corpus.ts';
import type { Report } from './report.ts';

const subject = 'admin tools';
const recordCount = 400;

export async function checkAdminTools(surroundings: Surroundings, report: Report): Promise<void> {
  const { kafkaTool, bootstrap, directory } = surroundings;
  if (kafkaTool === null || (await tryCommand(kafkaTool, ['classpath'])) === null) {
    report.skip(subject, 'Java or the jars of Apache Kafka are not there');
    return;
  }
  const deleteRecordsFile = join(directory, 'delete-records.json');
  writeFileSync(deleteRecordsFile, JSON.stringify({ version: 1, partitions: [{ topic: 'admin', partition: 0, offset: 10 }] }));
  for (const step of adminSteps({ servers: bootstrap.join(','), deleteRecordsFile })) {
    if (step.before === 'write') await writeRecords(surroundings);
    report.check(subject, step.name, await faultOfStep(kafkaTool, step));
  }
  await checkFiles(kafkaTool, join(directory, 'data'), report);
}

async function writeRecords(surroundings: Surroundings): Promise<void> {
  const client = await openOwnClient(surroundings);
  if ('absent' in client) return;
  await client.write([{ topic: 'admin', codec: 'lz4', records: makeCorpus(recordCount) }]);
}

async function faultOfStep(tool: string, { args, says, saysNot = [], fails = false }: AdminStep): Promise<string | null> {
  const { output, isFine } = await runTool(tool, args);
  if (isFine === fails) return `it ${isFine ? 'succeeded' : 'failed'}: ${output.slice(-600)}`;
  const missing = says.find((pattern) => !pattern.test(output));
  if (missing !== undefined) return `${missing} is missing in ${output.slice(-900)}`;
  const unwanted = saysNot.find((pattern) => pattern.test(output));
  return unwanted === undefined ? null : `${unwanted} should not be in ${output.slice(-900)}`;
}

async function runTool(tool: string, args: readonly string[]): Promise<{ readonly output: string; readonly isFine: boolean }> {
  try {
    // Standard error belongs to what a tool says.
    const output = await runCommand('sh', ['-c', 'exec "$0" tool "$@" 2>&1', tool, ...args], { env: { KAFKA_JVM_EXTRA: '-XX:TieredStopAtLevel=1' }, timeoutMs: 60_000 });
    return { output: output.toString(), isFine: true };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { output: `${error.output}${error.message}`, isFine: false };
  }
}

/** The files of a running cluster, read by DumpLogSegments: the metadata log, a topic's log and its indexes. */
async function checkFiles(tool: string, data: string, report: Report): Promise<void> {
  const filesOf = (directory: string, ending: string): string[] => readdirSync(directory).filter((name) => name.endsWith(ending)).map((name) => join(directory, name));
  const metadata = filesOf(join(data, 'broker-1', '__cluster_metadata-0'), '.log');
  const kept = ['broker-1', 'broker-2', 'broker-3'].flatMap((broker) => readdirSync(join(data, broker)).filter((name) => name.startsWith('admin-kept-') || name.startsWith('__consumer_offsets-')).map((name) => join(data, broker, name)));
  const complaints = /isvalid: false|mismatch|corrupt|exception|non-?consecutive|out of order|Could not/i;
  const dump = (name: string, args: readonly string[], says: readonly RegExp[]): Promise<void> =>
    faultOfStep(tool, { name, args: ['DumpLogSegments', ...args], says, saysNot: [complaints] }).then((fault) => { report.check(subject, name, fault); });
  await dump('DumpLogSegments decodes the metadata log', ['--cluster-metadata-decoder', '--files', metadata.join(',')], [/"type":"REGISTER_BROKER_RECORD"/, /"type":"TOPIC_RECORD"/, /"type":"PARTITION_RECORD"/]);
  const logs = kept.filter((path) => path.includes('admin-kept-')).flatMap((path) => filesOf(path, '.log'));
  await dump('DumpLogSegments reads a topic', ['--deep-iteration', '--files', logs.join(',')], [/isvalid: true/, /compresscodec: lz4/]);
  const indexes = kept.flatMap((path) => [...filesOf(path, '.index'), ...filesOf(path, '.timeindex')]).filter((path) => path.includes('admin-kept-'));
  await dump('DumpLogSegments finds the indexes in order', ['--index-sanity-check', '--files', indexes.join(',')], [/passed sanity check/]);
  const offsets = kept.filter((path) => path.includes('__consumer_offsets-')).flatMap((path) => filesOf(path, '.log'));
  await dump('DumpLogSegments decodes __consumer_offsets', ['--offsets-decoder', '--deep-iteration', '--files', offsets.join(',')], [/"group":"admin-kept-group"/, /"topic":"admin-kept"/]);
}
