// Walks the browser journey on the real Apache Kafka: for each version, starts it on free ports, lets the console attach
// it and do everything it does on our own cluster, and stops it. The console under test is the built one.
//   node scripts/external-journey.ts <path of the apache-kafka tool> [version ...]

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from './find-browser.mjs';
import { buildBroker, buildConsole, builtBroker, generateDatabaseClient, ownEnvironment, ownNode, root } from './set-up.mjs';
import { addCounts, closingLine, countPlaywright } from './test-counts.mjs';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The newest, and the last that people still run with ZooKeeper. */
const versions = process.argv.length > 3 ? process.argv.slice(3) : ['4.3.1', '2.8.2'];
const tool = process.argv[2];
if (tool === undefined) {
  process.stderr.write('usage: node scripts/external-journey.ts <path of the apache-kafka tool> [version ...]\n');
  process.exit(2);
}
const startMs = 180_000;
const journeyMs = 600_000;

function isFree(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const server = createServer();
    server.once('error', () => settle(false));
    server.listen(port, '127.0.0.1', () => server.close(() => settle(true)));
  });
}

/** The tool takes the ports beside the one it is given: the controller's, and ZooKeeper's for the old versions. */
async function freePort(): Promise<number> {
  for (let port = 44_200; port < 44_900; port += 50) {
    if ((await Promise.all([port - 1, port, port + 1].map(isFree))).every(Boolean)) return port;
  }
  throw new Error('no free port for Apache Kafka');
}

function runTool(version: string, args: readonly string[]): string {
  const outcome = spawnSync(tool!, args, {
    env: { ...process.env, KAFKA_VERSION: version },
    encoding: 'utf8',
    timeout: startMs,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (outcome.status !== 0) throw new Error(`${args.join(' ')} ended with ${outcome.signal ?? outcome.status}`);
  return outcome.stdout;
}

function bootstrapIn(output: string): string {
  const found = output.match(/127\.0\.0\.1:\d+(?:,127\.0\.0\.1:\d+)*/g)?.at(-1);
  if (found === undefined) throw new Error(`no bootstrap address in what the tool printed:\n${output}`);
  return found;
}

function browse(version: string, bootstrap: string): Counts {
  const report = join(root, 'artefacts', 'reports', `external-${version}.json`);
  mkdirSync(join(root, 'artefacts', 'reports'), { recursive: true });
  rmSync(report, { force: true });
  const env = ownEnvironment({
    LOGARIUM_E2E_EXTERNAL: bootstrap,
    LOGARIUM_BROWSER: findBrowser(),
    LOGARIUM_BROKER_MAIN: builtBroker,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  const outcome = spawnSync(
    ownNode,
    ['node_modules/@playwright/test/cli.js', 'test', '--config', 'playwright.external.config.ts', '--reporter=list,json'],
    { cwd: root, stdio: 'inherit', env, timeout: journeyMs },
  );
  const counts: Counts = countPlaywright(JSON.parse(readFileSync(report, 'utf8')));
  return { ...counts, failed: Math.max(counts.failed, outcome.status === 0 ? 0 : 1) };
}

async function journeyOn(version: string): Promise<Counts> {
  const data = mkdtempSync(join(tmpdir(), `apache-kafka-${version}-`));
  console.log(`\nApache Kafka ${version}`);
  try {
    runTool(version, ['install']);
    const bootstrap = bootstrapIn(runTool(version, ['start', '--data', data, '--port', String(await freePort())]));
    return browse(version, bootstrap);
  } catch (error) {
    console.error(`Apache Kafka ${version}: ${error instanceof Error ? error.message : String(error)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    spawnSync(tool!, ['stop', '--data', data], { env: { ...process.env, KAFKA_VERSION: version }, stdio: 'ignore', timeout: startMs });
    rmSync(data, { recursive: true, force: true });
  }
}

generateDatabaseClient();
buildBroker();
buildConsole();
let total: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const version of versions) total = addCounts(total, await journeyOn(version));
console.log(closingLine(total));
process.exit(total.failed === 0 ? 0 : 1);
