// Puts the parts together: the brokers, the demo traffic, the console and the control socket of one data directory.
// Starts in that order, stops in the reverse one. Decides nothing itself.

import { join } from 'node:path';
import { formatHost, formatHostPort } from '#engine/base/host-port.ts';
import type { HostPort } from '#engine/broker/listeners.ts';
import { migrateDatabase } from '../db/migrate.ts';
import { BrokerFleet } from './broker-fleet.ts';
import { SupervisedChild, type ProcessListener } from './child.ts';
import { ControlSocket, requireNoSupervisor } from './control-socket.ts';
import {
  brokerDirectory,
  brokerPidFile,
  claimDataDirectory,
  makeDataDirectory,
  readDataDirectory,
  unclaimDataDirectory,
  type DataDirectory,
} from './data-directory.ts';
import { DemoTraffic } from './demo/demo-traffic.ts';
import { checkEveryMs, findDirectory } from './directory-watch.ts';
import {
  parseConsoleMessage,
  type BrokerMessage,
  type ControlPush,
  type ControlRequest,
  type SupervisorStatus,
  type TraceEvent,
} from './ipc.ts';
import { Lab } from './lab.ts';
import type { LabEvent, LabStatus } from './lab-messages.ts';
import type { ClusterOptions } from './options.ts';
import { awaitOrphan } from './orphans.ts';
import { plainLog, type Log, type ProcessLog } from './output/output.ts';
import { entryOfFact, faultWords, isNewsSince } from './output/news.ts';
import { portsOf, requireDistinctPorts, requireFreePorts } from './ports-free.ts';
import { StartRefused } from './refusal.ts';
import { startLines } from './start-lines.ts';
import { unreachableAddresses } from './reachability.ts';
import { controlSocketPath } from './socket-path.ts';

const consoleMain = join(import.meta.dirname, 'console-process.ts');

export interface StartContext {
  readonly signal?: AbortSignal;
  readonly log?: Log;
  /** Before anything is started: from here on it can be stopped. */
  readonly onCreated?: (supervisor: Supervisor) => void;
  /** Hears of every process below: each ends by itself when we are killed, but takes its time. */
  readonly processes?: ProcessListener;
  /** The data directory is gone, so that nothing can be kept: whoever started this should stop it. */
  readonly onLost?: () => void;
}

const noListener: ProcessListener = { onSpawn: () => {}, onEnd: () => {} };
const neverAborted = new AbortController().signal;

export class Supervisor {
  readonly #options: ClusterOptions;
  readonly #directory: DataDirectory;
  readonly #log: Log;
  readonly #processes: ProcessListener;
  readonly #fleet: BrokerFleet;
  readonly #demo: DemoTraffic;
  readonly #lab: Lab;
  #unreachable: readonly HostPort[] = [];
  #control: ControlSocket | null = null;
  #console: SupervisedChild | null = null;
  #isClaimed = false;
  /** Between start and stop: brokers that come, go and elect are news then, and the way of things before and after. */
  #servingSinceMs: number | null = null;
  #consoleStart: Promise<void> = Promise.resolve();
  #watch: NodeJS.Timeout | undefined;
  #stopping: Promise<void> | null = null;

  private constructor(
    options: ClusterOptions,
    directory: DataDirectory,
    { log, processes }: Required<Pick<StartContext, 'log' | 'processes'>>,
  ) {
    this.#options = options;
    this.#log = log;
    this.#processes = processes;
    this.#directory = directory;
    this.#fleet = new BrokerFleet(options, directory, {
      onBrokerMessage: (message) => this.#onBrokerMessage(message),
      onBrokerSpawn: (brokerId) => this.#lab.onSpawn(brokerId),
      processes,
      onChange: () => this.#pushStatus(),
      log: this.#processLog(),
    });
    this.#lab = new Lab(this.#fleet.hands(), (event) => this.#onLabEvent(event));
    this.#demo = new DemoTraffic(this.#fleet.bootstrap, {
      log,
      processes,
      onChange: () => this.#control?.push({ push: 'demo', status: this.#demo.status() }),
    });
  }

  /**
   * Starts everything and resolves when clients and browsers may come. An aborted `signal` ends the start at any moment.
   * @throws StartRefused with one sentence when it can't be; then nothing runs and nothing was damaged
   */
  static async start(
    options: ClusterOptions,
    { signal = neverAborted, log = plainLog, onCreated, onLost = () => {}, processes = noListener }: StartContext = {},
  ): Promise<Supervisor> {
    await requireNoSupervisor(controlSocketPath(options.dataDirectory));
    const supervisor = new Supervisor(options, readDataDirectory(options.dataDirectory, options.brokers), { log, processes });
    await supervisor.#requireRoom(signal);
    onCreated?.(supervisor);
    try {
      signal.addEventListener('abort', () => void supervisor.stop(), { once: true });
      await supervisor.#open(signal);
      supervisor.#watchDirectory(onLost);
    } catch (error) {
      await supervisor.#giveUp();
      throw error;
    }
    return supervisor;
  }

  get bootstrap(): string {
    return this.#fleet.bootstrap;
  }

  /** What whoever starts this should know of it. */
  get remarks(): readonly string[] {
    return [this.#remarkOnVoters(), this.#remarkOnAddresses()].filter((remark) => remark !== null);
  }

  #remarkOnAddresses(): string | null {
    if (this.#unreachable.length === 0) return null;
    const addresses = this.#unreachable.map(formatHostPort).join(', ');
    return `This machine can't reach ${addresses}, where brokers and console look for each other: nothing is replicated, and the console stays empty. Give them a listener of their own: --listeners INTERNAL://127.0.0.1:9092,EXTERNAL://0.0.0.0:19092.`;
  }

  #remarkOnVoters(): string | null {
    const { brokers, voters } = this.#directory.identity;
    if (brokers < 3 || voters.length > 1) return null;
    return `The metadata quorum of ${this.#directory.path} has one voter, broker 1, as it was made: without it nothing can be created or changed. Let others vote too, on the Controller page.`;
  }

  /** Where to go, and which ports are open to the network: for whoever started this. */
  get startLines(): readonly string[] {
    const { consoleHost: host, consolePort: port, withConsole } = this.#options;
    return startLines({ brokers: this.#fleet.listeners, console: withConsole ? { host, port } : null });
  }

  status(): SupervisorStatus {
    return { clusterId: this.#directory.identity.clusterId, bootstrap: this.bootstrap, brokers: this.#fleet.status() };
  }

  /** Stops everything in order. Whoever asks again waits for the same end. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Ends every process at once and waits until they are gone: what was acknowledged lies in the files, the next start recovers it. */
  async kill(): Promise<void> {
    this.#demo.kill();
    await Promise.all([this.#console?.kill(), this.#fleet.kill()]);
  }

  async #stop(): Promise<void> {
    this.#servingSinceMs = null;
    clearInterval(this.#watch);
    await this.#console?.stop();
    this.#lab.close();
    await this.#demo.stop();
    await this.#fleet.stop();
    await this.#control?.close();
  }

  /**
   * Finds out whether everything that the start needs can be had, and writes nothing. A broker of the last run that doesn't stop by
   * itself is ended.
   */
  async #requireRoom(signal: AbortSignal): Promise<void> {
    const { path } = this.#directory;
    const ports = portsOf(this.#fleet.listeners, this.#options);
    requireDistinctPorts(ports);
    for (const { brokerId } of this.#fleet.status()) {
      const onWait = (pid: number): void => this.#log.say('info', 'waiting-for-orphan', { broker: brokerId, pid });
      const requireAlone = (): Promise<void> => requireNoSupervisor(controlSocketPath(path));
      await awaitOrphan(brokerPidFile(path, brokerId), brokerDirectory(path, brokerId), { signal, onWait, requireAlone });
    }
    await requireFreePorts(ports);
    signal.throwIfAborted();
  }

  async #open(signal: AbortSignal): Promise<void> {
    makeDataDirectory(this.#directory);
    this.#control = await ControlSocket.open(controlSocketPath(this.#directory.path), {
      answer: (request) => this.#answer(request),
      greeting: () => this.#greeting(),
      onRecordsWanted: (wanted) => this.#fleet.traceRecords(wanted),
    });
    signal.throwIfAborted();
    claimDataDirectory(this.#directory);
    this.#isClaimed = true;
    this.#log.openFile(this.#directory.path);
    if (this.#options.withConsole) this.#consoleStart = this.#startConsole();
    await Promise.all([this.#fleet.start(), this.#consoleStart]);
    this.#unreachable = await unreachableAddresses(this.#fleet.listeners);
    signal.throwIfAborted();
    this.#servingSinceMs = Date.now();
  }

  #watchDirectory(onLost: () => void): void {
    const check = (): void => {
      const found = findDirectory(this.#directory);
      if (found.kind === 'there') return this.#watchBrokers();
      if (found.kind === 'unreadable') return this.#log.say('warn', 'directory-unreadable', { reason: found.reason });
      clearInterval(this.#watch);
      this.#log.say('error', 'directory-lost', { reason: found.reason });
      onLost();
    };
    this.#watch = setInterval(check, checkEveryMs).unref();
  }

  #watchBrokers(): void {
    const { lost, unreadable } = this.#fleet.endLost();
    for (const one of lost) this.#log.say('error', 'broker-lost', one);
    for (const one of unreadable) this.#log.say('warn', 'directory-unreadable', one);
  }

  async #giveUp(): Promise<void> {
    await this.stop();
    // Opened while the stop was under way, as the console's database may have been.
    await this.#control?.close();
    await Promise.allSettled([this.#consoleStart]);
    if (this.#isClaimed && !this.#fleet.hasServed) await this.#unclaim();
  }

  /** What stands in its way is said beside why the start failed, not in its place. */
  async #unclaim(): Promise<void> {
    try {
      // The lock is given up by now: the next start may have taken over the cluster that this one began.
      await requireNoSupervisor(controlSocketPath(this.#directory.path));
      unclaimDataDirectory(this.#directory);
    } catch (error) {
      this.#log.say('error', 'start-not-taken-back', { reason: error instanceof Error ? error.message : String(error) });
    }
  }

  async #startConsole(): Promise<void> {
    const database = join(this.#directory.path, 'console.db');
    await migrateDatabase(database);
    if (this.#stopping !== null) throw new StartRefused('the console was stopped before it was started.');
    const child = new SupervisedChild({
      name: 'console',
      file: consoleMain,
      args: [this.#options.consoleHost, String(this.#options.consolePort)],
      nodeArgs: ['--disable-warning=ExperimentalWarning'],
      environment: {
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        LOGARIUM_DATABASE: database,
        LOGARIUM_CONTROL_SOCKET: controlSocketPath(this.#directory.path),
        LOGARIUM_BOOTSTRAP: this.bootstrap,
        LOGARIUM_CONSOLE_HOSTS: [formatHost(this.#options.consoleHost), process.env['LOGARIUM_CONSOLE_HOSTS'] ?? ''].join(','),
      },
      log: this.#processLog(),
      onMessage: (raw) => {
        const message = parseConsoleMessage(raw);
        if (message?.type === 'ready') child.becameReady();
        if (message?.type === 'fatal') child.fatal = message.reason;
      },
      onChange: () => undefined,
      ...this.#processes,
    });
    this.#console = child;
    child.start();
    await child.whenReady();
  }

  #onBrokerMessage(message: BrokerMessage): void {
    if (message.type === 'trace') this.#onTrace(message.events);
    if (message.type === 'trace') this.#control?.push({ push: 'trace', events: message.events, dropped: message.dropped });
    if (message.type === 'metrics') this.#control?.push({ push: 'metrics', metrics: message.metrics });
    if (message.type === 'ready') {
      this.#lab.onReady(message.brokerId);
      this.#pushStatus();
    }
  }

  #onTrace(events: readonly TraceEvent[]): void {
    for (const event of events) {
      if (event.kind === 'dropped') this.#lab.onStruck(event.ruleId);
      const isNews = this.#servingSinceMs !== null && isNewsSince(this.#servingSinceMs, event.atMs, Date.now());
      const entry = isNews ? entryOfFact(event) : null;
      if (entry !== null) this.#log.say(entry.level, entry.event, entry.fields);
    }
  }

  /** Of processes that end because everything ends nobody needs to hear. */
  #processLog(): ProcessLog {
    return {
      printed: (line) => this.#log.printed(line),
      say: (level, event, fields) => {
        if (this.#servingSinceMs !== null) this.#log.say(level, event, fields);
      },
    };
  }

  #onLabEvent(event: LabEvent): void {
    this.#log.say('info', event.kind, { fault: event.fault === null ? null : faultWords(event.fault), by: event.by, cause: event.cause });
    this.#control?.push({ push: 'lab', status: this.#lab.status(), event });
  }

  #pushStatus(): void {
    this.#control?.push({ push: 'status', status: this.status() });
  }

  #greeting(): readonly ControlPush[] {
    return [
      { push: 'status', status: this.status() },
      { push: 'demo', status: this.#demo.status() },
      { push: 'lab', status: this.#lab.status(), event: null },
    ];
  }

  async #addBroker(by: string): Promise<LabStatus> {
    const brokerId = await this.#fleet.addBroker();
    this.#control?.push({
      push: 'lab',
      status: this.#lab.status(),
      event: { atMs: Date.now(), kind: 'broker-added', fault: null, brokerId, by, cause: '' },
    });
    return this.#lab.status();
  }

  async #answer(request: ControlRequest): Promise<unknown> {
    switch (request.method) {
      case 'status':
        return this.status();
      case 'subscribe':
      case 'trace':
        return null; // the socket itself carries these out
      case 'ask':
        return this.#fleet.ask(request.params.brokerId, request.params.question);
      case 'demo.status':
        return this.#demo.status();
      case 'demo.start':
        return this.#demo.start(request.params);
      case 'demo.stop':
        return this.#demo.stop();
      case 'lab.status':
        return this.#lab.status();
      case 'lab.inject':
        return this.#lab.inject(request.params);
      case 'lab.undo':
        return this.#lab.undo(request.params.faultId, request.params.by);
      case 'lab.healAll':
        return this.#lab.healAll(request.params.by);
      case 'lab.restart':
        return this.#lab.restart(request.params.brokerId, request.params.by);
      case 'lab.addBroker':
        return this.#addBroker(request.params.by);
    }
  }
}
