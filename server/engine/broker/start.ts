// Puts a broker together and takes it apart again. Order at start: claim the directory, open the logs (recovery), join the
// quorum, catch up with the metadata, take up the partitions, then serve. Order at stop: hand leadership over, let clients go,
// resign, close the logs, leave the clean-shutdown marker.
// Invariant: nobody is served before everything is ready, and nothing is served while it is being taken apart.

import { BufferPool } from '#engine/bytes/buffer-pool.ts';
import { handlers, advertisedApis } from './handlers/index.ts';
import { Interception } from './intercept.ts';
import { FetchSessionCache } from '#engine/replication/fetch-session.ts';
import { LogManager, type TickIntervals } from '#engine/storage/log-manager.ts';
import type { StorageError } from '#engine/storage/storage-error.ts';
import { maxPartitionsOf } from '#engine/controller/partitions/replica-bound.ts';
import { createMetrics, type Metrics } from '#engine/trace/metrics.ts';
import type { BrokerAnswer, BrokerMessage, BrokerQuestion, DropOrder } from '#engine/trace/process-link.ts';
import { TraceRing } from '#engine/trace/ring.ts';
import type { ListenerKind } from '#engine/protocol/schema.ts';
import type { TimerHandle, World } from '#engine/world/ports.ts';
import { AutoCreation } from './auto-creation.ts';
import type { BrokerLog } from './broker-log.ts';
import type { BrokerConfig } from './config.ts';
import type { BrokerContext } from './context.ts';
import { claimDataDirectory } from './data-directory.ts';
import { changesBroker, currentSetting, logUnreadable } from './current-setting.ts';
import { createDispatch } from './dispatch.ts';
import { ClusterMetadata } from './drivers/cluster-metadata.ts';
import { GroupCoordinator } from './drivers/group-coordinator.ts';
import { topicSettings } from './drivers/log-settings.ts';
import { Isolation } from './drivers/isolation.ts';
import { PartitionDriver } from './drivers/partition.ts';
import { ProducerIds } from './drivers/producer-ids.ts';
import { interBrokerEndpoint } from './listener-endpoints.ts';
import { formatListeners, type NodeListener } from './listeners.ts';
import { createSharedBounds, Server, type SharedBounds } from './server.ts';
import { reportingTrace } from './storage-reports.ts';
import { describeStartFailure } from './start-failure.ts';
import { Telemetry, type ProcessFigures } from './telemetry.ts';

/** How often logs look whether retention, flush or a checkpoint is due. */
const upkeepEveryMs = 500;
/** Between two steps of a compaction, which block for some milliseconds each. */
const cleaningPauseMs = 20;
/** How long a fetch session must have lain idle before another may take its slot: Kafka's constant. */
const minSessionEvictionMs = 120_000;
/** Memory of large requests and answers that is kept for the next ones. */
const maxKeptBufferBytes = 16 * 1024 * 1024;

export interface StartOptions {
  readonly world: World;
  readonly config: BrokerConfig;
  readonly log: BrokerLog;
  readonly processId: number;
  /** Clock.monotonicUs() when the process began. */
  readonly startedAtUs: number;
  readonly send: (message: BrokerMessage) => void;
  readonly takeProcessFigures: () => ProcessFigures;
  /** Connections that the process has descriptors for; max.connections can only lower it. Without it there is no such bound. */
  readonly maxConnections?: Readonly<Record<ListenerKind, number>>;
  /** Overwrites memory that is given back, so that a simulated world notices whoever still uses it. */
  readonly poisonsBuffers?: boolean;
  /** The broker can't go on and won't stop in order: the process has to end. */
  readonly onFatal: (reason: string, advice: string | null) => void;
}

/** What a broker knows at this moment, for whoever checks it from outside: the simulation's invariants. */
export interface Inspection {
  readonly metadata: BrokerContext['metadata'];
  readonly partitions: Pick<BrokerContext['partitions'], 'replicas' | 'leaderEpoch'>;
}

export interface RunningBroker {
  inspect(): Inspection;
  /** What this broker knows of one of its replicas, or of the metadata quorum. */
  tellOf(question: BrokerQuestion): BrokerAnswer;
  /** Switches the facts of single batches on and off. */
  traceRecords(wanted: boolean): void;
  /** Sends what was reported and still waits, before the process dies: why it dies is among it. */
  flushTrace(): void;
  /** Which requests or answers disappear from now on. */
  dropNext(rules: readonly DropOrder[]): void;
  /** Resolves when everything is closed and flushed. */
  stop(reason: string): Promise<void>;
}

/** Resolves when the broker serves. Rejects with ConfigError, StorageError, NetworkError or FileError, having closed what it opened. */
export async function startBroker(options: StartOptions): Promise<RunningBroker> {
  const broker = new Broker(options);
  try {
    await broker.start();
  } catch (error) {
    await broker.abandon();
    throw error;
  }
  return broker;
}

class Broker implements RunningBroker {
  readonly #options: StartOptions;
  readonly #metrics: Metrics = createMetrics();
  readonly #ring: TraceRing;
  readonly #logs: LogManager;
  readonly #cluster: ClusterMetadata;
  readonly #buffers: BufferPool;
  readonly #partitions: PartitionDriver;
  readonly #groups: GroupCoordinator;
  readonly #context: BrokerContext;
  readonly #servers: { readonly clients: readonly Server[]; readonly controller: Server | null };
  readonly #telemetry: Telemetry;
  readonly #isolation: Isolation;
  #upkeep: TimerHandle | undefined;
  readonly #interception = new Interception();
  #nextConnectionId = 1;
  readonly #bounds: Readonly<Record<ListenerKind, SharedBounds>>;

  constructor(options: StartOptions) {
    const { world, config, log, send, takeProcessFigures, onFatal } = options;
    this.#options = options;
    this.#bounds = {
      broker: createSharedBounds(config, options.maxConnections?.broker),
      controller: createSharedBounds(config, options.maxConnections?.controller),
    };
    this.#ring = new TraceRing(config.nodeId, world.clock);
    const trace = this.#ring.emit;
    const directoryId = claimDataDirectory(world, config);
    this.#logs = openLogs(options, trace);
    this.#cluster = new ClusterMetadata({
      world,
      config,
      log,
      trace,
      directory: this.#logs.directory,
      wasClean: this.#logs.wasClean,
      previousBrokerEpoch: this.#logs.previousBrokerEpoch,
      directoryId,
      onFatal: (error) => {
        const { advice } = describeStartFailure(error);
        onFatal(error instanceof Error ? `the metadata quorum can't go on: ${error.message}` : String(error), advice);
      },
    });
    const { metadata, controller } = this.#cluster;
    metadata.onDelta((delta) => {
      logUnreadable(delta, metadata, log);
    });
    this.#buffers = new BufferPool({ maxKeptBytes: maxKeptBufferBytes, poisons: options.poisonsBuffers === true });
    this.#partitions = new PartitionDriver({
      config,
      world,
      trace,
      metrics: this.#metrics,
      buffers: this.#buffers,
      log,
      logs: this.#logs,
      metadata,
      controller,
      brokerEpoch: () => this.#cluster.lifecycle.brokerEpoch,
      isSureOfSession: () => this.#cluster.lifecycle.isSureOfSession,
    });
    this.#groups = new GroupCoordinator({ config, world, trace, log, partitions: this.#partitions, metadata, controller });
    this.#context = this.#createContext();
    this.#servers = {
      clients: config.listeners.clients.map((listener) => this.#createServer('broker', listener)),
      controller: config.listeners.controller === null ? null : this.#createServer('controller', config.listeners.controller),
    };
    this.#isolation = this.#createIsolation();
    this.#telemetry = new Telemetry({
      brokerId: config.nodeId,
      world,
      metrics: this.#metrics,
      ring: this.#ring,
      takeProcessFigures,
      countPartitions: () => ({ partitions: this.#partitions.count, partitionLimit: this.#partitionLimit() }),
      send,
    });
  }

  /** As the controller counts it, if its own file says the same as ours. */
  #partitionLimit(): number {
    const { config } = this.#options;
    const image = { configs: this.#cluster.metadata.allConfigs() };
    return maxPartitionsOf({ image, staticConfigs: config.staticTexts }, config.nodeId);
  }

  async start(): Promise<void> {
    const { config, log } = this.#options;
    for (const { name, reason } of config.unusedSettings) log.warn('setting-without-effect', { name, reason });
    for (const { topic, partition, error } of this.#logs.refused) log.error('log-refused', { topic, partition, reason: error.message });
    const { clients, controller } = this.#servers;
    await controller?.listen();
    controller?.open();
    for (const server of clients) await server.listen();
    this.#cluster.start();
    if (clients.length > 0) await this.#serveClients();
    this.#planUpkeep();
    this.#telemetry.start();
    this.#tellReady();
  }

  async #serveClients(): Promise<void> {
    const { lifecycle } = this.#cluster;
    await lifecycle.register();
    this.#partitions.begin();
    this.#groups.start();
    this.#followSettings();
    await lifecycle.unfence();
    for (const server of this.#servers.clients) server.open();
    this.#isolation.start();
  }

  #followSettings(): void {
    const { config } = this.#options;
    const { metadata } = this.#cluster;
    const follow = (): void => this.#logs.setIntervals(changeableIntervals(config, metadata));
    follow();
    metadata.onDelta((delta) => {
      if (changesBroker(delta)) follow();
    });
  }

  #tellReady(): void {
    const { config, log, world, processId, startedAtUs, send } = this.#options;
    const { nodeId: brokerId, listeners, clusterId, roles } = config;
    const startedInMs = Math.round((world.clock.monotonicUs() - startedAtUs) / 1000);
    const all = [...listeners.clients, ...(listeners.controller === null ? [] : [listeners.controller])];
    const advertised = all.map((listener) => ({ name: listener.name, ...listener.advertised }));
    const { host, port } = advertised[0] ?? { host: '', port: 0 };
    this.#ring.emit({ kind: 'broker-started', host, port, roles: [...roles] });
    log.info('ready', {
      listeners: formatListeners(all),
      advertised: formatListeners(advertised),
      clusterId,
      startedInMs,
      logs: this.#logs.count,
      wasClean: this.#logs.wasClean,
    });
    send({ type: 'ready', brokerId, clusterId, pid: processId, startedInMs });
  }

  inspect(): Inspection {
    return this.#context;
  }

  tellOf(question: BrokerQuestion): BrokerAnswer {
    return question.kind === 'replica'
      ? { kind: 'replica', replica: this.#partitions.replicaFacts(question) }
      : { kind: 'quorum', quorum: this.#cluster.quorumFacts(question.tail) };
  }

  traceRecords(wanted: boolean): void {
    this.#ring.wantsRecords = wanted;
  }

  flushTrace(): void {
    this.#telemetry.flush();
  }

  dropNext(rules: readonly DropOrder[]): void {
    this.#interception.arm(rules);
  }

  async stop(reason: string): Promise<void> {
    const { log } = this.#options;
    log.info('stopping', { reason });
    this.#ring.emit({ kind: 'broker-stopping', reason });
    this.#isolation.close();
    await this.#cluster.lifecycle.shutdown();
    await this.#takeApart();
    await this.#logs.close(this.#cluster.lifecycle.brokerEpoch);
    this.#telemetry.stop();
    log.info('stopped');
  }

  /** A start that failed half-way: the logs were not touched by clients, they close as cleanly as they opened. */
  async abandon(): Promise<void> {
    await this.#takeApart();
    await this.#logs.close();
  }

  async #takeApart(): Promise<void> {
    this.#isolation.close();
    const { clients, controller } = this.#servers;
    if (this.#upkeep !== undefined) this.#options.world.timers.clearTimer(this.#upkeep);
    await Promise.all(clients.map((server) => server.close()));
    this.#partitions.end();
    await this.#cluster.close();
    await controller?.close();
  }

  #createIsolation(): Isolation {
    const { world, config, log } = this.#options;
    const { lifecycle, metadata } = this.#cluster;
    return new Isolation({
      world,
      isSessionOver: () => lifecycle.isSessionOver,
      isDeserted: () => this.#partitions.isDeserted,
      others: () =>
        metadata
          .allBrokers()
          .flatMap((broker) =>
            broker.brokerId === config.nodeId ? [] : (interBrokerEndpoint(broker, config.listeners.interBroker) ?? []),
          ),
      onChange: (isIsolated) => {
        log.warn(isIsolated ? 'cut-off' : 'rejoined', { broker: config.nodeId });
        for (const server of this.#servers.clients) server.turnAway(isIsolated, 'the cluster has lost this broker');
      },
    });
  }

  #createContext(): BrokerContext {
    const { world, config, log } = this.#options;
    const { metadata, controller, quorum } = this.#cluster;
    const autoCreation = new AutoCreation(controller, log, world.timers);
    const advertised = { broker: advertisedApis('broker'), controller: advertisedApis('controller') };
    return {
      world,
      config,
      log,
      metadata,
      controller,
      quorum,
      trace: this.#ring.emit,
      metrics: this.#metrics,
      interception: this.#interception,
      buffers: this.#buffers,
      partitions: this.#partitions,
      groups: this.#groups,
      producerIds: new ProducerIds(() => this.#cluster.allocateProducerIds()),
      fetchSessions: new FetchSessionCache({
        maxSessions: config.get('max.incremental.fetch.session.cache.slots'),
        minEvictionMs: minSessionEvictionMs,
        nextInt: (bound) => world.random.nextInt(bound),
      }),
      autoCreate: (topic) => autoCreation.request(topic),
      advertised: (listener) => advertised[listener],
    };
  }

  #createServer(kind: ListenerKind, { name, host, port }: NodeListener): Server {
    const { clients, interBroker } = this.#options.config.listeners;
    return new Server({
      listener: kind,
      isCounted: kind === 'broker' && (name !== interBroker || clients.length === 1),
      port,
      host,
      broker: this.#context,
      dispatch: createDispatch({ kind, name }, handlers, this.#context),
      nextConnectionId: () => this.#nextConnectionId++,
      bounds: this.#bounds[kind],
    });
  }

  #planUpkeep(): void {
    const { timers, clock } = this.#options.world;
    this.#upkeep = timers.setTimer(this.#logs.isCleaning ? cleaningPauseMs : upkeepEveryMs, () => {
      this.#logs.tick(clock.nowMs());
      this.#planUpkeep();
    });
  }
}

/** Opens every log of the directory; this is where a crash is recovered from. */
function openLogs({ world, config, log, onFatal }: StartOptions, trace: TraceRing['emit']): LogManager {
  const noOverrides = { configOverrides: () => new Map<string, string>() };
  // The topics' own settings come with the metadata, before anything is appended.
  const settings = topicSettings('', config, noOverrides).log;
  return new LogManager({
    path: config.dataDirectory,
    files: world.files,
    compression: world.compression,
    random: world.random,
    trace: reportingTrace(trace, log),
    nowMs: world.clock.nowMs(),
    configFor: () => settings,
    onFailed: (error: StorageError) => {
      onFatal(error.message, describeStartFailure(error).advice);
    },
    intervals: {
      retentionMs: config.get('log.retention.check.interval.ms'),
      checkpointMs: config.get('log.flush.offset.checkpoint.interval.ms'),
      highWatermarkMs: config.get('replica.high.watermark.checkpoint.interval.ms'),
      ...changeableIntervals(config, noOverrides),
    },
  });
}

/** What upkeep reads of settings that may change while the broker runs. */
function changeableIntervals(config: BrokerConfig, metadata: Pick<BrokerContext['metadata'], 'configOverrides'>): Partial<TickIntervals> {
  const cleanerMs = currentSetting('log.cleaner.backoff.ms', config, metadata);
  return {
    producerExpirationMs: currentSetting('producer.id.expiration.ms', config, metadata),
    cleanerMs: config.get('log.cleaner.enable') ? cleanerMs : null,
  };
}
