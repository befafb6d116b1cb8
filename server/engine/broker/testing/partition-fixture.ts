// A partition driver over real files in a directory of its own, with metadata and time in the test's hands.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLogConfig } from '#engine/storage/log-config.ts';
import { LogManager } from '#engine/storage/log-manager.ts';
import type { Fact } from '#engine/trace/events.ts';
import { BufferPool } from '#engine/bytes/buffer-pool.ts';
import { createMetrics } from '#engine/trace/metrics.ts';
import { noFaults } from '#engine/world/faults.ts';
import { faultyWorld } from '#engine/world/faulty/faulty-world.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { buildBatch, type BatchOptions } from '#engine/protocol/records/batch-builder.ts';
import type { RecordInput } from '#engine/protocol/records/record.ts';
import type { World } from '#engine/world/ports.ts';
import { silentLog } from '../broker-log.ts';
import { createBrokerConfig, type BrokerConfig } from '../config.ts';
import { PartitionDriver } from '../drivers/partition.ts';
import type { FetchCommand, FetchPartition, ProduceCommand } from '../partition-port.ts';
import { zeroTopicId } from '#engine/base/brand.ts';
import { ScriptedBroker } from '#engine/client/testing/scripted-broker.ts';
import { ScriptedController } from './scripted-controller.ts';
import { ManualTime } from './manual-time.ts';
import { StaticMetadata } from './static-metadata.ts';

export const testClient = { connectionId: 7, clientId: 'tester', address: '127.0.0.1:1' };

export interface PartitionFixture {
  readonly time: ManualTime;
  readonly metadata: StaticMetadata;
  readonly driver: PartitionDriver;
  readonly logs: LogManager;
  readonly facts: Fact[];
  readonly directory: string;
  readonly world: World;
  readonly config: BrokerConfig;
  readonly controller: ScriptedController;
  /** Whether the broker is sure that it isn't fenced. */
  readonly session: { isSure: boolean };
  /** Whoever this broker fetches from: it sees the requests, and the test answers them. */
  readonly otherBroker: ScriptedBroker;
  /** Closes the logs and opens them anew, as a restart does; 'killed' leaves no clean-shutdown marker. */
  restart(how: 'stopped' | 'killed'): Promise<PartitionFixture>;
  /** Writes find no room from now on, or do again. */
  setDiskFull(isFull: boolean): void;
  remove(): void;
}

export function testConfig(directory: string, settings: Readonly<Record<string, string>> = {}): BrokerConfig {
  return createBrokerConfig(
    {
      nodeId: 1,
      roles: ['broker', 'controller'],
      host: '127.0.0.1',
      port: 9092,
      controllerPort: 9192,
      voters: [{ nodeId: 1, host: '127.0.0.1', port: 9192 }],
      dataDirectory: directory,
      clusterId: 'test-cluster-id-000000',
    },
    new Map(Object.entries(settings)),
  );
}

export function partitionFixture(settings: Readonly<Record<string, string>> = {}, brokerIds: readonly number[] = [1, 2]): PartitionFixture {
  const directory = mkdtempSync(join(tmpdir(), 'logarium-partition-'));
  return open({ directory, settings, time: new ManualTime(), metadata: new StaticMetadata(brokerIds) });
}

interface Opening {
  readonly directory: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly time: ManualTime;
  readonly metadata: StaticMetadata;
}

function open(opening: Opening): PartitionFixture {
  const { directory, time, metadata } = opening;
  const config = testConfig(directory, opening.settings);
  const otherBroker = new ScriptedBroker();
  const disk = faultyWorld(nodeWorld());
  const world: World = { ...disk.world, clock: time, timers: time, network: otherBroker.network };
  const facts: Fact[] = [];
  const trace = (fact: Fact): void => {
    facts.push(fact);
  };
  const logs = new LogManager({
    path: directory,
    files: world.files,
    compression: world.compression,
    random: world.random,
    trace,
    nowMs: time.nowMs(),
    configFor: () => defaultLogConfig,
    onFailed: (error) => {
      throw error;
    },
  });
  const controller = new ScriptedController();
  const session = { isSure: true };
  const driver = new PartitionDriver({
    config,
    world,
    trace,
    metrics: createMetrics(),
    buffers: new BufferPool({ maxKeptBytes: 1024 * 1024, poisons: true }),
    log: silentLog,
    logs,
    metadata,
    controller: controller.port,
    brokerEpoch: () => 1,
    isSureOfSession: () => session.isSure,
  });
  driver.begin();
  return {
    controller,
    session,
    otherBroker,
    time,
    metadata,
    driver,
    logs,
    facts,
    directory,
    world,
    config,
    async restart(how) {
      driver.end();
      if (how === 'stopped') await logs.close();
      return open(opening);
    },
    setDiskFull(isFull) {
      disk.setFaults({ ...noFaults, disk: { ...noFaults.disk, isFull } });
    },
    remove() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

// -- requests ------------------------------------------------------------------------------------------

export function textRecords(values: readonly string[]): readonly RecordInput[] {
  return values.map((value, index) => ({ key: Buffer.from(`k${index}`), value: Buffer.from(value), timestamp: 1_000_000 }));
}

export function textBatch(values: readonly string[], options: BatchOptions = {}): Uint8Array {
  return buildBatch(textRecords(values), options);
}

export function produceCommand(topic: string, records: Uint8Array | null, change: Partial<ProduceCommand> = {}): ProduceCommand {
  return { topic, partition: 0, records, acks: 1, timeoutMs: 1000, apiVersion: 11, transactionalId: null, client: testClient, ...change };
}

export function fetchPartition(topic: string, fetchOffset: number, change: Partial<FetchPartition> = {}): FetchPartition {
  return {
    topic,
    topicId: zeroTopicId,
    partition: 0,
    fetchOffset,
    maxBytes: 1_000_000,
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
    ...change,
  };
}

export function fetchCommand(partitions: readonly FetchPartition[], change: Partial<FetchCommand> = {}): FetchCommand {
  return {
    partitions,
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 10_000_000,
    isReadCommitted: false,
    replicaId: -1,
    replicaEpoch: -1,
    clientRack: null,
    client: testClient,
    onDisconnect: () => {},
    memory: { take: (sizeBytes) => Buffer.alloc(sizeBytes), release: () => {} },
    ...change,
  };
}
