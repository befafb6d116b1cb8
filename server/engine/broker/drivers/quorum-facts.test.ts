// What the controller's page is told of a node. The risks: a vote, a leader or a granter that isn't true any more, a
// countdown below nought, a tail that is not the log's last records, and one odd record that takes the whole page along.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MetadataRecord } from '#engine/controller/records.ts';
import { buildControlBatch, type ControlType } from '#engine/protocol/records/control-record.ts';
import type { RaftBatch } from '#engine/raft/messages.ts';
import type { QuorumFacts } from '#engine/trace/process-link.ts';
import { note, QuorumBench } from '../testing/quorum-bench.ts';
import { topicIdOf } from '../testing/static-metadata.ts';
import { encodeLeaderChange, encodeMetadataBatch } from './metadata-record-codec.ts';
import { tellQuorum } from './quorum-facts.ts';
import { noDirectory } from '#engine/raft/voter-set.ts';
import { encodeVoters } from './voter-records.ts';

const three = [1, 2, 3];

function tell({ driver, log }: QuorumBench, tail = 0): QuorumFacts {
  return tellQuorum({ quorum: driver.quorum, log, nowMs: driver.nowMs }, tail);
}

function started(voters: readonly number[]): QuorumBench {
  const bench = new QuorumBench({ voters });
  bench.driver.start();
  return bench;
}

/** The only voter, and so the leader: its log begins with its own leader change at offset 0. */
async function leader(): Promise<QuorumBench> {
  const bench = started([1]);
  await bench.settle();
  return bench;
}

async function write(bench: QuorumBench, ...batches: readonly (readonly MetadataRecord[])[]): Promise<void> {
  for (const records of batches) bench.driver.append(records, bench.driver.quorum.epoch);
  await bench.settle();
}

/** Follows node 2 in epoch 4, and has heard nothing of its log yet. */
async function follower(): Promise<QuorumBench> {
  const bench = started(three);
  bench.ask({ kind: 'begin-epoch', epoch: 4, leaderId: 2 });
  await bench.settle();
  return bench;
}

/** The leader's answer to the fetch under way. */
async function give(bench: QuorumBench, batches: readonly RaftBatch[]): Promise<void> {
  bench.reply(2, { kind: 'fetch', error: 'none', epoch: 4, leaderId: 2, highWatermark: 0, content: { kind: 'batches', batches } });
  await bench.settle();
}

const place = { baseOffset: 0, epoch: 4, timestampMs: 7 };
const leaderChange: RaftBatch = {
  baseOffset: 0,
  lastOffset: 0,
  epoch: 4,
  bytes: encodeLeaderChange({ leaderId: 2, voters: three, grantingVoters: [2, 3] }, place),
};

const noteOf = (fields: string): string => (JSON.parse(fields) as { readonly value: string }).value;

describe('who leads and who was voted for', () => {
  test('a leader is its own leader and voter, stands in no election, and its log says who granted it', async () => {
    expect(tell(await leader())).toMatchObject({
      nodeId: 1,
      role: 'leader',
      epoch: 1,
      leaderId: 1,
      votedId: 1,
      electionInMs: null,
      grantedBy: [1],
      highWatermark: 1,
      logStartOffset: 0,
      logEndOffset: 1,
      snapshot: null,
    });
  });

  test('a follower that gave no vote claims none, and who granted its leader is unknown until the log says so', async () => {
    const bench = await follower();
    expect(tell(bench)).toMatchObject({ role: 'follower', epoch: 4, leaderId: 2, votedId: null, grantedBy: null, logEndOffset: 0 });
    await give(bench, [leaderChange]);
    expect(tell(bench)).toMatchObject({ leaderId: 2, grantedBy: [2, 3], logEndOffset: 1 });
  });

  test('a vote given is told, though its candidate leads nothing yet', async () => {
    const bench = started(three);
    bench.ask({
      kind: 'vote',
      epoch: 5,
      candidateId: 3,
      candidateDirectoryId: noDirectory,
      voterDirectoryId: noDirectory,
      lastEpoch: 4,
      lastOffset: 100,
      isPreVote: false,
    });
    await bench.settle();
    expect(tell(bench)).toMatchObject({ role: 'voted', epoch: 5, votedId: 3, leaderId: null, grantedBy: null });
  });

  test('who granted an older epoch is not told of the present one', async () => {
    const bench = await follower();
    await give(bench, [leaderChange]);
    bench.ask({ kind: 'begin-epoch', epoch: 6, leaderId: 3 });
    await bench.settle();
    expect(tell(bench)).toMatchObject({ epoch: 6, leaderId: 3, grantedBy: null });
  });

  test('who granted the leader is unknown once the log no longer reaches back to its election', async () => {
    const bench = await leader();
    await write(bench, [note('a')], [note('b')]);
    for (const offset of [2, 3]) bench.driver.saveSnapshot({ offset, epoch: 1 }, [note('a')]);
    const facts = tell(bench, 10);
    expect(facts.logStartOffset).toBeGreaterThan(0);
    expect(facts).toMatchObject({ role: 'leader', leaderId: 1, votedId: 1, grantedBy: null });
    expect(facts.tail.map(({ offset }) => offset)).toEqual([2]);
  });
});

describe('the countdown', () => {
  test('runs down with the time since the leader was heard, and never below nought', async () => {
    const bench = await follower();
    const first = tell(bench).electionInMs ?? -1;
    expect(first).toBeGreaterThan(0);
    const { quorum, nowMs } = bench.driver;
    const at = (laterMs: number): number | null => tellQuorum({ quorum, log: bench.log, nowMs: nowMs + laterMs }, 0).electionInMs;
    expect([at(100), at(first), at(first + 60_000)]).toEqual([first - 100, 0, 0]);
  });

  test('an observer has none: it never stands', async () => {
    const bench = new QuorumBench({ nodeId: 9, voters: three });
    bench.driver.start();
    await bench.settle();
    expect(tell(bench)).toMatchObject({ nodeId: 9, role: 'observer', electionInMs: null, votedId: null });
  });
});

describe('the newest snapshot', () => {
  test('is told with its place, size and time, and an older one never', async () => {
    const bench = await leader();
    await write(bench, [note('a')], [note('b')]);
    for (const offset of [1, 2]) bench.driver.saveSnapshot({ offset, epoch: 1 }, [note('a')]);
    const { snapshot } = tell(bench);
    expect(snapshot).toMatchObject({ offset: 2, epoch: 1 });
    expect(snapshot?.sizeBytes).toBeGreaterThan(0);
    expect(snapshot?.atMs).toBeGreaterThanOrEqual(0);
  });
});

describe('the tail', () => {
  test('is not read when nobody asks for it, and an empty log has none', async () => {
    const bench = await leader();
    await write(bench, [note('a')]);
    expect(tell(bench, 0).tail).toEqual([]);
    expect(tell(started(three), 10).tail).toEqual([]);
  });

  test('whatever the batches, it is the last records in their order, each once, even from the middle of a batch', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 12 }), fc.nat(40), async (sizes, tail) => {
        const bench = await leader();
        let written = 0;
        await write(bench, ...sizes.map((size) => Array.from({ length: size }, () => note(`note-${(written += 1)}`))));
        const told = tell(bench, tail).tail;
        const end = written + 1;
        expect(told.map(({ offset }) => offset)).toEqual(Array.from({ length: end }, (_, offset) => offset).slice(Math.max(0, end - tail)));
        for (const { name, offset, fields } of told) if (name === 'ConfigRecord') expect(noteOf(fields)).toBe(`note-${offset}`);
      }),
      { numRuns: 60 },
    );
  });

  test('is bounded, however much is asked for', async () => {
    const bench = await leader();
    await write(
      bench,
      Array.from({ length: 700 }, (_, index) => note(String(index))),
    );
    const { tail, logEndOffset } = tell(bench, 1_000_000);
    expect([tail.length, tail[0]?.offset, tail.at(-1)?.offset]).toEqual([500, logEndOffset - 500, logEndOffset - 1]);
  });

  test('of records that are too large to read them all is the newest of them, to the very last', async () => {
    const bench = await leader();
    for (let index = 1; index <= 30; index += 1) await write(bench, [note('x'.repeat(100_000))]);
    const { tail, logEndOffset } = tell(bench, 30);
    expect(tail.map(({ offset }) => offset)).toEqual(Array.from({ length: tail.length }, (_, index) => logEndOffset - tail.length + index));
    expect(tail.length).toBeGreaterThan(1);
    await write(bench, [note('x'.repeat(2_000_000))]);
    expect(tell(bench, 30).tail.at(-1)?.offset, 'one that is larger than all that may be read').toBe(logEndOffset);
  });

  test('names each record as Kafka does, with epoch and time, and leaves out the fields that say nothing', async () => {
    const bench = await leader();
    await write(bench, [{ type: 'PartitionChange', partitionId: 3, topicId: topicIdOf(1), leader: 2, isr: [2, 3] }]);
    const [change, partition] = tell(bench, 2).tail;
    expect(change).toMatchObject({ offset: 0, epoch: 1, name: 'LeaderChangeMessage', version: 0 });
    expect(JSON.parse(change!.fields)).toMatchObject({ leaderId: 1, voters: [{ voterId: 1 }], grantingVoters: [{ voterId: 1 }] });
    expect(partition).toMatchObject({ offset: 1, epoch: 1, name: 'PartitionChangeRecord' });
    const fields = JSON.parse(partition!.fields) as Readonly<Record<string, unknown>>;
    expect(fields).toMatchObject({ partitionId: 3, leader: 2, isr: [2, 3] });
    expect(Object.values(fields)).not.toContain(null);
    expect(fields).not.toHaveProperty('replicas');
  });

  test('cuts one long record and keeps the rest', async () => {
    const bench = await leader();
    await write(bench, [note('x'.repeat(50_000))], [note('short')]);
    const [long, short] = tell(bench, 2).tail;
    expect([long?.fields.length, long?.fields.endsWith('…'), noteOf(short!.fields)]).toEqual([4_001, true, 'short']);
  });

  test.each<[ControlType, string]>([
    ['snapshot-header', 'SnapshotHeaderRecord'],
    ['snapshot-footer', 'SnapshotFooterRecord'],
    ['abort', 'EndTxnMarker'],
  ])('tells a control record of type %s by its name', async (type, name) => {
    const bench = await follower();
    const bytes = buildControlBatch([{ type, value: new Uint8Array(6) }], 7, { baseOffset: 0, leaderEpoch: 4 });
    await give(bench, [{ baseOffset: 0, lastOffset: 0, epoch: 4, bytes }]);
    const facts = tell(bench, 5);
    expect(facts.tail).toMatchObject([{ offset: 0, epoch: 4, atMs: 7, name, fields: '{}' }]);
    expect(facts.grantedBy, 'an epoch that begins otherwise names nobody').toBeNull();
  });

  test('tells who the log says may vote, and since which version', async () => {
    const bench = await follower();
    const set = {
      kraftVersion: 1,
      voters: [{ nodeId: 2, directoryId: noDirectory, endpoints: [{ name: 'CONTROLLER', host: 'h', port: 9 }] }],
    };
    await give(bench, [
      { baseOffset: 0, lastOffset: 1, epoch: 4, bytes: encodeVoters(set, true, { baseOffset: 0, epoch: 4, timestampMs: 7 }) },
    ]);
    const [version, voters] = tell(bench, 5).tail;
    expect([version?.name, voters?.name]).toEqual(['KRaftVersionRecord', 'VotersRecord']);
    expect(JSON.parse(version!.fields)).toMatchObject({ kRaftVersion: 1 });
    expect(JSON.parse(voters!.fields)).toMatchObject({ voters: [{ voterId: 2, endpoints: [{ host: 'h', port: 9 }] }] });
  });

  test('goes on behind a control record of a type that this release doesn’t know', async () => {
    const bench = await follower();
    const bytes = buildControlBatch([{ type: 'nobody-knows' as ControlType, value: new Uint8Array(6) }], 7, {
      baseOffset: 0,
      leaderEpoch: 4,
    });
    const next = encodeMetadataBatch([note('behind')], { ...place, baseOffset: 1 });
    await give(bench, [
      { baseOffset: 0, lastOffset: 0, epoch: 4, bytes },
      { baseOffset: 1, lastOffset: 1, epoch: 4, bytes: next },
    ]);
    expect(tell(bench, 5).tail.map(({ name }) => name)).toEqual(['control record', 'ConfigRecord']);
  });
});
