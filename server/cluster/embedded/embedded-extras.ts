// What the embedded cluster adds to a Kafka cluster: the processes behind the brokers, their metrics, the trace and the
// demo traffic, all through the supervisor's control socket. Everything else is the ordinary adapter.

import type { TraceEvent } from '#engine/trace/events.ts';
import type { BrokerAnswer, BrokerQuestion, QuorumFacts, ReplicaFacts } from '#engine/trace/process-link.ts';
import type { ControlClient } from '#server/supervisor/control-client.ts';
import type {
  BrokerProcessStatus,
  ControlPush,
  DemoPlan,
  DemoStatus as SupervisorDemoStatus,
  SupervisorStatus,
} from '#server/supervisor/ipc.ts';
import type { Capabilities } from '../capabilities.ts';
import type { DemoStatus, DemoTraffic } from '../demo-traffic.ts';
import type { TimelineFact } from '../timeline/entry.ts';
import type { ClusterExtras } from '../kafka/extras.ts';
import type { StorageTrouble } from '../storage-trouble.ts';
import type { BrokerProcess, BrokerRates, BrokerState, RateSample, ClientWrites, TopologyProducer } from '../port.ts';
import type { LabPort } from '../lab.ts';
import { toControlTrouble } from './control-trouble.ts';
import { CommitTimes } from './commit-times.ts';
import { markDemo } from './demo-marks.ts';
import { labOver } from './lab-over.ts';
import { brokerRates, enrichSample, nextPair, staleAfterMs, type MetricsPair } from './metrics-rates.ts';
import { ProducerWatch } from './producer-watch.ts';
import { StorageWatch } from './storage-watch.ts';
import { WriterFlows } from './writer-flows.ts';

export interface Facts {
  readonly events: readonly TraceEvent[];
  readonly dropped: number;
}

export class EmbeddedExtras implements ClusterExtras {
  readonly capabilities: Partial<Capabilities> = {
    lab: { available: true },
    trace: { available: true },
    processes: { available: true },
    demoTraffic: { available: true },
    quorumNodes: { available: true },
  };
  readonly demo: DemoTraffic;
  readonly lab: LabPort;
  readonly #control: ControlClient;
  readonly #watchers = new Set<(facts: Facts) => void>();
  readonly #metrics = new Map<number, MetricsPair>();
  readonly #commits = new CommitTimes();
  readonly #producers = new ProducerWatch();
  readonly #writers = new WriterFlows();
  readonly #storage: StorageWatch;
  readonly #stopListening: () => void;
  #status: SupervisorStatus | null = null;

  constructor(control: ControlClient, mark: (fact: TimelineFact) => void = () => undefined, storage = new StorageWatch(() => Date.now())) {
    this.#control = control;
    this.#storage = storage;
    this.demo = markDemo(demoOver(control), mark);
    this.lab = labOver(control);
    this.#stopListening = control.listen((push) => this.#take(push));
    void this.#askStatus();
  }

  stateOf(brokerId: number, fromMetadata: BrokerState): BrokerState {
    const state = this.#process(brokerId)?.state;
    if (state === undefined || state === 'ready') return fromMetadata;
    if (state === 'starting') return 'starting';
    return state === 'draining' ? 'stopping' : 'lost';
  }

  ratesOf(brokerId: number): BrokerRates | null {
    const pair = this.#metrics.get(brokerId);
    return pair === undefined || Date.now() - pair.now.atMs > staleAfterMs ? null : brokerRates(pair);
  }

  processOf(brokerId: number): BrokerProcess | null {
    const status = this.#process(brokerId);
    if (status?.pid == null || status.startedAtMs === null) return null;
    const metrics = this.#metrics.get(brokerId)?.now ?? status.metrics;
    return {
      pid: status.pid,
      startedAtMs: status.startedAtMs,
      residentBytes: metrics?.residentBytes ?? 0,
      cpuRatio: metrics?.cpuRatio ?? 0,
      restarts: status.restarts,
      openFiles: metrics?.openFiles ?? null,
      openFilesLimit: metrics?.openFilesLimit ?? null,
      partitions: metrics?.partitions ?? null,
      partitionLimit: metrics?.partitionLimit ?? null,
    };
  }

  storageOf(brokerId: number): StorageTrouble {
    const process = this.#process(brokerId);
    return this.#storage.of(brokerId, { startedAtMs: process?.startedAtMs ?? 0, isReady: process?.state === 'ready' });
  }

  lastCommitMs(groupId: string, topic: string, partition: number): number | null {
    return this.#commits.lastMs(groupId, topic, partition);
  }

  producers(): readonly TopologyProducer[] {
    return this.#producers.producers(Date.now());
  }

  writes(): readonly ClientWrites[] {
    return this.#writers.flows(Date.now());
  }

  async replicaFacts(brokerId: number, place: { readonly topic: string; readonly partition: number }): Promise<ReplicaFacts | null> {
    const answer = await this.#ask(brokerId, { kind: 'replica', ...place });
    return answer?.kind === 'replica' ? answer.replica : null;
  }

  async quorumFacts(nodeId: number, tail: number): Promise<QuorumFacts | null> {
    const answer = await this.#ask(nodeId, { kind: 'quorum', tail });
    return answer?.kind === 'quorum' ? answer.quorum : null;
  }

  async #ask(brokerId: number, question: BrokerQuestion): Promise<BrokerAnswer | null> {
    try {
      return (await this.#control.call({ method: 'ask', params: { brokerId, question } })) as BrokerAnswer | null;
    } catch {
      // The supervisor is gone or busy: then nobody can tell, which is what null says.
      return null;
    }
  }

  enrich(measured: RateSample): RateSample {
    return enrichSample(measured, [...this.#metrics.values()]);
  }

  /** The brokers tell single records only while somebody watches. */
  listen(take: (facts: Facts) => void): () => void {
    this.#watchers.add(take);
    if (this.#watchers.size === 1) this.#control.wantRecords(true);
    return () => {
      if (this.#watchers.delete(take) && this.#watchers.size === 0) this.#control.wantRecords(false);
    };
  }

  close(): void {
    this.#stopListening();
    if (this.#watchers.size > 0) this.#control.wantRecords(false);
    this.#watchers.clear();
  }

  /** The greeting of the connection came before we listened. */
  async #askStatus(): Promise<void> {
    try {
      this.#status ??= (await this.#control.call({ method: 'status' })) as SupervisorStatus;
    } catch {
      // Not connected yet: then the greeting is still to come, and brings it.
    }
  }

  #process(brokerId: number): BrokerProcessStatus | undefined {
    return this.#status?.brokers.find((broker) => broker.brokerId === brokerId);
  }

  #take(push: ControlPush): void {
    if (push.push === 'status') this.#status = push.status;
    if (push.push === 'metrics') this.#writers.take(push.metrics);
    if (push.push === 'metrics')
      this.#metrics.set(push.metrics.brokerId, nextPair(this.#metrics.get(push.metrics.brokerId) ?? null, push.metrics));
    if (push.push !== 'trace') return;
    this.#commits.take(push.events);
    this.#producers.take(push.events);
    for (const watch of this.#watchers) watch({ events: push.events, dropped: push.dropped });
  }
}

function demoOver(control: ControlClient): DemoTraffic {
  const ask = async (
    call:
      | { readonly method: 'demo.status' }
      | { readonly method: 'demo.stop' }
      | { readonly method: 'demo.start'; readonly params: DemoPlan },
  ): Promise<DemoStatus> => {
    try {
      return (await control.call(call)) as SupervisorDemoStatus;
    } catch (error) {
      throw toControlTrouble(error);
    }
  };
  return {
    status: () => ask({ method: 'demo.status' }),
    start: (input) => ask({ method: 'demo.start', params: input }),
    stop: () => ask({ method: 'demo.stop' }),
  };
}
