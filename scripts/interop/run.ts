// `node scripts/interop/run.ts [--records 10000] [--port 23500] [--only id,id] [--no-table]`: starts a cluster of three brokers and
// lets every Kafka client on this machine write the same records in every codec it has, and read what all of them wrote. Contents
// are compared byte for byte. Then come the introduction's example and Apache Kafka's own tools. Writes docs/conformance.md; exits
// non-zero when anything differs. What isn't installed is skipped, and said.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ClusterProcess } from '../crash/cluster-process.ts';
import { checkAdminTools, checkStoredFiles } from './admin-tools.ts';
import type { Surroundings } from './client.ts';
import { openClients } from './clients/index.ts';
import { checkIntroduction } from './introduction.ts';
import { runMatrix } from './matrix.ts';
import { Report } from './report.ts';
import { writeTable } from './table.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '10000' },
    port: { type: 'string', default: '23500' },
    only: { type: 'string' },
    'no-table': { type: 'boolean' },
    'kafka-tool': { type: 'string' },
  },
});
const places = [
  values['kafka-tool'],
  process.env['LOGARIUM_KAFKA_TOOL'],
  join(import.meta.dirname, '..', '..', '..', 'shared', 'tools', 'apache-kafka'),
];
const kafkaTool = places.find((place) => place !== undefined && existsSync(place)) ?? null;
const directory = mkdtempSync(join(tmpdir(), 'logarium-interop-'));
// The corpus carries times of years ago; with Kafka's seven days its segments would be gone before the last reader came.
process.env['LOGARIUM_SET'] = 'log.retention.ms=-1';
const cluster = new ClusterProcess({ data: join(directory, 'data'), port: Number(values.port), brokers: 3 });
const report = new Report();

try {
  await cluster.start();
  const surroundings: Surroundings = { bootstrap: cluster.bootstrap, directory, kafkaTool, brokerPid: (id) => cluster.brokerPid(id) };
  const only = values.only?.split(',');
  const clients = (await openClients(surroundings)).filter(({ id }) => only === undefined || only.includes(id));
  await runMatrix(clients, { surroundings, report, recordCount: Number(values.records) });
  if (only === undefined || only.includes('introduction')) await checkIntroduction(surroundings, report);
  if (only === undefined || only.includes('admin')) await checkAdminTools(surroundings, report);
  const pids = [1, 2, 3].map((brokerId) => cluster.brokerPid(brokerId));
  report.check('cluster', 'all three brokers are still running', pids.every(isAlive) ? null : `pids ${pids.join(', ')}`);
  await cluster.stop();
  if (only === undefined || only.includes('admin')) await checkStoredFiles(surroundings, report);
  if (only === undefined && values['no-table'] !== true) writeTable(clients, report, Number(values.records));
} finally {
  await cluster.stop();
  rmSync(directory, { recursive: true, force: true });
}

console.log(report.closingLine());
process.exit(report.failed === 0 ? 0 : 1);

function isAlive(pid: number | null): boolean {
  return pid !== null && existsSync(`/proc/${pid}`);
}
