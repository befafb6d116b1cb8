// Every setting that this broker defines, with the test that sees its effect. A setting is refused, or acts, or says that it doesn't:
// a new definition doesn't compile here before somebody has said where it can be seen to act. Most are seen from outside
// (`sim/settings.test.ts`, `sim/log-settings.test.ts`); those that a room takes over unchanged are seen to arrive there, and in the room's own test.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { withoutEffect } from '#engine/controller/configs/config-effect.ts';
import { brokerConfigs } from '#engine/controller/configs/config-tables.ts';
import { configResourceTypes } from '#engine/controller/records.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { brokerConfigDefinitions, type BrokerConfigName } from './config-definitions.ts';
import type { BrokerConfig } from './config.ts';
import { toGroupSettings } from './drivers/group-coordinator.ts';
import { topicSettings } from './drivers/log-settings.ts';
import { metadataLogConfig, toRaftConfig, toSettings } from './drivers/quorum-settings.ts';
import { testConfig } from './testing/partition-fixture.ts';

/** A test by its file, from server/engine on, and its title. */
type Test = `${string}.test.ts: ${string}`;

/** What a room takes over: a pure function of the configuration. */
type Room = 'log' | 'groups' | 'raft' | 'controller' | 'metadata log';

type Effect = Test | { readonly value: string; readonly arrivesAt: Room; readonly seenBy: Test };

const bySimulation = (title: string): Test => `sim/settings.test.ts: ${title}`;
const byLogsInSimulation = (title: string): Test => `sim/log-settings.test.ts: ${title}`;
const inLog = (value: string, seenBy: Test): Effect => ({ value, arrivesAt: 'log', seenBy });
const inRaft = (value: string, seenBy: Test): Effect => ({ value, arrivesAt: 'raft', seenBy });
const inGroups = (value: string, seenBy: Test): Effect => ({ value, arrivesAt: 'groups', seenBy });

const identity = 'broker/command-line.test.ts: who the node is may be said by settings as well, once';
const otherNames = 'broker/command-line.test.ts: %j: a setting that contradicts a flag is refused';
const severalListeners = 'broker/listeners.test.ts: several have names; each advertises its own address, brokers use the named one';
const rolls = byLogsInSimulation('%j: nine seconds of records roll');
const compacts = byLogsInSimulation('%j: a log whose policy says compact is compacted within a minute');
const levels = 'broker/drivers/topic-codec.test.ts: %s at level %i takes less room than at level %i';
const polls = 'broker/drivers/replica-fetcher.test.ts: asks for as much, and for as long, as the settings say';
const throttles = 'broker/drivers/replication-throttles.test.ts: %j: 2,000 bytes at 1,000 a second may be followed by more after %i ms';
const sessions = bySimulation('%j: a broker that stands still is fenced within six seconds');
const snapshots = bySimulation('%j: a snapshot of the metadata is taken within ten seconds');

const effects: Readonly<Record<BrokerConfigName, Effect>> = {
  'node.id': identity,
  'broker.id': otherNames,
  'broker.rack': 'conformance/follower-fetching.test.ts: the leader sends a consumer to the copy of its rack, and nobody else',
  'process.roles': identity,
  listeners: severalListeners,
  'advertised.listeners': severalListeners,
  'listener.security.protocol.map': 'broker/listeners.test.ts: %j is refused in words',
  'inter.broker.listener.name': severalListeners,
  'controller.listener.names': "broker/listeners.test.ts: the controller's listener is found by its name",
  'controller.quorum.voters': identity,
  'log.dirs': identity,
  'log.dir': otherNames,
  'connections.max.idle.ms':
    'conformance/bad-input.test.ts: an idle one is closed after connections.max.idle.ms, whatever it left unfinished',
  'max.connections': bySimulation('max.connections turns away who comes too many, and may be raised while the broker runs'),
  'socket.listen.backlog.size': 'broker/server.test.ts: socket.listen.backlog.size is what the operating system is asked to keep',
  'socket.request.max.bytes': 'broker/config.test.ts: memory for requests that holds not even one of the largest is refused',
  'request.timeout.ms': bySimulation('%j: a request that waits for a controller is answered within five seconds'),
  'max.request.partition.size.limit': bySimulation('%j: a page of DescribeTopicPartitions'),
  'queued.max.requests': 'broker/server.test.ts: queued.max.requests bounds what a connection has under way',
  'queued.max.request.bytes': 'broker/server.test.ts: queued.max.request.bytes bounds what the requests of all connections hold',
  'auto.create.topics.enable':
    'broker/handlers/data-path.test.ts: asking for a topic that is not there has it created, unless client or broker forbid it',
  'delete.topic.enable': bySimulation('%j: a topic is deleted, or that is refused'),
  'num.partitions': bySimulation('%j: a topic created without a number of partitions'),
  'default.replication.factor': bySimulation('%j: a topic created without a number of replicas'),
  'min.insync.replicas': 'broker/drivers/partition.test.ts: with acks=all below min.insync.replicas is refused before anything is written',
  'unclean.leader.election.enable':
    'controller/partitions/elect-leaders.test.ts: happens by itself only where the topic, the cluster or the operator allows it',
  'logarium.max.partitions.per.broker': 'conformance/partition-bound.test.ts: takes what fits, and one more is refused with words',
  'message.max.bytes': inLog('1000', 'storage/append-check.test.ts: a batch above max.message.bytes is refused by that name'),
  'compression.type': 'broker/drivers/topic-codec.test.ts: compression.type=%s: stored under it, records as they were',
  'compression.gzip.level': levels,
  'compression.zstd.level': levels,
  'log.cleanup.policy': inLog('compact', 'storage/retention.test.ts: a topic that is only compacted loses nothing'),
  'log.segment.bytes': byLogsInSimulation('%j: a megabyte in five batches rolls'),
  'log.roll.ms': rolls,
  'log.roll.hours': inLog('1', rolls),
  'log.roll.jitter.ms': rolls,
  'log.roll.jitter.hours': inLog('1', rolls),
  'log.retention.bytes': inLog('1000', 'storage/retention.test.ts: takes a segment only when all of it is above the limit'),
  'log.retention.ms': inLog('1000', 'storage/retention.test.ts: takes what is older, and keeps what is exactly as old as allowed'),
  'log.retention.minutes': inLog('1', 'storage/retention.test.ts: takes what is older, and keeps what is exactly as old as allowed'),
  'log.retention.hours': inLog('1', 'storage/retention.test.ts: takes what is older, and keeps what is exactly as old as allowed'),
  'log.retention.check.interval.ms': byLogsInSimulation('%j: old segments are gone within a minute'),
  'log.segment.delete.delay.ms': inLog('1', 'storage/partition-log.test.ts: removes the files for good after the delay only'),
  'log.index.interval.bytes': byLogsInSimulation('%j: five batches of 700 bytes have entries in the index'),
  'log.index.size.max.bytes': byLogsInSimulation('%j: a megabyte in five batches rolls'),
  'log.flush.interval.messages': inLog(
    '1',
    'storage/log-manager.test.ts: counts only what is on the device while flush.messages is reached',
  ),
  'log.flush.interval.ms': inLog('1', 'storage/log-manager.test.ts: flushes by time when flush.ms says so'),
  'log.flush.scheduler.interval.ms': inLog('1', 'storage/log-manager.test.ts: flushes by time when flush.ms says so'),
  'log.flush.offset.checkpoint.interval.ms': byLogsInSimulation('%s says when %s is written'),
  'log.message.timestamp.type': inLog('LogAppendTime', 'storage/append-check.test.ts: a topic with LogAppendTime takes any timestamp'),
  'log.message.timestamp.before.max.ms': inLog('1', 'storage/append-check.test.ts: timestamps may be as far off as the topic allows'),
  'log.message.timestamp.after.max.ms': inLog('1', 'storage/append-check.test.ts: timestamps may be as far off as the topic allows'),
  'log.cleaner.enable': compacts,
  'log.cleaner.backoff.ms': compacts,
  'log.cleaner.delete.retention.ms': inLog('1', 'storage/log-cleaner.test.ts: keeps a tombstone until its horizon has passed'),
  'log.cleaner.min.compaction.lag.ms': inLog('1', 'storage/cleaner-plan.test.ts: ends before the first segment that is younger'),
  'log.cleaner.max.compaction.lag.ms': inLog('1', 'storage/cleaner-plan.test.ts: does not wait for the ratio'),
  'log.cleaner.min.cleanable.ratio': inLog('0.1', 'storage/cleaner-plan.test.ts: waits until the dirty share is above the ratio'),
  'producer.id.expiration.ms': byLogsInSimulation('%j, %s set while it runs: an idle producer is remembered'),
  'fetch.max.bytes': bySimulation('%j: partitions of 1,000 bytes in one fetch'),
  'max.incremental.fetch.session.cache.slots': bySimulation('%j: a fetch session is granted'),
  'replica.lag.time.max.ms':
    'broker/drivers/partition-replication.test.ts: loses who lags, but only when the metadata says so: until then the leaver counts',
  'replica.fetch.max.bytes': polls,
  'replica.fetch.min.bytes': polls,
  'replica.fetch.wait.max.ms': polls,
  'replica.fetch.backoff.ms': 'broker/drivers/replica-fetcher.test.ts: up to replica.fetch.backoff.ms',
  'replica.fetch.response.max.bytes': polls,
  'replica.socket.timeout.ms': bySimulation('%j: a follower whose request is never answered dials its leader again within ten seconds'),
  'num.replica.fetchers': bySimulation('num.replica.fetchers says over how many connections a leader is copied'),
  'replication.quota.window.num': throttles,
  'replication.quota.window.size.seconds': throttles,
  'replica.selector.class': 'broker/drivers/partition-nearby.test.ts: keeps everybody where the operator chose no selector',
  'replica.high.watermark.checkpoint.interval.ms': byLogsInSimulation('%s says when %s is written'),
  'group.initial.rebalance.delay.ms': inGroups('1', 'coordinator/group/classic/classic-group.test.ts: waits for the initial delay'),
  'group.min.session.timeout.ms': bySimulation('%j: a member asks for a session of %i ms'),
  'group.max.session.timeout.ms': bySimulation('%j: a member asks for a session of %i ms'),
  'group.max.size': inGroups('1', 'coordinator/group/classic/classic-group.test.ts: turns away who comes when the group is full'),
  'offset.metadata.max.bytes': bySimulation('%j: a commit with a note of four characters'),
  'offsets.commit.timeout.ms': 'broker/drivers/coordinator-runtime.test.ts: is refused when the commit takes too long',
  'offsets.load.buffer.size': 'broker/drivers/coordinator-loader.test.ts: replays every batch in order, a slice a turn',
  'offsets.retention.minutes': inGroups('1', 'coordinator/group/offsets.test.ts: takes offsets of a group that never had members'),
  'offsets.retention.check.interval.ms': inGroups(
    '1',
    'coordinator/group/offsets.test.ts: takes offsets of a group that never had members',
  ),
  'offsets.topic.num.partitions': 'broker/drivers/coordinator-runtime.test.ts: makes the topic once, with the settings Kafka gives it',
  'offsets.topic.replication.factor': 'broker/drivers/coordinator-runtime.test.ts: makes the topic once, with the settings Kafka gives it',
  'offsets.topic.segment.bytes': bySimulation('offsets.topic.segment.bytes is what the topic of the groups is made with'),
  'broker.heartbeat.interval.ms': 'broker/drivers/broker-lifecycle.test.ts: come one at a time, at their interval',
  'broker.session.timeout.ms': sessions,
  'initial.broker.registration.timeout.ms': bySimulation('%j: a broker that finds no controller for ten seconds'),
  'controlled.shutdown.enable': bySimulation('%j: broker 2 hands over to the controller before it stops'),
  'controller.quorum.election.timeout.ms': inRaft('7', 'raft/election.test.ts: split between two candidates ends in a new one'),
  'controller.quorum.election.backoff.max.ms': inRaft('7', 'raft/election.test.ts: with a pause that is bounded and jittered'),
  'controller.quorum.fetch.timeout.ms': inRaft('7', 'raft/follower.test.ts: for a fetch time-out makes a voter ask for votes'),
  'controller.quorum.request.timeout.ms':
    'broker/drivers/quorum-peers.test.ts: towards a peer that never answers: undelivered once its time-out is over',
  'controller.quorum.retry.backoff.ms': inRaft('7', "raft/follower.test.ts: a fetch that can't be delivered is tried again after a pause"),
  'metadata.log.max.record.bytes.between.snapshots': snapshots,
  'metadata.log.max.snapshot.interval.ms': snapshots,
  'metadata.log.segment.bytes': {
    value: '8388608',
    arrivesAt: 'metadata log',
    seenBy: byLogsInSimulation('%j: a megabyte in five batches rolls'),
  },
  'metadata.log.segment.ms': { value: '1000', arrivesAt: 'metadata log', seenBy: rolls },
  'auto.leader.rebalance.enable': {
    value: 'false',
    arrivesAt: 'controller',
    seenBy: 'broker/drivers/controller.test.ts: looks after the balance of leaders again and again, while it is active',
  },
  'leader.imbalance.check.interval.seconds': {
    value: '7',
    arrivesAt: 'controller',
    seenBy: 'broker/drivers/controller.test.ts: looks after the balance of leaders again and again, while it is active',
  },
};

const noOverrides = { configOverrides: () => new Map<string, string>() };
/** Draws nothing: the seed of elections is the only input of a room that no setting gives. */
const world = { ...nodeWorld(), random: { ...nodeWorld().random, nextInt: () => 1 } };
const rooms: Readonly<Record<Room, (config: BrokerConfig) => unknown>> = {
  log: (config) => topicSettings('t', config, noOverrides),
  groups: toGroupSettings,
  raft: (config) => toRaftConfig({ world, config, directoryId: '' }),
  controller: (config) => ({ ...toSettings(config), staticConfigs: null }),
  'metadata log': metadataLogConfig,
};

function requireTest(reference: Test): void {
  const at = reference.indexOf(': ');
  const path = fileURLToPath(new URL(`../${reference.slice(0, at)}`, import.meta.url));
  expect(existsSync(path), path).toBe(true);
  // The title as it stands there, whatever quotes are around it.
  const text = readFileSync(path, 'utf8').replaceAll("\\'", "'").replaceAll('’', "'");
  expect(text.includes(reference.slice(at + 2)), reference).toBe(true);
}

describe('every setting acts where a test sees it', () => {
  test.each(Object.entries(effects))('%s', (name, effect) => {
    if (typeof effect === 'string') return requireTest(effect);
    requireTest(effect.seenBy);
    const settingsOf = rooms[effect.arrivesAt];
    expect(settingsOf(testConfig('/data', { [name]: effect.value }))).not.toEqual(settingsOf(testConfig('/data')));
  });

  test('and what Kafka knows beside them says that it has no effect, and why', () => {
    for (const { name } of brokerConfigs.values()) {
      const acts = name in brokerConfigDefinitions;
      const isSilent = withoutEffect(configResourceTypes.broker, name) !== null;
      expect([name, acts, isSilent]).toEqual([name, acts, !acts]);
    }
  });
});
