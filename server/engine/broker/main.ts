// The process of one broker: command line, signals, the link to the parent, and the last word when something breaks.
// Together with world/node this is the only place in the engine that touches Node's process.
// Invariant: the process ends in order (exit 0) or says why it could not go on (a log line, a message to the parent, exit 1).

import { readFileSync, writeSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import type { BrokerMessage, ParentMessage } from '#engine/trace/process-link.ts';
import type { BrokerLog } from './broker-log.ts';
import type { CommandLine } from './command-line.ts';
import type { RunningBroker } from './start.ts';
import type { ProcessFigures } from './telemetry.ts';

/** Stopping takes longer than this only when something hangs; then the process ends anyway, and says so. */
const maxStopMs = 20_000;

const stderrDescriptor = 2;

/**
 * How far V8 lets the old generation grow beyond what was alive at the last full collection. Its own choice is up to four times
 * as much, which pays where programs make old garbage; a broker makes hardly any, it would only keep what its start left behind.
 */
const heapGrowthPercent = 20;
setFlagsFromString(`--heap-growing-percent=${heapGrowthPercent}`);

// Stripped and compiled code is kept between runs, which saves most of the time and a third of the memory of a start.
// It only works for what is imported from here on, hence the imports that aren't at the top.
enableCompileCache();
const { shareDescriptors } = await import('#engine/world/descriptors/descriptor-shares.ts');
const { pooledFiles } = await import('#engine/world/descriptors/pooled-files.ts');
const { faultyWorld } = await import('#engine/world/faulty/faulty-world.ts');
const { nodeWorld } = await import('#engine/world/node/node-world.ts');
const { openFileCount, openFilesLimit } = await import('#engine/world/node/open-files.ts');
const { createBrokerLog } = await import('./broker-log.ts');
const { parseCommandLine } = await import('./command-line.ts');
const { heapShortageOf } = await import('./heap-need.ts');
const { startBroker } = await import('./start.ts');
const { describeStartFailure } = await import('./start-failure.ts');

// Only a parent can ask for faults: a broker that was started by hand has the plain world.
const { world: plainWorld, setFaults } = process.connected ? faultyWorld(nodeWorld()) : { world: nodeWorld(), setFaults: () => undefined };
const descriptorLimit = openFilesLimit();
let log: BrokerLog = createLog({ brokerId: -1, minLevel: 'info' });
let running: RunningBroker | undefined;
let isEnding = false;

process.on('uncaughtException', (error) => {
  die('a failed assertion or an unexpected error', error);
});
process.on('unhandledRejection', (error) => {
  die('an unexpected rejection', error);
});
process.on('SIGTERM', () => {
  void stop('SIGTERM');
});
process.on('SIGINT', () => {
  void stop('SIGINT');
});
// A parent that is gone can't ask us to stop: an orphaned broker would keep its port and its directory.
process.on('disconnect', () => {
  void stop('the parent process is gone');
});
process.on('message', (message: ParentMessage) => {
  if (message.type === 'stop') void stop('asked by the parent');
  else if (message.type === 'trace') running?.traceRecords(message.records);
  else if (message.type === 'ask') send({ type: 'answer', askId: message.askId, answer: running?.tellOf(message.question) ?? null });
  else {
    setFaults(message.settings);
    running?.dropNext(message.drops);
  }
});

await start();

async function start(): Promise<void> {
  try {
    const commandLine = parseCommandLine(process.argv.slice(2), (path) => readFileSync(path, 'utf8'));
    log = createLog({ brokerId: commandLine.config.nodeId, minLevel: commandLine.logLevel });
    const shortage = heapShortageOf(getHeapStatistics().heap_size_limit, commandLine.config.get('logarium.max.partitions.per.broker'));
    if (shortage !== null) log.warn('heap-too-small', { ...shortage });
    const descriptors = shareDescriptors(descriptorLimit);
    running = await startBroker({
      world: { ...plainWorld, files: pooledFiles(plainWorld.files, descriptors).files },
      log,
      config: commandLine.config,
      processId: process.pid,
      startedAtUs: plainWorld.clock.monotonicUs() - Math.round(process.uptime() * 1_000_000),
      send,
      takeProcessFigures: createProcessFigures(),
      maxConnections: { broker: descriptors.clients, controller: descriptors.peers },
      onFatal: (reason, advice) => {
        end({ type: 'fatal', reason, advice }, 'fatal', { reason, advice });
      },
    });
  } catch (error) {
    const failure = describeStartFailure(error);
    end({ type: 'fatal', ...failure }, 'start-failed', { reason: failure.reason, advice: failure.advice });
  }
}

async function stop(reason: string): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  setTimeout(() => {
    process.exit(1);
  }, maxStopMs).unref();
  await running?.stop(reason);
  await sendLast({ type: 'stopped' });
  process.exit(0);
}

/** Nothing can be trusted any more: no ordered stop, the next start recovers what lies on disk. */
function die(what: string, error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error ?? '');
  const reason = error instanceof Error ? `${what}: ${error.message}` : what;
  end({ type: 'fatal', reason, advice: null }, 'fatal', { reason, stack });
}

function end(message: BrokerMessage, event: string, fields: Readonly<Record<string, string | null>>): void {
  if (isEnding && event !== 'fatal') return;
  isEnding = true;
  process.exitCode = 1;
  log.error(event, fields);
  // Why it ends was told as a fact too, a moment ago.
  running?.flushTrace();
  void sendLast(message).then(() => {
    process.exit(1);
  });
}

function send(message: BrokerMessage): void {
  // A parent that is going away closes the channel under us; 'disconnect' is what tells us then.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/** Waits until the message has left this process, or can't. */
function sendLast(message: BrokerMessage): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || process.send === undefined) resolve();
    else
      process.send(message, undefined, undefined, () => {
        resolve();
      });
  });
}

function createLog(options: { readonly brokerId: number; readonly minLevel: CommandLine['logLevel'] }): BrokerLog {
  // Written synchronously: the line that says why a process died must not die with it.
  return createBrokerLog({ ...options, nowMs: () => Date.now(), write: writeLine });
}

function writeLine(line: string): void {
  try {
    writeSync(stderrDescriptor, line);
  } catch {
    // Nobody reads our log any more (a closed pipe, or a full one that doesn't block). There is no other place to say so.
  }
}

function createProcessFigures(): () => ProcessFigures {
  let utilization = performance.eventLoopUtilization();
  let cpu = process.cpuUsage();
  let atUs = plainWorld.clock.monotonicUs();
  return () => {
    const latest = performance.eventLoopUtilization();
    const spent = process.cpuUsage(cpu);
    const nowUs = plainWorld.clock.monotonicUs();
    const figures = {
      idleRatio: 1 - performance.eventLoopUtilization(latest, utilization).utilization,
      cpuRatio: (spent.user + spent.system) / Math.max(1, nowUs - atUs),
      residentBytes: process.memoryUsage.rss(),
      openFiles: openFileCount(),
      openFilesLimit: descriptorLimit,
    };
    utilization = latest;
    cpu = process.cpuUsage();
    atUs = nowUs;
    return figures;
  };
}
