// What the configuration says of the metadata quorum, in the terms of those who carry it out: the state machine's times, the
// controller's defaults, the metadata log's limits, and who votes before the log says so.

import type { ControllerSettings } from '#engine/controller/decision.ts';
import { maxInt64 } from '#engine/protocol/schema.ts';
import type { RaftConfig } from '#engine/raft/types.ts';
import { noDirectory, type VoterNode, type VoterSet } from '#engine/raft/voter-set.ts';
import { defaultLogConfig, type LogConfig } from '#engine/storage/log-config.ts';
import type { World } from '#engine/world/ports.ts';
import type { BrokerConfig } from '../config.ts';

/** What counts until the log names its voters itself. */
export function configuredVoters({ voters, listeners }: BrokerConfig): VoterSet {
  const toNode = ({ nodeId, host, port }: BrokerConfig['voters'][number]): VoterNode => ({
    nodeId,
    directoryId: noDirectory,
    endpoints: [{ name: listeners.controllerName, host, port }],
  });
  return { kraftVersion: 0, voters: voters.toSorted((a, b) => a.nodeId - b.nodeId).map(toNode) };
}

export interface NodePlace {
  readonly world: World;
  readonly config: BrokerConfig;
  /** directory.id of meta.properties. */
  readonly directoryId: string;
}

export function toRaftConfig({ world, config, directoryId }: NodePlace): RaftConfig {
  return {
    nodeId: config.nodeId,
    directoryId,
    upgradesVoters: config.kraftVersion > 0,
    seed: world.random.nextInt(0x7fff_ffff),
    electionTimeoutMs: config.get('controller.quorum.election.timeout.ms'),
    electionBackoffMaxMs: config.get('controller.quorum.election.backoff.max.ms'),
    fetchTimeoutMs: config.get('controller.quorum.fetch.timeout.ms'),
    requestTimeoutMs: config.get('controller.quorum.request.timeout.ms'),
    retryBackoffMs: config.get('controller.quorum.retry.backoff.ms'),
    fetchMaxWaitMs: 500,
  };
}

export function toSettings(config: BrokerConfig): ControllerSettings {
  return {
    clusterId: config.clusterId,
    defaultPartitions: config.get('num.partitions'),
    defaultReplicationFactor: config.get('default.replication.factor'),
    sessionTimeoutMs: config.get('broker.session.timeout.ms'),
    ...(config.get('auto.leader.rebalance.enable')
      ? { leaderBalanceMs: config.get('leader.imbalance.check.interval.seconds') * 1_000 }
      : {}),
    staticConfigs: config.staticTexts,
  };
}

/** Age and size alone never delete metadata: only a snapshot lets the log behind it go. */
export function metadataLogConfig(config: BrokerConfig): LogConfig {
  return {
    ...defaultLogConfig,
    segmentBytes: config.get('metadata.log.segment.bytes'),
    segmentMs: config.get('metadata.log.segment.ms'),
    maxMessageBytes: 0x7fff_ffff,
    retentionMs: -1,
    retentionBytes: -1,
    timestampAfterMaxMs: maxInt64,
    fileDeleteDelayMs: 60_000,
  };
}
