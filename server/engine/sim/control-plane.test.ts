// Whole brokers in the simulated world. One voter: what must outlive the loss of a disk, of the controller, and of both at
// the worst moment. Three voters: any one of them may go, at any moment, and nothing that was answered is taken back.

import { describe, expect, test } from 'vitest';
import { errorCodes } from '../protocol/error-codes.ts';
import { ControlPlane, metadataLog, secondUs } from './testing/control-plane.ts';

const oneVoter = { nodes: 2, voters: [1] };
const threeVoters = { nodes: 3, voters: [1, 2, 3] };
const timeout = 240_000;
/** Kafka's default. */
const sessionUs = 9 * secondUs;

/** The names of segments begin with their first offset. */
function segmentStarts(plane: ControlPlane, nodeId: number): readonly number[] {
  const names = plane
    .node(nodeId)
    .disk.list(metadataLog)
    .map(({ name }) => name);
  return names.filter((name) => name.endsWith('.log')).map((name) => Number.parseInt(name, 10));
}

async function createMany(plane: ControlPlane, nodeId: number, prefix: string): Promise<readonly string[]> {
  const names = Array.from({ length: 12 }, (_, index) => `${prefix}-${String(index).padStart(2, '0')}`);
  for (const name of names) expect(await plane.createTopic(nodeId, name)).toBe(0);
  return names;
}

describe('one voter', () => {
  test('an observer that lost its disk catches up over FetchSnapshot: the log it would need is gone', { timeout }, async () => {
    const plane = await ControlPlane.started({ seed: 1, ...oneVoter });
    const observer = plane.node(2);
    const names = await createMany(plane, 2, 'topic');
    observer.kill();
    observer.disk.remove('/data');
    // Whoever lost its disk is a new process to the controller once the session of the old one is over.
    observer.start();
    await plane.scheduler.run(30 * secondUs);
    expect(plane.fatal).toEqual([]);
    expect(await plane.topicsOn(2)).toEqual(names);
    expect(Math.min(...segmentStarts(plane, 2)), 'its log begins behind a snapshot').toBeGreaterThan(0);
  });

  test('registration and heartbeats outlive the controller: it comes back, and the observer serves as before', { timeout }, async () => {
    const plane = await ControlPlane.started({ seed: 2, ...oneVoter });
    expect(await plane.createTopic(2, 'before')).toBe(0);
    plane.node(1).kill();
    await plane.scheduler.run(15 * secondUs);
    plane.node(1).start();
    await plane.scheduler.run(10 * secondUs);
    expect(await plane.createTopic(2, 'after')).toBe(0);
    // The controller answers; that this broker has read and fsynced the record too takes a moment more.
    await plane.scheduler.run(secondUs);
    expect(await plane.topicsOn(2)).toEqual(['after', 'before']);
    expect(plane.fatal).toEqual([]);
  });

  test('a broker stops in bounded time though the controller it should hand over to is gone', { timeout }, async () => {
    const plane = await ControlPlane.started({ seed: 3, ...oneVoter });
    plane.node(1).kill();
    await plane.scheduler.run(secondUs);
    await plane.settle(plane.node(2).stop(), 15 * secondUs);
    expect(plane.node(2).isUp).toBe(false);
  });
});

describe('three voters', () => {
  test.each([1, 2, 3])(
    'a frozen controller is missed as a broker as soon as any other: the election takes nothing off its session (seed %i)',
    { timeout },
    async (seed) => {
      const plane = await ControlPlane.started({ seed, ...threeVoters });
      const { leaderId } = await plane.describeQuorum(1);
      const others = plane.nodes.filter(({ nodeId }) => nodeId !== leaderId);
      const isMissed = (): boolean => others.every((node) => node.inspect()?.metadata.broker(leaderId)?.isFenced === true);
      plane.node(leaderId).freeze();
      await plane.scheduler.run(sessionUs - 3 * secondUs);
      expect(isMissed(), 'its session is not over yet').toBe(false);
      expect(await plane.scheduler.until(isMissed, 4 * secondUs), 'nor does it last longer than that').toBe(true);
      plane.node(leaderId).thaw();
      await plane.scheduler.run(5 * secondUs);
      expect(others.every((node) => node.inspect()?.metadata.broker(leaderId)?.isFenced === false)).toBe(true);
      expect(plane.fatal).toEqual([]);
    },
  );

  test.each([1, 2, 3, 4, 5])('the active controller dies, the next one has its image and goes on (seed %i)', { timeout }, async (seed) => {
    const plane = await ControlPlane.started({ seed, ...threeVoters });
    const kept = await createMany(plane, 2, 'kept');
    const { leaderId, leaderEpoch } = await plane.describeQuorum(1);
    const [asked, other] = [1, 2, 3].filter((id) => id !== leaderId) as [number, number];
    plane.node(leaderId).kill();
    expect(await plane.createTopic(asked, 'after')).toBe(0);
    const next = await plane.describeQuorum(other);
    expect(next.leaderId).not.toBe(leaderId);
    expect(next.leaderEpoch).toBeGreaterThan(leaderEpoch);
    await plane.scheduler.run(2 * secondUs);
    expect(await plane.topicsOn(other)).toEqual(['after', ...kept]);
    plane.node(leaderId).start();
    await plane.scheduler.run(20 * secondUs);
    expect(await plane.topicsOn(leaderId)).toEqual(['after', ...kept]);
    expect(plane.fatal).toEqual([]);
  });

  test('with one of three left metadata is frozen, what is known is still told, and two are enough to go on', { timeout }, async () => {
    const plane = await ControlPlane.started({ seed: 11, ...threeVoters });
    expect(await plane.createTopic(1, 'before')).toBe(0);
    const { leaderId } = await plane.describeQuorum(1);
    const [left, gone] = [1, 2, 3].filter((id) => id !== leaderId) as [number, number];
    plane.node(leaderId).kill();
    plane.node(gone).kill();
    expect(await plane.createTopic(left, 'frozen', 5_000)).toBe(errorCodes.REQUEST_TIMED_OUT);
    expect(await plane.topicsOn(left)).toEqual(['before']);
    plane.node(gone).start();
    expect(await plane.createTopic(left, 'thawed')).toBe(0);
    plane.node(leaderId).start();
    await plane.scheduler.run(20 * secondUs);
    for (const nodeId of [1, 2, 3]) expect(await plane.topicsOn(nodeId)).toEqual(['before', 'thawed']);
    expect(plane.fatal).toEqual([]);
  });

  test('a leader that is cut off answers nobody as done, resigns, and comes back as a follower', { timeout }, async () => {
    const plane = await ControlPlane.started({ seed: 12, ...threeVoters });
    const { leaderId, leaderEpoch } = await plane.describeQuorum(1);
    const other = leaderId === 1 ? 2 : 1;
    plane.isolate(leaderId);
    expect(await plane.createTopic(leaderId, 'minority', 8_000)).not.toBe(0);
    expect(await plane.createTopic(other, 'majority')).toBe(0);
    expect((await plane.describeQuorum(other)).leaderEpoch).toBeGreaterThan(leaderEpoch);
    plane.network.heal();
    await plane.scheduler.run(30 * secondUs);
    for (const nodeId of [1, 2, 3]) expect(await plane.topicsOn(nodeId)).toEqual(['majority']);
    expect(plane.fatal).toEqual([]);
  });

  test(
    'a controller that slept through its successor’s election decides nothing more, whatever it is asked first',
    { timeout },
    async () => {
      const plane = await ControlPlane.started({ seed: 19, ...threeVoters });
      const { leaderId, leaderEpoch } = await plane.describeQuorum(1);
      const other = leaderId === 1 ? 2 : 1;
      plane.node(leaderId).freeze();
      const startedUs = plane.scheduler.nowUs;
      expect(await plane.createTopic(other, 'asleep')).toBe(0);
      expect(plane.scheduler.nowUs - startedUs, 'a little more than the fetch time-out').toBeLessThan(4 * secondUs);
      plane.node(leaderId).thaw();
      expect(await plane.createTopic(leaderId, 'awake')).toBe(0);
      expect(await plane.createTopic(leaderId, 'asleep')).toBe(errorCodes.TOPIC_ALREADY_EXISTS);
      expect((await plane.describeQuorum(leaderId)).leaderEpoch).toBeGreaterThan(leaderEpoch);
      await plane.scheduler.run(10 * secondUs);
      for (const nodeId of [1, 2, 3]) expect(await plane.topicsOn(nodeId)).toEqual(['asleep', 'awake']);
      expect(plane.fatal).toEqual([]);
    },
  );

  test('a voter that can hear and not speak, or speak and not hear, unseats nobody for long', { timeout }, async () => {
    const plane = await ControlPlane.started({ seed: 13, ...threeVoters });
    const { leaderId } = await plane.describeQuorum(1);
    const half = leaderId === 3 ? 2 : 3;
    for (const [from, to] of [
      [half, leaderId],
      [leaderId, half],
    ] as const) {
      plane.network.cut(from, to);
      await plane.scheduler.run(10 * secondUs);
      expect(await plane.createTopic(leaderId, `cut-${from}-${to}`)).toBe(0);
      plane.network.heal();
      await plane.scheduler.run(10 * secondUs);
    }
    expect(await plane.topicsOn(half)).toHaveLength(2);
    expect(plane.fatal).toEqual([]);
  });

  test('a voter that slept while the log it needs went away takes the snapshot, votes, and can lead', { timeout }, async () => {
    const plane = await ControlPlane.started({ seed: 14, ...threeVoters });
    const { leaderId } = await plane.describeQuorum(1);
    const [sleeper, other] = [1, 2, 3].filter((id) => id !== leaderId) as [number, number];
    plane.node(sleeper).kill();
    const names = await createMany(plane, leaderId, 'meanwhile');
    plane.node(sleeper).start();
    await plane.scheduler.run(20 * secondUs);
    expect(Math.min(...segmentStarts(plane, sleeper)), 'its log begins behind a snapshot').toBeGreaterThan(0);
    plane.node(other).kill();
    await plane.scheduler.run(secondUs);
    plane.node(leaderId).kill();
    plane.node(other).start();
    await plane.scheduler.run(20 * secondUs);
    expect(await plane.topicsOn(sleeper)).toEqual(names);
    expect(await plane.createTopic(sleeper, 'z')).toBe(0);
    expect(plane.fatal).toEqual([]);
  });

  test('a leader that stops in order hands over: the next one acts at once, and its broker is fenced', { timeout }, async () => {
    const plane = await ControlPlane.started({ seed: 15, ...threeVoters });
    const { leaderId, leaderEpoch } = await plane.describeQuorum(1);
    const other = leaderId === 1 ? 2 : 1;
    await plane.settle(plane.node(leaderId).stop(), 15 * secondUs);
    const startedUs = plane.scheduler.nowUs;
    expect(await plane.createTopic(other, 'after')).toBe(0);
    expect(plane.scheduler.nowUs - startedUs, 'no time-out was waited for').toBeLessThan(secondUs);
    expect(await plane.describeQuorum(other)).toMatchObject({ leaderEpoch: leaderEpoch + 1 });
    await plane.scheduler.run(secondUs);
    const fenced = plane.facts.filter((fact) => fact.kind === 'broker-fenced').map(({ registeredId }) => registeredId);
    expect(fenced).toEqual([leaderId]);
  });

  test('all that stop at once stop in bounded time, and come back with everything', { timeout }, async () => {
    const plane = await ControlPlane.started({ seed: 16, ...threeVoters });
    const names = await createMany(plane, 1, 'kept');
    await plane.settle(Promise.all(plane.nodes.map((node) => node.stop())), 20 * secondUs);
    for (const node of plane.nodes) node.start();
    await plane.scheduler.run(10 * secondUs);
    for (const nodeId of [1, 2, 3]) expect(await plane.topicsOn(nodeId)).toEqual(names);
    expect(plane.fatal).toEqual([]);
  });

  test('power lost everywhere at once: what was answered as created is there afterwards', { timeout }, async () => {
    const plane = await ControlPlane.started({ seed: 17, ...threeVoters });
    const names = await createMany(plane, 2, 'answered');
    for (const node of plane.nodes) node.losePower();
    for (const node of plane.nodes) node.start();
    await plane.scheduler.run(20 * secondUs);
    for (const nodeId of [1, 2, 3]) expect(await plane.topicsOn(nodeId)).toEqual(names);
    expect(plane.fatal).toEqual([]);
  });

  test('DescribeQuorum is the leader’s truth on every broker: who votes, who observes, how far each is', { timeout }, async () => {
    const plane = await ControlPlane.started({ seed: 18, nodes: 4, voters: [1, 2, 3] });
    await plane.createTopic(4, 't');
    await plane.scheduler.run(secondUs);
    const seen = await plane.describeQuorum(4);
    expect(seen.currentVoters.map(({ replicaId }) => replicaId).sort()).toEqual([1, 2, 3]);
    expect(seen.observers.map(({ replicaId }) => replicaId)).toEqual([4]);
    for (const replica of [...seen.currentVoters, ...seen.observers]) {
      expect(replica.logEndOffset).toBe(seen.highWatermark);
      expect(replica.lastCaughtUpTimestamp).toBeGreaterThan(0);
    }
    const behind = [1, 2, 3].find((id) => id !== seen.leaderId) as number;
    plane.node(behind).kill();
    await plane.createTopic(4, 'u');
    await plane.scheduler.run(5 * secondUs);
    const later = await plane.describeQuorum(4);
    const lagging = later.currentVoters.find(({ replicaId }) => replicaId === behind);
    expect(lagging?.logEndOffset).toBe(seen.highWatermark);
    expect(later.highWatermark).toBeGreaterThan(seen.highWatermark);
  });
});

test('controllers of their own: brokers register with whoever leads, and notice no change of it', { timeout }, async () => {
  const plane = await ControlPlane.started({ seed: 21, nodes: 5, voters: [1, 2, 3], areVotersDedicated: true });
  expect(await plane.createTopic(4, 'before')).toBe(0);
  const { leaderId, currentVoters, observers } = await plane.describeQuorum(5);
  expect(currentVoters.map(({ replicaId }) => replicaId).sort()).toEqual([1, 2, 3]);
  expect(observers.map(({ replicaId }) => replicaId).sort()).toEqual([4, 5]);
  plane.node(leaderId).kill();
  expect(await plane.createTopic(4, 'after')).toBe(0);
  await plane.scheduler.run(20 * secondUs);
  expect(await plane.topicsOn(5)).toEqual(['after', 'before']);
  const fenced = plane.facts.filter((fact) => fact.kind === 'broker-fenced');
  expect(fenced, 'the brokers’ sessions went on at the new controller').toEqual([]);
  expect(plane.fatal).toEqual([]);
});
