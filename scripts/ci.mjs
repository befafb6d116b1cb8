// What `.ci/run` does, step by step. A step's counts come from its own closing line or report; a step that can't say how
// much it ran counts as one. Every step is bounded in time.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addCounts, closingLine, failureLines, parseClosingLine, parseSkips, parseVitest } from './test-counts.mjs';
import { builtBroker, ownEnvironment, ownNode, root } from './set-up.mjs';

const minute = 60_000;
/** The whole run ends well before the 90 minutes that it may take: what doesn't fit any more is skipped, and says so. */
const budgetMs = 80 * minute;
const leastUsefulMs = 2 * minute;
const begunMs = Date.now();
const kafkaTool = [process.env.LOGARIUM_KAFKA_TOOL, join(root, '..', 'shared', 'tools', 'apache-kafka')].find(
  (place) => place && existsSync(place),
);
/** What failed is told again at the end of the log, which is where it is looked at first. */
const failedSteps = [];
/** And what did not run, with its reason. */
const skips = [];
const aptPackages = ['chromium', 'kcat', 'python3-kafka', 'python3-venv'];

function installed(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

function installFromDebian() {
  if (!installed('apt-get') || process.getuid?.() !== 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env, timeout: 5 * minute });
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...aptPackages], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
    timeout: 10 * minute,
  });
}

/** Runs one step; its output is shown, and its closing line, when it has one, is its count. */
function runStep({ name, command, args, env = {}, minutes }) {
  const leftMs = budgetMs - (Date.now() - begunMs);
  if (leftMs < leastUsefulMs) return skipStep(name, 'the time of this run is used up');
  console.log(`\n==== ${name}`);
  const startedMs = Date.now();
  const outcome = spawnSync(command, args, {
    cwd: root,
    env: ownEnvironment(env),
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    timeout: Math.min(minutes * minute, leftMs),
    maxBuffer: 256 * 1024 * 1024,
    killSignal: 'SIGKILL',
  });
  process.stdout.write(outcome.stdout ?? '');
  if (outcome.error?.code === 'ETIMEDOUT' && leftMs < minutes * minute)
    return skipStep(name, 'it did not end in the time that this run had left');
  const isFine = outcome.status === 0;
  const counts = parseClosingLine(outcome.stdout ?? '') ??
    parseVitest(outcome.stdout ?? '') ?? { passed: isFine ? 1 : 0, failed: 0, skipped: 0 };
  const failed = isFine ? counts.failed : Math.max(1, counts.failed);
  console.log(
    `==== ${name}: ${isFine ? 'passed' : `FAILED (${outcome.error?.message ?? outcome.signal ?? `exit code ${outcome.status}`})`} in ${Math.round((Date.now() - startedMs) / 1_000)} s`,
  );
  if (failed > 0) failedSteps.push({ name, lines: failureLines(outcome.stdout ?? '') });
  skips.push(...parseSkips(outcome.stdout ?? ''));
  return { ...counts, failed };
}

function skipStep(name, why) {
  console.log(`\n==== ${name}: skipped, ${why}`);
  skips.push(`skipped: ${name}: ${why}`);
  return { passed: 0, failed: 0, skipped: 1 };
}

const script = (file, ...args) => ({ command: ownNode, args: ['--disable-warning=ExperimentalWarning', file, ...args] });
const withKafka = (step) =>
  kafkaTool === undefined ? skipStep(step.name, 'the real Apache Kafka is not on this machine (set LOGARIUM_KAFKA_TOOL)') : runStep(step);

installFromDebian();
const bundle = { LOGARIUM_BROKER_MAIN: builtBroker };
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default'];
const steps = [
  () => runStep({ name: 'npm test', command: 'npm', args: ['test', '--silent'], minutes: 70 }),
  () =>
    runStep({
      name: 'types, lint, format, doors, dead code',
      command: ownNode,
      args: ['scripts/check.mjs', '--without-tests'],
      minutes: 20,
    }),
  () =>
    runStep({
      // Seeds that no run before had; those that failed once are among the tests.
      name: 'simulated worlds from fresh seeds',
      ...script('server/engine/sim/run.ts', '--scenario', 'all', '--seed', 'fresh', '--count', '8', '--seconds', '30'),
      minutes: 20,
    }),
  () => runStep({ name: 'twenty crashes under load', ...script('scripts/crash-rounds.ts', '--rounds', '20'), env: bundle, minutes: 25 }),
  () => runStep({ name: 'every fault of the lab', ...script('scripts/chaos.ts', '--sweep', '--seed', '1'), env: bundle, minutes: 10 }),
  () =>
    runStep({
      name: 'leaders killed, frozen and cut off',
      ...script('scripts/leader-faults.ts', '--mode', 'all', '--rounds', '4', '--hold', '5000'),
      env: bundle,
      minutes: 10,
    }),
  () =>
    runStep({
      name: 'round trips of real clients',
      ...script('scripts/interop/run.ts'),
      env: { ...bundle, LOGARIUM_KAFKA_TOOL: kafkaTool ?? '' },
      minutes: 25,
    }),
  () => withKafka({ name: "Kafka's dump tool reads our files", ...script('scripts/check-dump-log.ts', kafkaTool), minutes: 20 }),
  () =>
    withKafka({
      name: 'the adapter on Apache Kafka',
      command: ownNode,
      args: [...vitest, '--project', 'real-kafka'],
      env: { LOGARIUM_KAFKA_TOOL: kafkaTool, LOGARIUM_KAFKA_VERSIONS: '4.3.1,2.8.2' },
      minutes: 25,
    }),
  () =>
    withKafka({
      name: 'the browser journey on Apache Kafka',
      ...script('scripts/external-journey.ts', kafkaTool),
      env: bundle,
      minutes: 25,
    }),
];
const total = addCounts(...steps.map((step) => step()));
for (const line of skips) console.log(line);
for (const { name, lines } of failedSteps) console.log(`\n==== ${name} failed:\n${lines.join('\n')}`);
console.log(`\n${closingLine(total)}`);
process.exit(total.failed === 0 ? 0 : 1);
