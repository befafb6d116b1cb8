// Real broker processes for tests: a few nodes on free ports, in a directory of their own, killed for certain when the
// test file ends. They are started exactly as the supervisor starts them, command line and IPC channel included.

import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerMessage, BrokerMetrics, ParentMessage } from '#engine/trace/process-link.ts';
import type { TraceEvent } from '#engine/trace/events.ts';

const brokerMain = process.env['LOGARIUM_BROKER_MAIN'] ?? join(import.meta.dirname, '..', 'broker', 'main.ts');
const host = '127.0.0.1';
const startLimitMs = 60_000;
/**
 * Below where the system takes the ports of outgoing connections from: one of those must not sit where a broker comes back to.
 * Wide enough for several runs at once; a taken port is passed over.
 */
const firstPort = 31_010;
const lastPort = 31_989;

export interface TestBroker {
  readonly brokerId: number;
  readonly port: number;
  readonly pid: number;
  /** Everything it said on stderr, one JSON object a line. */
  readonly logLines: readonly LogLine[];
  readonly facts: readonly TraceEvent[];
  readonly latestMetrics: () => BrokerMetrics | null;
  readonly isRunning: () => boolean;
  send(message: ParentMessage): void;
}

export interface LogLine {
  readonly event: string;
  readonly level: string;
  readonly reason?: string;
  readonly [field: string]: unknown;
}

export interface TestCluster {
  readonly bootstrap: readonly string[];
  /** Where each node listens for the metadata quorum. */
  readonly controllers: readonly { readonly host: string; readonly port: number }[];
  readonly brokers: readonly TestBroker[];
  readonly directory: string;
  /** SIGKILL, and wait until it is gone. */
  kill(brokerId: number): Promise<void>;
  /** As the supervisor stops: the message, then the wait. Answers the exit code. */
  stop(brokerId: number): Promise<number | null>;
  /** Starts a broker again on its port and directory. */
  restart(brokerId: number): Promise<void>;
  /** Kills what runs and removes the directory. */
  close(): Promise<void>;
}

interface Member {
  readonly brokerId: number;
  readonly port: number;
  readonly args: readonly string[];
  readonly execPath: string;
  child: ChildProcess;
  readonly logLines: LogLine[];
  readonly facts: TraceEvent[];
  metrics: BrokerMetrics | null;
  exit: Promise<number | null>;
}

export interface ClusterOptions {
  readonly brokers: 1 | 3 | 4;
  /** How many of them, the first ones, vote from the beginning; all by default. The others have a controller's listener too. */
  readonly voters?: number;
  /** 1 by default, as the supervisor has it. */
  readonly kraftVersion?: 0 | 1;
  readonly settings?: Readonly<Record<string, string>>;
  /** What each broker may open: `ulimit -n`. As many as this process by default. */
  readonly descriptors?: number;
  /** Of one broker, on top of those. */
  readonly settingsOf?: (brokerId: number) => Readonly<Record<string, string>>;
}

export async function startCluster(options: ClusterOptions): Promise<TestCluster> {
  const { brokers, voters = brokers, kraftVersion = 1, settings = {}, settingsOf, descriptors } = options;
  const directory = mkdtempSync(join(tmpdir(), 'logarium-conformance-'));
  const ports = await freePorts(2 * brokers);
  const controllerPorts = ports.slice(brokers);
  const execPath = descriptors === undefined ? process.execPath : limitedNode(directory, descriptors);
  const members: Member[] = [];
  for (let brokerId = 1; brokerId <= brokers; brokerId += 1) {
    const port = ports[brokerId - 1] as number;
    const own = { ...settings, ...settingsOf?.(brokerId) };
    members.push(createMember({ brokerId, port, controllerPorts, voters, kraftVersion, directory, settings: own, execPath }));
  }
  // Whatever ends the test process takes its brokers along: they notice the closed channel, this is for those that can't.
  const killAll = (): void => {
    for (const member of members) member.child.kill('SIGKILL');
  };
  process.once('exit', killAll);
  await Promise.all(members.map(whenReady));
  return toCluster(members, { directory, controllerPorts, killAll });
}

interface MemberPlan {
  readonly brokerId: number;
  readonly port: number;
  /** One a broker. */
  readonly controllerPorts: readonly number[];
  readonly voters: number;
  readonly kraftVersion: number;
  readonly directory: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly execPath: string;
}

/** A Node that begins with a limit on open files; it raises the soft limit to the hard one itself, so both are set. */
function limitedNode(directory: string, descriptors: number): string {
  const path = join(directory, 'limited-node');
  writeFileSync(path, `#!/bin/sh\nulimit -n ${descriptors}\nexec '${process.execPath}' "$@"\n`, { mode: 0o755 });
  return path;
}

function createMember({ brokerId, port, controllerPorts, voters, kraftVersion, directory, settings, execPath }: MemberPlan): Member {
  const args = [
    '--node-id',
    String(brokerId),
    '--roles',
    'broker,controller',
    '--host',
    host,
    '--port',
    String(port),
    '--controller-port',
    String(controllerPorts[brokerId - 1]),
    '--voters',
    controllerPorts
      .slice(0, voters)
      .map((controllerPort, index) => `${index + 1}@${host}:${controllerPort}`)
      .join(','),
    '--kraft-version',
    String(kraftVersion),
    '--data',
    join(directory, `broker-${brokerId}`),
    '--cluster-id',
    'conformance-test-00000',
    // Tests have no three seconds to wait for members that won't come.
    ...Object.entries({ 'group.initial.rebalance.delay.ms': '0', ...settings }).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
  ];
  const member = { brokerId, port, args, execPath, logLines: [], facts: [], metrics: null } as unknown as Member;
  spawn(member);
  return member;
}

function spawn(member: Member): void {
  const child = fork(brokerMain, member.args, {
    execPath: member.execPath,
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'logarium-test-compile-cache') },
  });
  member.child = child;
  member.exit = new Promise((resolve) => {
    child.once('exit', (code) => {
      resolve(code);
    });
  });
  readLines(child, (line) => {
    member.logLines.push(line);
  });
  child.on('message', (message: BrokerMessage) => {
    if (message.type === 'trace') member.facts.push(...message.events);
    if (message.type === 'metrics') member.metrics = message.metrics;
  });
}

function readLines(child: ChildProcess, take: (line: LogLine) => void): void {
  let rest = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(toLogLine(line));
  });
}

/** A line that isn't JSON is the runtime's own last word; tests want to see it. */
function toLogLine(line: string): LogLine {
  return line.startsWith('{') ? (JSON.parse(line) as LogLine) : { event: 'raw', level: 'error', reason: line };
}

async function whenReady(member: Member): Promise<void> {
  const { child } = member;
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => {
      reject(new Error(`broker ${member.brokerId} ${why}: ${JSON.stringify(member.logLines.slice(-5))}`));
    };
    const timer = setTimeout(() => {
      fail(`was not ready within ${startLimitMs} ms`);
    }, startLimitMs);
    child.on('message', (message: BrokerMessage) => {
      if (message.type !== 'ready') return;
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code} before it was ready`);
    });
  });
}

function toCluster(
  members: readonly Member[],
  {
    directory,
    controllerPorts,
    killAll,
  }: { readonly directory: string; readonly controllerPorts: readonly number[]; readonly killAll: () => void },
): TestCluster {
  const find = (brokerId: number): Member => members[brokerId - 1] as Member;
  return {
    bootstrap: members.map(({ port }) => `${host}:${port}`),
    controllers: controllerPorts.map((port) => ({ host, port })),
    brokers: members.map(toTestBroker),
    directory,
    async kill(brokerId) {
      find(brokerId).child.kill('SIGKILL');
      await find(brokerId).exit;
    },
    async stop(brokerId) {
      find(brokerId).child.send({ type: 'stop' });
      return find(brokerId).exit;
    },
    async restart(brokerId) {
      spawn(find(brokerId));
      await whenReady(find(brokerId));
    },
    async close() {
      killAll();
      process.off('exit', killAll);
      await Promise.all(members.map((member) => member.exit));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function toTestBroker(member: Member): TestBroker {
  return {
    brokerId: member.brokerId,
    port: member.port,
    get pid() {
      return member.child.pid ?? -1;
    },
    logLines: member.logLines,
    facts: member.facts,
    latestMetrics: () => member.metrics,
    isRunning: () => member.child.exitCode === null && member.child.signalCode === null,
    send: (message) => {
      member.child.send(message);
    },
  };
}

async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  const start = firstPort + Math.floor(Math.random() * (lastPort - firstPort));
  for (let step = 0; ports.length < count && step <= lastPort - firstPort; step += 1) {
    const port = firstPort + ((start - firstPort + step) % (lastPort - firstPort + 1));
    if (await isFree(port)) ports.push(port);
  }
  if (ports.length < count) throw new Error(`no ${count} free ports between ${firstPort} and ${lastPort}`);
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen({ host, port }, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}
