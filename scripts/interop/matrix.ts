// Every client writes, then every client reads what all of them wrote.

import { KafkaClient } from '#engine/client/kafka-client.ts';
import { createTopicsApi } from '#engine/protocol/apis/19-create-topics.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import type { InteropClient, Opened, ReadJob, Surroundings, WriteJob } from './client.ts';
import { makeCorpus } from './corpus.ts';
import { differenceOf, expectedLines } from './record-lines.ts';
import { faultOf, type Report } from './report.ts';

export interface MatrixOptions {
  readonly surroundings: Surroundings;
  readonly report: Report;
  readonly recordCount: number;
}

interface Written extends WriteJob {
  readonly writer: InteropClient;
}

export async function runMatrix(opened: readonly Opened[], { surroundings, report, recordCount }: MatrixOptions): Promise<void> {
  const corpus = makeCorpus(recordCount);
  const clients = opened.filter((one): one is InteropClient => !('absent' in one));
  for (const one of opened) if ('absent' in one) report.skip(one.id, one.absent);
  const jobs = clients.flatMap((writer): Written[] => {
    const records = writer.asWritten(corpus);
    return writer.writes.map((codec) => ({ writer, codec, records, topic: `interop.${writer.id}.${codec}` }));
  });
  await createTopics(surroundings, jobs);
  const written: Written[] = [];
  for (const client of clients)
    written.push(
      ...(await writeAll(
        client,
        jobs.filter(({ writer }) => writer === client),
        report,
      )),
    );
  for (const client of clients) await readAll(client, written, report);
}

async function createTopics({ bootstrap }: Surroundings, jobs: readonly Written[]): Promise<void> {
  const [host, port] = bootstrap[0]!.split(':') as [string, string];
  const client = new KafkaClient(nodeWorld(), { bootstrap: [{ host, port: Number(port) }], clientId: 'interop' });
  const answer = await client.toController(createTopicsApi, {
    topics: jobs.map(({ topic, writer }) => ({
      name: topic,
      numPartitions: writer.partitions,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    })),
    timeoutMs: 30_000,
    validateOnly: false,
  });
  client.close();
  const refused = answer.topics.find(({ errorCode }) => errorCode !== 0);
  if (refused !== undefined) throw new Error(`topic ${refused.name} was not created: error ${refused.errorCode}`);
}

async function writeAll(client: InteropClient, jobs: readonly Written[], report: Report): Promise<readonly Written[]> {
  const startedMs = Date.now();
  const fault = await faultOf(() => client.write(jobs));
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  report.check(
    client.id,
    `writes ${jobs[0]?.records.length} records in each of ${jobs.map(({ codec }) => codec).join(', ')} (${seconds} s)`,
    fault,
  );
  return fault === null ? jobs : [];
}

async function readAll(reader: InteropClient, written: readonly Written[], report: Report): Promise<void> {
  const asked = written.map((one) => ({
    one,
    job: { topic: one.topic, count: one.records.length, writer: one.writer.id, codec: one.codec } satisfies ReadJob,
  }));
  const wanted = asked.filter(({ job }) => reader.reads.includes(job.codec) && (reader.wantsToRead?.(job) ?? true));
  const startedMs = Date.now();
  let found: ReadonlyMap<string, readonly string[]> = new Map();
  const fault = await faultOf(async () => {
    found = await reader.read(wanted.map(({ job }) => job));
  });
  report.check(reader.id, `reads ${wanted.length} topics to their end (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`, fault);
  if (fault !== null) return;
  for (const { one, job } of wanted) {
    const difference = differenceOf(expectedLines(one.records.map(reader.asRead)), found.get(job.topic) ?? []);
    report.check(reader.id, `reads what ${job.writer} wrote, ${job.codec}`, difference);
  }
}
