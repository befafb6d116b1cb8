// Apache Kafka's own administration tools against our cluster: commands with what their output must and must not say. They are
// run in this order, as later ones stand on what earlier ones made.

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { alterPartitionReassignmentsApi } from '#engine/protocol/apis/45-alter-partition-reassignments.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { adminSteps, type AdminStep } from './admin-steps.ts';
import { tryCommand, type Surroundings } from './client.ts';
import { openOwnClient } from './clients/own.ts';
import { makeCorpus } from './corpus.ts';
import { moveFiles, moveSteps, standstillId, type MovePlan } from './move-steps.ts';
import type { Report } from './report.ts';
import { startFourthNode } from './fourth-node.ts';
import { ToolShell } from './tool-shell.ts';
import { voterSteps } from './voter-steps.ts';

const subject = 'admin tools';
const recordCount = 400;
const lookEveryMs = 500;
const maxLooks = 40;

export async function checkAdminTools(surroundings: Surroundings, report: Report): Promise<void> {
  await withShell(surroundings, report, async (shell) => {
    await runSteps(shell, surroundings, report);
    await runVoterSteps(shell, surroundings, report);
  });
}

/** Last, as a node more is seen by every step that follows. */
async function runVoterSteps(shell: ToolShell, surroundings: Surroundings, report: Report): Promise<void> {
  const node = await startFourthNode(surroundings);
  try {
    for (const step of voterSteps(node.plan)) report.check(subject, step.name, await faultOf(shell, step));
  } finally {
    await node.stop();
  }
}

/** The files of the stopped cluster, read by DumpLogSegments: indexes are complete on disk once a broker has stopped. */
export async function checkStoredFiles(surroundings: Surroundings, report: Report): Promise<void> {
  await withShell(surroundings, report, (shell) => checkFiles(shell, join(surroundings.directory, 'data'), report));
}

async function withShell({ kafkaTool }: Surroundings, report: Report, work: (shell: ToolShell) => Promise<void>): Promise<void> {
  const classPath = kafkaTool === null ? null : await tryCommand(kafkaTool, ['classpath']);
  if (classPath === null) {
    report.skip(subject, 'Java or the jars of Apache Kafka are not there');
    return;
  }
  const shell = new ToolShell(classPath);
  try {
    await work(shell);
  } finally {
    shell.close();
  }
}

async function runSteps(shell: ToolShell, surroundings: Surroundings, report: Report): Promise<void> {
  const { bootstrap, directory } = surroundings;
  const deleteRecordsFile = join(directory, 'delete-records.json');
  writeFileSync(deleteRecordsFile, JSON.stringify({ version: 1, partitions: [{ topic: 'admin', partition: 0, offset: 10 }] }));
  const steps = adminSteps({ servers: bootstrap.join(','), deleteRecordsFile });
  try {
    for (const step of [...steps, ...moveSteps(writeMovePlan(surroundings))]) {
      if (step.before === 'write') await writeRecords(surroundings);
      if (step.before === 'stuck move') await beginStuckMove(surroundings);
      report.check(subject, step.name, await faultOf(shell, step));
    }
  } finally {
    thaw(surroundings);
  }
}

/** Its tools ask brokers that move: the one that will stand still must not be asked. */
function writeMovePlan({ bootstrap, directory }: Surroundings): MovePlan {
  const write = (name: keyof typeof moveFiles): string => {
    const file = join(directory, `${name}.json`);
    writeFileSync(file, JSON.stringify(moveFiles[name]));
    return file;
  };
  const servers = bootstrap.filter((_, index) => index + 1 !== standstillId).join(',');
  return { servers, topicsFile: write('topics'), movesFile: write('moves'), stuckFile: write('stuck') };
}

/** A move is only begun to a broker that is alive: it is stopped in its tracks first, and the move ordered before it is missed. */
async function beginStuckMove({ brokerPid, bootstrap }: Surroundings): Promise<void> {
  const pid = brokerPid(standstillId);
  if (pid === null) throw new Error(`broker ${standstillId} has no process`);
  const client = openWitness(bootstrap[0] ?? '');
  const topics = moveFiles.stuck.partitions.map(({ topic, partition, replicas }) => ({
    name: topic,
    partitions: [{ partitionIndex: partition, replicas }],
  }));
  try {
    await client.metadata(0);
    process.kill(pid, 'SIGSTOP');
    const answer = await client.toAny(alterPartitionReassignmentsApi, { timeoutMs: 30_000, allowReplicationFactorChange: true, topics });
    const refused = answer.responses[0]?.partitions[0];
    if (refused?.errorCode !== 0) throw new Error(`the move was refused: ${refused?.errorMessage ?? answer.errorMessage}`);
    await untilMissed(client);
  } finally {
    client.close();
  }
}

async function untilMissed(client: KafkaClient): Promise<void> {
  for (let look = 0; look < maxLooks; look++) {
    if (!(await client.metadata(0)).brokers.has(standstillId)) return;
    await new Promise((wake) => setTimeout(wake, lookEveryMs));
  }
  throw new Error(`broker ${standstillId} is not missed`);
}

function openWitness(address: string): KafkaClient {
  const [host = '', port] = address.split(':');
  return new KafkaClient(nodeWorld(), { bootstrap: [{ host, port: Number(port) }], clientId: 'interop-witness' });
}

function thaw({ brokerPid }: Surroundings): void {
  const pid = brokerPid(standstillId);
  if (pid !== null) process.kill(pid, 'SIGCONT');
}

function faultOf(shell: ToolShell, step: AdminStep): Promise<string | null> {
  return step.isAwaited === true ? faultOfAwaited(shell, step) : faultOfStep(shell, step);
}

async function faultOfAwaited(shell: ToolShell, step: AdminStep): Promise<string | null> {
  for (let look = 1; ; look++) {
    const fault = await faultOfStep(shell, step);
    if (fault === null || look === maxLooks) return fault;
    await new Promise((wake) => setTimeout(wake, lookEveryMs));
  }
}

async function writeRecords(surroundings: Surroundings): Promise<void> {
  const client = await openOwnClient(surroundings);
  if ('absent' in client) return;
  await client.write([{ topic: 'admin', codec: 'lz4', records: makeCorpus(recordCount) }]);
}

async function faultOfStep(shell: ToolShell, { args, says, saysNot = [], fails = false }: AdminStep): Promise<string | null> {
  const { output, isFine } = await shell.run(args);
  if (isFine === fails) return `it ${isFine ? 'succeeded' : 'failed'}: ${output.slice(0, 900)}`;
  const missing = says.find((pattern) => !pattern.test(output));
  if (missing !== undefined) return `${missing} is missing in ${output.slice(-900)}`;
  const unwanted = saysNot.find((pattern) => pattern.test(output));
  return unwanted === undefined ? null : `${unwanted} should not be in ${output.slice(-900)}`;
}

async function checkFiles(shell: ToolShell, data: string, report: Report): Promise<void> {
  const filesOf = (directory: string, ending: string): string[] =>
    readdirSync(directory)
      .filter((name) => name.endsWith(ending))
      .map((name) => join(directory, name));
  const metadata = filesOf(join(data, 'broker-1', '__cluster_metadata-0'), '.log');
  const kept = ['broker-1', 'broker-2', 'broker-3'].flatMap((broker) =>
    readdirSync(join(data, broker))
      .filter((name) => name.startsWith('admin-kept-') || name.startsWith('__consumer_offsets-'))
      .map((name) => join(data, broker, name)),
  );
  const complaints = /isvalid: false|mismatch|corrupt|exception|non-?consecutive|out of order|Could not/i;
  const dump = (name: string, args: readonly string[], says: readonly RegExp[]): Promise<void> =>
    faultOfStep(shell, { name, args: ['DumpLogSegments', ...args], says, saysNot: [complaints] }).then((fault) => {
      report.check(subject, name, fault);
    });
  await dump(
    'DumpLogSegments decodes the metadata log',
    ['--cluster-metadata-decoder', '--files', metadata.join(',')],
    [/"type":"REGISTER_BROKER_RECORD"/, /"type":"TOPIC_RECORD"/, /"type":"PARTITION_RECORD"/],
  );
  await dump(
    'DumpLogSegments decodes who votes, and who came and went',
    ['--cluster-metadata-decoder', '--files', metadata.join(',')],
    [
      /KRaftVersion \{"version":0,"kRaftVersion":1\}/,
      /KRaftVoters \{.*"voterId":3,"voterDirectoryId":"[\w-]{22}"/,
      /KRaftVoters \{.*"voterId":4,/,
    ],
  );
  const logs = kept.filter((path) => path.includes('admin-kept-')).flatMap((path) => filesOf(path, '.log'));
  await dump('DumpLogSegments reads a topic', ['--deep-iteration', '--files', logs.join(',')], [/isvalid: true/, /compresscodec: lz4/]);
  const indexes = kept
    .flatMap((path) => [...filesOf(path, '.index'), ...filesOf(path, '.timeindex')])
    .filter((path) => path.includes('admin-kept-'));
  await dump('DumpLogSegments finds the indexes in order', ['--index-sanity-check', '--files', indexes.join(',')], [/passed sanity check/]);
  const offsets = kept.filter((path) => path.includes('__consumer_offsets-')).flatMap((path) => filesOf(path, '.log'));
  await dump(
    'DumpLogSegments decodes __consumer_offsets',
    ['--offsets-decoder', '--deep-iteration', '--files', offsets.join(',')],
    [/"group":"admin-kept-group"/, /"topic":"admin-kept"/],
  );
}
