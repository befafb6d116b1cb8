// Puts the parts together: the brokers, the demo traffic, the console and the control socket of one data directory.
// Starts in that order, stops in the reverse one. Decides nothing itself.

import { join } from 'node:path';
import { migrateDatabase } from '../db/migrate.ts';
import { BrokerFleet } from './broker-fleet.ts';
import { requireDistinctPorts } from './broker-listeners.ts';
import { SupervisedChild } from './child.ts';
import { ControlSocket } from './control-socket.ts';
import { brokerDirectory, brokerPidFile, openDataDirectory, type DataDirectory } from './data-directory.ts';
import { DemoTraffic } from './demo/demo-traffic.ts';
import type { BrokerMessage, ControlPush, ControlRequest, SupervisorStatus, TraceEvent } from './ipc.ts';
import { Lab } from './lab.ts';
import type { LabStatus } from './lab-messages.ts';
import type { ClusterOptions } from './options.ts';
import { awaitOrphan } from './orphans.ts';
import { requireFreeListeners, requireFreePorts } from './ports-free.ts';
import { startLines } from './start-lines.ts';
import { controlSocketPath } from './socket-path.ts';

const consoleMain = join(import.meta.dirname, 'console-process.ts');

export class Supervisor {
  readonly #options: ClusterOptions;
  readonly #directory: DataDirectory;
  readonly #fleet: BrokerFleet;
  readonly #demo: DemoTraffic;
  readonly #lab: Lab;
  #control: ControlSocket | null = null;
  #console: SupervisedChild | null = null;

  private constructor(options: ClusterOptions, directory: DataDirectory) {
    this.#options = options;
    this.#directory = directory;
    this.#fleet = new BrokerFleet(options, directory, {
      onBrokerMessage: (message) => this.#onBrokerMessage(message),
      onBrokerSpawn: (brokerId) => this.#lab.onSpawn(brokerId),
      onChange: () => this.#pushStatus(),
    });
    this.#lab = new Lab(this.#fleet.hands(), (event) => this.#control?.push({ push: 'lab', status: this.#lab.status(), event }));
    this.#demo = new DemoTraffic(this.#fleet.bootstrap, () => this.#control?.push({ push: 'demo', status: this.#demo.status() }));
  }

  /**
   * Starts everything and resolves when clients and browsers may come.
   * @throws StartRefused with one sentence when it can't be; then nothing runs and nothing was damaged
   */
  static async start(options: ClusterOptions): Promise<Supervisor> {
    const directory = openDataDirectory(options.dataDirectory, options.brokers);
    const supervisor = new Supervisor(options, directory);
    await supervisor.#open();
    return supervisor;
  }

  get bootstrap(): string {
    return this.#fleet.bootstrap;
  }

  /** What whoever starts this directory should know of it; null when there is nothing to say. */
  get remark(): string | null {
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

  async stop(): Promise<void> {
    await this.#console?.stop();
    this.#lab.close();
    await this.#demo.stop();
    await this.#fleet.stop();
    await this.#control?.close();
  }

  async #open(): Promise<void> {
    const { path } = this.#directory;
    this.#control = await ControlSocket.open(controlSocketPath(path), {
      answer: (request) => this.#answer(request),
      greeting: () => this.#greeting(),
      onRecordsWanted: (wanted) => this.#fleet.traceRecords(wanted),
    });
    try {
      for (const { brokerId } of this.#fleet.status()) await awaitOrphan(brokerPidFile(path, brokerId), brokerDirectory(path, brokerId));
      requireDistinctPorts(this.#fleet.listeners);
      await requireFreeListeners(this.#fleet.listeners);
      if (this.#options.withConsole)
        await requireFreePorts(this.#options.consoleHost, [{ port: this.#options.consolePort, flag: '--console-port' }]);
      await Promise.all([this.#fleet.start(), this.#options.withConsole ? this.#startConsole() : undefined]);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #startConsole(): Promise<void> {
    const database = join(this.#directory.path, 'console.db');
    await migrateDatabase(database);
    await new Promise<void>((settle) => {
      const child: SupervisedChild = new SupervisedChild({
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
          LOGARIUM_CONSOLE_HOSTS: [urlHost(this.#options.consoleHost), process.env['LOGARIUM_CONSOLE_HOSTS'] ?? ''].join(','),
        },
        onMessage: () => {
          child.becameReady();
          settle();
        },
        onChange: () => undefined,
      });
      this.#console = child;
      child.start();
    });
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
    for (const event of events) if (event.kind === 'dropped') this.#lab.onStruck(event.ruleId);
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

/** As it stands in a Host header. */
function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
