// Everything about the metadata log on one node, put together: its log, the quorum, the committed image, the controller when
// this node leads, and the road to the controller when another does.
// Order at start: open (constructor), let others listen to the image, start(), then the broker's lifecycle.

import { toTopicId, type TopicId } from '#engine/base/brand.ts';
import { uuidFromBytes } from '#engine/bytes/uuid.ts';
import { updateRaftVoterApi } from '#engine/protocol/apis/82-update-raft-voter.ts';
import { leaderSilent } from '#engine/raft/follower.ts';
import { hasCommittedInEpoch } from '#engine/raft/leader.ts';
import { votersOf } from '#engine/raft/turn.ts';
import { supportedFeatures } from '#engine/controller/features/feature-table.ts';
import { toRecords } from '#engine/controller/image/to-records.ts';
import { controllerRegistrationApi } from '#engine/protocol/apis/70-controller-registration.ts';
import { allocateProducerIdsApi } from '#engine/protocol/apis/67-allocate-producer-ids.ts';
import type { RequestOf } from '#engine/protocol/schema.ts';
import type { LogDirectory } from '#engine/storage/log-directory.ts';
import type { QuorumFacts } from '#engine/trace/process-link.ts';
import type { Trace } from '#engine/trace/trace.ts';
import type { World } from '#engine/world/ports.ts';
import type { BrokerConfig } from '../config.ts';
import type { BrokerLog } from '../broker-log.ts';
import { MetadataCache } from '../metadata-cache.ts';
import { toFacts } from '../metadata-image/metadata-facts.ts';
import { BrokerLifecycle } from './broker-lifecycle.ts';
import { BrokerWatch } from './broker-watch.ts';
import { ControllerDriver } from './controller.ts';
import { registerController } from './controller-registration.ts';
import { ControllerDesk } from './controller-desk.ts';
import { describeLeaderless, describeQuorum } from './describe-quorum.ts';
import { Forwarding } from './forwarding.ts';
import type { MetadataBatch } from './metadata-record-codec.ts';
import type { ProducerIdBlock } from './producer-ids.ts';
import { QuorumDesk } from './quorum-desk.ts';
import { QuorumLog } from './quorum-log.ts';
import { isReachable, VoterConnections } from './quorum-peers.ts';
import { configuredVoters, metadataLogConfig, toRaftConfig, toSettings } from './quorum-settings.ts';
import { QuorumDriver } from './quorum.ts';
import { tellQuorum } from './quorum-facts.ts';
import { VoterAddresses } from './voter-addresses.ts';
import { VoterDesk } from './voter-desk.ts';
import { VoterEndpoints } from './voter-endpoints.ts';

const noRoomMeaning =
  'This node decides nothing until the disk has room: make room on the volume or raise the quota. It goes on by itself.';

export interface ClusterMetadataOptions {
  readonly world: World;
  readonly config: BrokerConfig;
  readonly log: BrokerLog;
  readonly trace: Trace;
  readonly directory: LogDirectory;
  /** The last process on this directory ended in order. */
  readonly wasClean: boolean;
  /** Its epoch, if it did and had one; else -1. */
  readonly previousBrokerEpoch: number;
  /** directory.id of meta.properties. */
  readonly directoryId: string;
  readonly onFatal: (error: unknown) => void;
}

export class ClusterMetadata {
  /** The committed image of the cluster. */
  readonly metadata: MetadataCache;
  /** What peers and tools ask of the quorum. */
  readonly quorum: QuorumDesk;
  /** The controller of this process, active or not: Envelope and the controller's listener. */
  readonly desk: ControllerDesk;
  /** The road to the active controller. */
  readonly controller: Forwarding;
  readonly lifecycle: BrokerLifecycle;
  readonly #options: ClusterMetadataOptions;
  readonly #heartbeats: Forwarding;
  readonly #addresses: VoterAddresses;
  /** null on a node without a controller's listener: it never votes. */
  readonly #endpoints: VoterEndpoints | null;
  readonly #driver: QuorumDriver;
  readonly #quorumLog: QuorumLog;
  readonly #active: ControllerDriver;
  readonly #watch: BrokerWatch;
  readonly #incarnationId: TopicId;
  #isClosed = false;
  /** The last leader while it is the reason for an election: unheard for a fetch time-out by `atMs`. */
  #silent: { readonly brokerId: number; readonly atMs: number } | null = null;
  #bytesSinceSnapshot = 0;
  #lastSnapshotMs: number;

  constructor(options: ClusterMetadataOptions) {
    const { world, config, directory, wasClean } = options;
    this.#options = options;
    this.#incarnationId = uuidFromBytes(world.random.nextBytes(16));
    this.#lastSnapshotMs = world.clock.monotonicUs() / 1_000;
    this.metadata = new MetadataCache(config.clusterId);
    const voters = configuredVoters(config);
    this.#quorumLog = new QuorumLog(directory, { config: metadataLogConfig(config), wasClean, clock: world.clock, voters });
    this.#addresses = new VoterAddresses(config.voters, () => votersOf(this.#driver.quorum), config.listeners.controllerName);
    this.#driver = this.#createDriver();
    this.#active = new ControllerDriver({ world, settings: toSettings(config), log: this.#controllerLog() });
    this.quorum = this.#createDesk();
    this.#watch = this.#createWatch();
    this.desk = new ControllerDesk({
      controller: this.#active,
      describeQuorum: () => this.#describeQuorum(),
      voters: this.#createVoterDesk(),
    });
    const road = {
      world,
      config,
      desk: this.desk,
      leaderId: (): number | null => this.#driver.leaderId,
      addressOf: (nodeId: number) => this.#addresses.find(nodeId),
      describeLeaderless: () =>
        describeLeaderless({
          epoch: this.#driver.quorum.epoch,
          voters: this.#addresses.voters(),
          listenerName: config.listeners.controllerName,
        }),
    };
    this.controller = new Forwarding({ ...road, purpose: 'forwarding' });
    this.#heartbeats = new Forwarding({ ...road, purpose: 'heartbeat' });
    this.#endpoints = this.#createEndpoints();
    this.lifecycle = this.#createLifecycle();
  }

  #createDriver(): QuorumDriver {
    const { world, config, onFatal } = this.#options;
    return new QuorumDriver({
      world,
      raft: toRaftConfig(this.#options),
      log: this.#quorumLog,
      onFatal,
      onNoRoom: (error) => {
        this.#options.log.error('metadata-log-without-room', { reason: error.message, meaning: noRoomMeaning });
      },
      connect: (give) => new VoterConnections(world, { config, addresses: this.#addresses }, give),
      listener: {
        onSnapshot: ({ id, records }) => {
          this.metadata.replace(records, { endOffset: id.offset, epoch: id.epoch });
        },
        onCommitted: (batches, highWatermark) => {
          this.#onCommitted(batches, highWatermark);
        },
        onLeader: (change) => {
          this.#onLeader(change);
        },
      },
    });
  }

  #createDesk(): QuorumDesk {
    return new QuorumDesk({
      driver: this.#driver,
      addresses: this.#addresses,
      startOffset: () => this.#quorumLog.startOffset,
      onReplicaOffset: (id, offset) => {
        this.#active.noteReplicaOffset(id, offset);
      },
      onReplicaLost: (id) => {
        if (this.#active.isActive) this.#watch.suspect(id);
      },
    });
  }

  #createWatch(): BrokerWatch {
    const { world, config, log } = this.#options;
    return new BrokerWatch({
      world,
      find: (brokerId) => (this.#active.isActive ? this.metadata.image.brokers.get(brokerId) : undefined),
      listenerName: config.listeners.interBroker,
      onGone: (brokerId, brokerEpoch) => {
        log.warn('broker-gone', { gone: brokerId, brokerEpoch });
        this.#active.fenceGone(brokerId, brokerEpoch);
      },
    });
  }

  #createVoterDesk(): VoterDesk {
    const { world, config } = this.#options;
    return new VoterDesk({
      clusterId: config.clusterId,
      listenerName: config.listeners.controllerName,
      changeVoters: (request, timeoutMs) => this.#driver.changeVoters(request, timeoutMs),
      isReachable: (endpoint) => isReachable(world, endpoint, config),
    });
  }

  #createLifecycle(): BrokerLifecycle {
    const { world, config, log, directoryId, previousBrokerEpoch, onFatal } = this.#options;
    return new BrokerLifecycle({
      world,
      config,
      log,
      metadata: this.metadata,
      controller: this.#heartbeats,
      incarnationId: this.#incarnationId,
      directoryId: toTopicId(directoryId),
      previousBrokerEpoch,
      onFatal,
    });
  }

  /** Joins the quorum, or follows it. Returns at once; the image moves on by itself. */
  start(): void {
    this.#driver.start();
    if (!this.#options.config.roles.has('controller')) return;
    const { world, log } = this.#options;
    const ask = () => this.controller.ask(controllerRegistrationApi, this.#controllerRegistration());
    void registerController({ world, log, ask, isWanted: () => !this.#isClosed });
  }

  /** A block of producer ids for this broker alone. */
  async allocateProducerIds(): Promise<ProducerIdBlock> {
    const { errorCode, producerIdStart, producerIdLen } = await this.controller.ask(allocateProducerIdsApi, {
      brokerId: this.#options.config.nodeId,
      brokerEpoch: this.lifecycle.brokerEpoch,
    });
    return { errorCode, firstId: producerIdStart, count: producerIdLen };
  }

  /** The quorum as this node knows it, with the last records of its log. */
  quorumFacts(tail: number): QuorumFacts {
    const { quorum, nowMs } = this.#driver;
    return tellQuorum({ quorum, log: this.#quorumLog, nowMs }, tail);
  }

  /** Gives leadership away and stops. Call lifecycle.shutdown() before, unless the process is in a hurry. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watch.close();
    this.#endpoints?.close();
    this.lifecycle.close();
    this.controller.close();
    this.#heartbeats.close();
    await this.#driver.close();
  }

  #createEndpoints(): VoterEndpoints | null {
    const { world, config, directoryId } = this.#options;
    const { controller } = config.listeners;
    if (controller === null) return null;
    return new VoterEndpoints({
      world,
      clusterId: config.clusterId,
      nodeId: config.nodeId,
      directoryId,
      endpoint: { name: controller.name, ...controller.advertised },
      voters: () => votersOf(this.#driver.quorum),
      epoch: () => this.#driver.quorum.epoch,
      ask: (request) => this.controller.ask(updateRaftVoterApi, request),
    });
  }

  #controllerLog(): ConstructorParameters<typeof ControllerDriver>[0]['log'] {
    const driver = this.#driver;
    return {
      append: (records, epoch) => driver.append(records, epoch),
      get endOffset() {
        return driver.quorum.log.endOffset;
      },
    };
  }

  #onLeader({ epoch, leaderId, cause }: { readonly epoch: number; readonly leaderId: number | null; readonly cause: string }): void {
    const { log, config } = this.#options;
    log.info('quorum-leader', { epoch, leaderId, cause });
    if (cause === leaderSilent) this.#silent = { brokerId: this.metadata.controllerId, atMs: this.#driver.nowMs };
    else if (leaderId !== null && leaderId !== config.nodeId) this.#silent = null;
    this.metadata.setController(leaderId, epoch);
    if (this.#active.isActive && (leaderId !== this.#options.config.nodeId || epoch !== this.#active.epoch)) this.#active.deactivate();
    this.controller.onLeaderChange();
    this.#heartbeats.onLeaderChange();
    if (leaderId !== null) void this.#endpoints?.check();
  }

  /** First the image, then the answers: who asked on this node sees what was done for it. */
  #onCommitted(batches: Iterable<MetadataBatch>, highWatermark: number): void {
    const wasActive = this.#active.isActive;
    const { delta, touched } = this.metadata.apply(this.#counted(batches));
    if (wasActive) for (const fact of toFacts(delta, touched)) this.#options.trace(fact);
    this.#active.onCommitted(highWatermark);
    this.#maybeActivate(highWatermark);
    this.#maybeSnapshot();
  }

  *#counted(batches: Iterable<MetadataBatch>): Generator<MetadataBatch> {
    for (const batch of batches) {
      this.#bytesSinceSnapshot += batch.sizeBytes;
      yield batch;
    }
  }

  /** A leader becomes active once its own epoch is committed: then it knows everything that was decided before. */
  #maybeActivate(highWatermark: number): void {
    const { role, epoch } = this.#driver.quorum;
    if (this.#active.isActive || role.kind !== 'leader' || !hasCommittedInEpoch(role, highWatermark)) return;
    this.#active.activate(epoch, this.metadata.image, highWatermark);
    this.#tellSilence();
    this.#options.trace({ kind: 'controller-elected', controllerId: this.#options.config.nodeId, epoch });
    // Whoever ended with the last controller was heard of by nobody here.
    for (const brokerId of this.metadata.image.brokers.keys()) if (brokerId !== this.#options.config.nodeId) this.#watch.suspect(brokerId);
    this.controller.onLeaderChange();
    this.#heartbeats.onLeaderChange();
  }

  /** Else a frozen controller would have a fetch time-out more to be missed as a broker than any other has. */
  #tellSilence(): void {
    const { config } = this.#options;
    const silent = this.#silent;
    this.#silent = null;
    if (silent === null || silent.brokerId === config.nodeId) return;
    const silentMs = this.#driver.nowMs - silent.atMs + config.get('controller.quorum.fetch.timeout.ms');
    this.#active.noteSilence(silent.brokerId, silentMs);
  }

  #controllerRegistration(): RequestOf<typeof controllerRegistrationApi> {
    const { config } = this.#options;
    const { controller } = config.listeners;
    return {
      controllerId: config.nodeId,
      incarnationId: this.#incarnationId,
      zkMigrationReady: false,
      features: supportedFeatures,
      listeners: controller === null ? [] : [{ name: controller.name, ...controller.advertised, securityProtocol: 0 }],
    };
  }

  #maybeSnapshot(): void {
    const { config, world } = this.#options;
    const nowMs = world.clock.monotonicUs() / 1_000;
    const intervalMs = config.get('metadata.log.max.snapshot.interval.ms');
    const isDue =
      this.#bytesSinceSnapshot >= config.get('metadata.log.max.record.bytes.between.snapshots') ||
      (intervalMs > 0 && nowMs - this.#lastSnapshotMs >= intervalMs);
    if (!isDue) return;
    this.#bytesSinceSnapshot = 0;
    this.#lastSnapshotMs = nowMs;
    const { image } = this.metadata;
    if (this.#driver.saveSnapshot({ offset: image.offset + 1, epoch: image.epoch }, toRecords(image)))
      this.#options.log.info('metadata-snapshot', { endOffset: image.offset + 1, epoch: image.epoch });
  }

  #describeQuorum(): ReturnType<typeof describeQuorum> {
    const { world, config } = this.#options;
    return describeQuorum({
      quorum: this.#driver.quorum,
      voters: this.#addresses.voters(),
      listenerName: config.listeners.controllerName,
      nowMs: this.#driver.nowMs,
      wallMs: world.clock.nowMs(),
    });
  }
}
