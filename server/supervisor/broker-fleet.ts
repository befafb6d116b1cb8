// The brokers of the embedded cluster as child processes: which command line each gets, what each last said,
// and the order in which they start and stop. Controllers start before brokers and stop after them.

import { formatHostPort } from '#engine/base/host-port.ts';
import { writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { assert } from '#engine/base/assert.ts';
import { type HostPort, type NodeListeners } from '#engine/broker/listeners.ts';
import type { BrokerAnswer, BrokerQuestion } from '#engine/trace/process-link.ts';
import { brokerNodeArgs } from './broker-node-args.ts';
import { BrokerAsks } from './broker-asks.ts';
import { allListeners, listenersOfBroker, toListenerSettings } from './broker-listeners.ts';
import { SupervisedChild, type ProcessListener, type SpawnObstacle } from './child.ts';
import { brokerDirectory, brokerPidFile, rememberBrokers, type DataDirectory } from './data-directory.ts';
import { findBroker } from './directory-watch.ts';
import { parseBrokerMessage, type BrokerMessage, type BrokerMetrics, type BrokerProcessStatus, type ProcessState } from './ipc.ts';
import type { LabHands } from './lab.ts';
import { maxBrokers, type ClusterOptions } from './options.ts';
import type { ProcessLog } from './output/output.ts';
import { portsOf, requireDistinctPorts, requireFreePorts } from './ports-free.ts';
import { replicationDefaults } from './replication-defaults.ts';
import { StartRefused } from './refusal.ts';

// Set from outside, because a process that turns it on itself has compiled its entry by then: without it a broker takes
// twice the CPU to start and 15 MB more memory for good.
const compileCache = join(tmpdir(), `logarium-compile-cache-${userInfo().uid}`);
/** The bundle that `npm start` built, else the source as it is. */
const brokerMain = process.env['LOGARIUM_BROKER_MAIN'] ?? join(import.meta.dirname, '..', 'engine', 'broker', 'main.ts');

export interface FleetListener {
  onBrokerMessage(message: BrokerMessage): void;
  onBrokerSpawn(brokerId: number): void;
  onChange(): void;
  readonly processes: ProcessListener;
  readonly log: ProcessLog;
}

/** As fields of a log entry. */
type BrokerTrouble = Readonly<Record<'broker' | 'reason', unknown>>;

interface Member {
  readonly brokerId: number;
  readonly listeners: NodeListeners;
  readonly child: SupervisedChild;
  startedAtMs: number | null;
  metrics: BrokerMetrics | null;
  wasReady: boolean;
}

export class BrokerFleet {
  readonly #options: ClusterOptions;
  readonly #directory: DataDirectory;
  readonly #listener: FleetListener;
  #members: readonly Member[];
  readonly #asks = new BrokerAsks();
  #recordTrace = false;
  /** One at a time: each takes the number after the last. */
  #adding: Promise<void> = Promise.resolve();

  constructor(options: ClusterOptions, directory: DataDirectory, listener: FleetListener) {
    this.#options = options;
    this.#directory = directory;
    this.#listener = listener;
    this.#members = Array.from({ length: directory.identity.brokers }, (_, index) => this.#member(index + 1));
  }

  /** For whoever lives on this machine: where brokers dial each other. */
  get bootstrap(): string {
    return this.#members.map((member) => formatHostPort(insideAddress(member))).join(',');
  }

  get listeners(): readonly NodeListeners[] {
    return this.#members.map(({ listeners }) => listeners);
  }

  status(): BrokerProcessStatus[] {
    return this.#members.map((member) => ({
      brokerId: member.brokerId,
      ...insideAddress(member),
      controllerPort: member.listeners.controller?.port ?? null,
      state: processState(member),
      pid: member.child.pid,
      startedAtMs: member.startedAtMs,
      restarts: Math.max(0, member.child.spawns - 1),
      lastExit: member.child.fatal ?? member.child.lastExit,
      metrics: member.child.state.name === 'ready' ? member.metrics : null,
    }));
  }

  /** Whether any broker has been ready, so that somebody may have written something. */
  get hasServed(): boolean {
    return this.#members.some(({ wasReady }) => wasReady);
  }

  /** Resolves when every broker is ready, rejects with StartRefused when one can't be or is stopped before that. */
  async start(): Promise<void> {
    for (const member of this.#members) member.child.start();
    await Promise.all(this.#members.map((member) => member.child.whenReady()));
  }

  /** Ends the brokers whose directory is gone: what they would acknowledge from now on is kept nowhere. */
  endLost(): { readonly lost: readonly BrokerTrouble[]; readonly unreadable: readonly BrokerTrouble[] } {
    const found = this.#members
      .filter(({ child }) => child.state.name === 'ready')
      .map(({ brokerId, child }) => ({ brokerId, child, finding: findBroker(this.#directory.path, brokerId) }));
    const troubles = (kind: 'lost' | 'unreadable'): readonly BrokerTrouble[] =>
      found.flatMap(({ brokerId, finding }) => (finding.kind === kind ? [{ broker: brokerId, reason: finding.reason }] : []));
    for (const { child, finding } of found) {
      if (finding.kind !== 'lost') continue;
      child.fatal = finding.reason;
      void child.kill();
    }
    return { lost: troubles('lost'), unreadable: troubles('unreadable') };
  }

  /** Ends every process at once, without order. */
  async kill(): Promise<void> {
    await Promise.all(this.#members.map(({ child }) => child.kill()));
  }

  async stop(): Promise<void> {
    const isFounder = (member: Member): boolean => this.#directory.identity.voters.includes(member.brokerId);
    await Promise.all(this.#members.filter((member) => !isFounder(member)).map((member) => member.child.stop()));
    await Promise.all(this.#members.filter(isFounder).map((member) => member.child.stop()));
  }

  /** What the lab may do to these brokers. */
  hands(): LabHands {
    const child = (brokerId: number): SupervisedChild => {
      const member = this.#members.find((one) => one.brokerId === brokerId);
      if (member === undefined) throw new Error(`there is no broker ${brokerId}`);
      return member.child;
    };
    return {
      members: () =>
        this.#members.map(({ brokerId, listeners }) => ({
          brokerId,
          ports: [...new Set(allListeners(listeners).flatMap(({ port, advertised }) => [port, advertised.port]))],
        })),
      isAlive: (brokerId) => child(brokerId).pid !== null,
      kill: (brokerId) => child(brokerId).kill(),
      stop: (brokerId) => child(brokerId).stop(),
      start: (brokerId) => child(brokerId).start(),
      freeze: (brokerId) => child(brokerId).freeze(),
      thaw: (brokerId) => child(brokerId).thaw(),
      tell: (brokerId, { settings, drops }) => child(brokerId).sendState({ type: 'faults', settings, drops }),
    };
  }

  /** Asks one broker about itself; null when it isn't there or doesn't answer in time. */
  async ask(brokerId: number, question: BrokerQuestion): Promise<BrokerAnswer | null> {
    const member = this.#members.find((one) => one.brokerId === brokerId);
    if (member === undefined || member.child.state.name !== 'ready') return null;
    return this.#asks.ask(question, (message) => member.child.send(message));
  }

  /** One broker more, on the next port. Its place is remembered, so that the next start has it too. */
  addBroker(): Promise<number> {
    const adding = this.#adding.then(() => this.#addNext());
    const over = (): void => {}; // whoever asked hears how it ended
    this.#adding = adding.then(over, over);
    return adding;
  }

  async #addNext(): Promise<number> {
    const brokerId = this.#members.length + 1;
    if (brokerId > maxBrokers) throw new StartRefused(`A cluster of this program has at most ${maxBrokers} brokers.`);
    const listeners = listenersOfBroker(this.#options, brokerId);
    requireDistinctPorts(portsOf([...this.listeners, listeners], this.#options));
    await requireFreePorts(portsOf([listeners], { ...this.#options, withConsole: false }));
    rememberBrokers(this.#directory, brokerId);
    const member = this.#member(brokerId);
    this.#members = [...this.#members, member];
    member.child.start();
    return brokerId;
  }

  /** Switches the per-record facts on while somebody looks, off when nobody does. */
  traceRecords(wanted: boolean): void {
    this.#recordTrace = wanted;
    for (const member of this.#members) member.child.sendState({ type: 'trace', records: wanted });
  }

  #member(brokerId: number): Member {
    const listeners = listenersOfBroker(this.#options, brokerId);
    const directory = brokerDirectory(this.#directory.path, brokerId);
    const child = new SupervisedChild({
      name: `broker ${brokerId}`,
      file: brokerMain,
      args: this.#commandLine({ brokerId, listeners, directory }),
      nodeArgs: brokerNodeArgs,
      environment: { NODE_COMPILE_CACHE: compileCache },
      log: this.#listener.log,
      whyNot: () => this.#obstacleOf(member),
      onMessage: (message) => this.#onMessage(member, message),
      onChange: () => this.#listener.onChange(),
      onSpawn: (pid) => this.#onSpawn(member, pid),
      onEnd: (pid) => this.#listener.processes.onEnd(pid),
    });
    const member: Member = { brokerId, listeners, child, startedAtMs: null, metrics: null, wasReady: false };
    return member;
  }

  /** A broker would make its directory anew, and be empty. */
  #obstacleOf({ brokerId, wasReady }: Member): SpawnObstacle | null {
    if (!wasReady) return null;
    const found = findBroker(this.#directory.path, brokerId);
    return found.kind === 'there' ? null : { reason: found.reason, isForGood: found.kind === 'lost' };
  }

  #commandLine(member: { readonly brokerId: number; readonly listeners: NodeListeners; readonly directory: string }): string[] {
    const { voters: ids } = this.#directory.identity;
    const voters = ids.flatMap((id) => {
      const { controller } = listenersOfBroker(this.#options, id);
      return controller === null ? [] : [`${id}@${formatHostPort(controller.advertised)}`];
    });
    const settings = [
      ...replicationDefaults(this.#directory.identity.brokers),
      ...this.#options.settings,
      ...toListenerSettings(member.listeners),
    ];
    return [
      '--node-id',
      String(member.brokerId),
      '--roles',
      // Who doesn't vote may be asked to, while the cluster runs.
      'broker,controller',
      '--voters',
      voters.join(','),
      '--kraft-version',
      '1',
      '--data',
      member.directory,
      '--log-level',
      this.#options.logLevel,
      '--cluster-id',
      this.#directory.identity.clusterId,
      // The last one counts: what the operator says stands behind the defaults.
      ...settings.flatMap((setting) => ['--set', setting]),
    ];
  }

  #onSpawn(member: Member, pid: number): void {
    member.startedAtMs = Date.now();
    member.metrics = null;
    writeFileSync(brokerPidFile(this.#directory.path, member.brokerId), `${pid}\n`);
    this.#listener.onBrokerSpawn(member.brokerId);
    this.#listener.processes.onSpawn(pid);
  }

  #onMessage(member: Member, raw: unknown): void {
    const message = parseBrokerMessage(raw);
    if (message === null) return;
    if (message.type === 'metrics') member.metrics = message.metrics;
    if (message.type === 'fatal') member.child.fatal = [message.reason, message.advice].filter((text) => text !== null).join(' ');
    if (message.type === 'ready') this.#onReady(member);
    if (message.type === 'answer') this.#asks.take(message.askId, message.answer);
    this.#listener.onBrokerMessage(message);
  }

  #onReady(member: Member): void {
    member.wasReady = true;
    member.child.becameReady();
    member.child.sendState({ type: 'trace', records: this.#recordTrace });
  }
}

function insideAddress({ listeners: { clients, interBroker } }: Member): HostPort {
  const listener = clients.find(({ name }) => name === interBroker);
  assert(listener !== undefined, 'brokers have a listener among themselves');
  return listener.advertised;
}

function processState(member: Member): ProcessState {
  const { name } = member.child.state;
  return name === 'backing-off' && member.child.lastExit !== null ? 'crashed' : name;
}
