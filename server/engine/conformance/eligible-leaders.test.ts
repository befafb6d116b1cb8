// Who may lead when nobody is in sync (KIP-966), against real broker processes that really end. The risks: the last copy in
// sync comes back without its tail and takes acknowledged records away, or what a leader alone has is taken for committed.
// Broker 1 votes and holds no copies, so that all the others may be gone at once.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { TraceEvent } from '#engine/trace/events.ts';
import { AskedPartition, patience } from './asked-partition.ts';
import { startCluster, type TestCluster } from './cluster-fixture.ts';

const replicas = [2, 3, 4];
let cluster: TestCluster;
let partition: AskedPartition;
let count = 0;

beforeAll(async () => {
  cluster = await startCluster({ brokers: 4, voters: 1, settings: { 'min.insync.replicas': '2' } });
});
afterAll(async () => {
  partition?.close();
  await cluster?.close();
});

beforeEach(async () => {
  for (const id of replicas) if (!cluster.brokers[id - 1]!.isRunning()) await cluster.restart(id);
  partition?.close();
  count += 1;
  partition = new AskedPartition(cluster.bootstrap.slice(0, 1), `eligible-${count}`);
  for (const id of replicas) await expect.poll(() => partition.knows(id), patience).toBe(true);
  await partition.create(replicas);
});

async function acknowledged(...values: readonly string[]): Promise<void> {
  expect(await partition.produce(values)).toMatchObject({ errorCode: 0 });
}

/** Why leaders were named, the last named last, as viewers of the cluster are told. */
function namings(): readonly (readonly [leader: number, why: string | undefined])[] {
  return cluster.brokers[0]!.facts.filter(
    (fact): fact is TraceEvent & { kind: 'leader-changed' } => fact.kind === 'leader-changed' && fact.topic === partition.topic,
  ).map(({ leaderId, why }) => [leaderId, why?.kind] as const);
}

/** Two copies end without a word, the second one while it is alone: what the third one has is all that is left. */
async function loseTwo(): Promise<void> {
  await acknowledged('by all three');
  await cluster.kill(4);
  await partition.becomes({ leader: 2, isr: [2, 3], eligible: [] });
  await acknowledged('by two');
}

describe('below the minimum', () => {
  test('whoever leaves the in-sync set is eligible, and what the rest takes on is not committed until they are back', async () => {
    await loseTwo();
    await cluster.kill(3);
    await partition.becomes({ leader: 2, isr: [2], eligible: [3], lastKnown: [] });
    expect(await partition.produce(['refused'])).toMatchObject({ errorCode: errorCodes.NOT_ENOUGH_REPLICAS });
    expect(await partition.produce(['taken on'], 1)).toMatchObject({ errorCode: 0, baseOffset: 2 });
    expect(await partition.fetch(2, 0)).toMatchObject({ highWatermark: 2, values: ['by all three', 'by two'] });
    await cluster.restart(3);
    await partition.becomes({ leader: 2, isr: [2, 3], eligible: [] });
    await expect.poll(() => partition.fetch(2, 2), patience).toMatchObject({ highWatermark: 3, values: ['taken on'] });
  });
});

describe('when nobody is in sync', () => {
  test('an eligible copy leads as soon as it is back, and holds all that was acknowledged; what was not is gone', async () => {
    await loseTwo();
    // In order: its disk is whole, so that it stays eligible.
    expect(await cluster.stop(3)).toBe(0);
    await partition.becomes({ leader: 2, isr: [2], eligible: [3] });
    expect(await partition.produce(['only on 2'], 1)).toMatchObject({ errorCode: 0, baseOffset: 2 });
    const { epoch } = (await partition.state())!;
    await cluster.kill(2);
    await partition.becomes({ leader: -1, isr: [], eligible: [2, 3], lastKnown: [2] });

    await cluster.restart(4);
    await expect.poll(() => partition.knows(4), patience).toBe(true);
    expect(await partition.state(), 'it lacks what two acknowledged').toMatchObject({ leader: -1, isr: [] });

    await cluster.restart(3);
    await partition.becomes({ leader: 3 });
    expect((await partition.state())!.epoch).toBeGreaterThan(epoch);
    expect(await partition.logEnd(3)).toBe(2);
    await expect.poll(() => namings().at(-1), patience).toEqual([3, 'elected-eligible']);
    await cluster.restart(2);
    await partition.becomes({ leader: 3, isr: replicas, eligible: [], lastKnown: [] });
    await acknowledged('after');
    expect(await partition.readAll(3)).toEqual(['by all three', 'by two', 'after']);
    for (const id of replicas) await expect.poll(() => partition.logEnd(id), patience).toBe(3);
  });

  test('and every one ended without order, whoever led last leads, and viewers are told that this was unclean', async () => {
    await loseTwo();
    await cluster.kill(3);
    await partition.becomes({ leader: 2, isr: [2], eligible: [3] });
    await cluster.kill(2);
    await partition.becomes({ leader: -1, isr: [], eligible: [2, 3], lastKnown: [2] });
    await cluster.restart(3);
    await partition.becomes({ leader: -1, eligible: [2], lastKnown: [2] });
    await cluster.restart(2);
    await partition.becomes({ leader: 2, lastKnown: [] });
    await expect.poll(() => namings().at(-1), patience).toEqual([2, 'elected-last-known']);
    await cluster.restart(4);
    await partition.becomes({ leader: 2, isr: replicas, eligible: [] });
    // Its process was killed and its machine was not: the disk kept everything.
    await expect.poll(() => partition.readAll(2), patience).toEqual(['by all three', 'by two']);
  });
});

describe('an unclean election', () => {
  /** Only broker 4 is there, and it lacks what the two others acknowledged. */
  async function onlyTheStaleCopy(): Promise<void> {
    await loseTwo();
    await cluster.kill(3);
    await partition.becomes({ isr: [2] });
    await cluster.kill(2);
    await partition.becomes({ leader: -1, isr: [] });
    await cluster.restart(4);
    await expect.poll(() => partition.knows(4), patience).toBe(true);
    expect(await partition.state(), 'it is never chosen by itself').toMatchObject({ leader: -1 });
  }

  async function everybodyFollows(): Promise<void> {
    await partition.becomes({ leader: 4, isr: [4], eligible: [], lastKnown: [] });
    await expect.poll(() => namings().at(-1), patience).toEqual([4, 'elected-unclean']);
    expect(await partition.logEnd(4)).toBe(1);
    for (const id of [2, 3]) await cluster.restart(id);
    await partition.becomes({ leader: 4, isr: replicas });
    await acknowledged('in its place');
    for (const id of replicas) await expect.poll(() => partition.logEnd(id), patience).toBe(2);
    expect(await partition.readAll(4)).toEqual(['by all three', 'in its place']);
  }

  test('is held the moment the topic allows it; the others cut what the new leader lacks', async () => {
    await onlyTheStaleCopy();
    await partition.setTopic({ 'unclean.leader.election.enable': 'true' });
    await everybodyFollows();
  });

  test('is held when an operator asks for it, and refused where nobody could lead', async () => {
    await onlyTheStaleCopy();
    await cluster.kill(4);
    await expect.poll(() => partition.knows(4), patience).toBe(false);
    expect(await partition.electUncleanly()).toBe(errorCodes.ELIGIBLE_LEADERS_NOT_AVAILABLE);
    await cluster.restart(4);
    await expect.poll(() => partition.knows(4), patience).toBe(true);
    expect(await partition.electUncleanly()).toBe(0);
    await everybodyFollows();
    expect(await partition.electUncleanly()).toBe(errorCodes.ELECTION_NOT_NEEDED);
  });
});
