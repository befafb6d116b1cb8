import { describe, expect, test } from 'vitest';
import { noDirectory } from '#engine/raft/voter-set.ts';
import type { FetchRequest, RaftBatch, VoteRequest } from '#engine/raft/messages.ts';
import { MachineStopped } from '#engine/sim/disk-machine.ts';
import { SimDisk } from '#engine/sim/disk.ts';
import { seededRandom } from '#engine/sim/random.ts';
import { encodeMetadataBatch } from './metadata-record-codec.ts';
import { note, QuorumBench, type QuorumBenchOptions } from '../testing/quorum-bench.ts';

const three = [1, 2, 3];
const farMs = 60_000_000;

function voteFor(candidateId: number, epoch = 5): VoteRequest {
  return {
    kind: 'vote',
    epoch,
    candidateId,
    candidateDirectoryId: noDirectory,
    voterDirectoryId: noDirectory,
    lastEpoch: 4,
    lastOffset: 100,
    isPreVote: false,
  };
}

function batchAt(baseOffset: number, value: string, epoch = 1): RaftBatch {
  return { baseOffset, lastOffset: baseOffset, epoch, bytes: encodeMetadataBatch([note(value)], { baseOffset, epoch, timestampMs: 1 }) };
}

/** An observer's long poll at the end of the log. */
function fetchAt(fetchOffset: number): FetchRequest {
  return {
    kind: 'fetch',
    epoch: 1,
    replicaId: 9,
    replicaDirectoryId: noDirectory,
    fetchOffset,
    lastFetchedEpoch: 1,
    highWatermark: fetchOffset,
    maxWaitMs: farMs,
  };
}

async function failDisk(bench: QuorumBench): Promise<void> {
  bench.disk.failOnce({ operation: 'sync', path: /\.log$/, code: 'io' });
  bench.driver.append([note('lost')], bench.driver.quorum.epoch);
  await bench.settle();
}

const cutBelowCommitted = { kind: 'diverging', epoch: 0, endOffset: 0 } as const;

/** A follower of node 2 in epoch 1, whose fetch is under way. */
async function follower(options: QuorumBenchOptions = {}): Promise<QuorumBench> {
  const bench = new QuorumBench({ voters: three, ...options });
  bench.driver.start();
  bench.ask({ kind: 'begin-epoch', epoch: 1, leaderId: 2 });
  await bench.settle();
  return bench;
}

function giveBatches(bench: QuorumBench, batches: readonly RaftBatch[], highWatermark: number): void {
  bench.reply(2, { kind: 'fetch', error: 'none', epoch: 1, leaderId: 2, highWatermark, content: { kind: 'batches', batches } });
}

describe('a vote', () => {
  test.each(['kill', 'power loss'] as const)(
    'is on disk before it is answered: no %s makes a node vote twice in one epoch',
    async (how) => {
      let grants = 0;
      for (let stop = 0, hasFinished = false; !hasFinished; stop++) {
        const disk = new SimDisk({ random: seededRandom(stop + 1) });
        const first = new QuorumBench({ voters: three, disk });
        first.driver.start();
        disk.stopAfter(stop);
        const toSecond = first.ask(voteFor(2));
        await first.settle();
        hasFinished = first.fatal.length === 0;
        if (how === 'kill') disk.restartAfterKill();
        else disk.restartAfterPowerLoss();
        const again = new QuorumBench({ voters: three, disk });
        again.driver.start();
        const toThird = again.ask(voteFor(3));
        await again.settle();
        const granted = [toSecond, toThird].filter(({ answer }) => answer?.reply.kind === 'vote' && answer.reply.isGranted);
        expect(granted.length, `stopped at change ${stop}`).toBeLessThanOrEqual(1);
        grants += granted.length;
      }
      expect(grants).toBeGreaterThan(1);
    },
  );

  test('that the disk refuses is not answered, and the process is told that it can not go on', async () => {
    const bench = new QuorumBench({ voters: three });
    bench.driver.start();
    bench.disk.failOnce({ operation: 'write', path: /quorum-state/, code: 'io' });
    const asked = bench.ask(voteFor(2));
    await bench.settle();
    expect([asked, bench.fatal.length]).toEqual([{ answer: null, hasEnded: true }, 1]);
  });
});

describe('a full disk', () => {
  const lastingMs = 60_000;

  function fill(bench: QuorumBench): void {
    bench.disk.setCapacity(bench.disk.usedBytes);
  }

  async function makeRoom(bench: QuorumBench): Promise<void> {
    bench.disk.setCapacity(Infinity);
    await bench.scheduler.run(10_000_000);
  }

  test('lets no vote out before it lies on disk, says so once, and lets it out when there is room', async () => {
    const bench = new QuorumBench({ voters: three });
    bench.driver.start();
    fill(bench);
    const asked = bench.ask(voteFor(2));
    await bench.scheduler.run(500_000);
    expect([asked.hasEnded, bench.noRoom.length, bench.fatal]).toEqual([false, 1, []]);
    await makeRoom(bench);
    expect(asked.answer?.reply).toMatchObject({ kind: 'vote', isGranted: true });
  });

  test('holds a leader’s records back without ending it, for as long as it lasts, and then all of them are committed in order', async () => {
    const bench = new QuorumBench();
    bench.driver.start();
    await bench.settle();
    fill(bench);
    for (const value of ['a', 'b', 'c']) bench.driver.append([note(value.repeat(100))], bench.driver.quorum.epoch);
    await bench.scheduler.run(lastingMs * 1_000);
    expect([bench.applied, bench.fatal, bench.noRoom.length]).toEqual([[], [], 1]);
    await makeRoom(bench);
    expect(bench.applied.map((value) => value[0])).toEqual(['a', 'b', 'c']);
    bench.disk.restartAfterPowerLoss();
    const again = new QuorumBench({ disk: bench.disk });
    again.driver.start();
    await again.settle();
    expect(again.applied.map((value) => value[0])).toEqual(['a', 'b', 'c']);
  });

  test('that takes one of two batches takes the other later: neither is lost, neither comes twice', async () => {
    const bench = await follower();
    const [first, second] = [batchAt(0, 'a'), batchAt(1, 'b'.repeat(5_000))];
    bench.disk.setCapacity(bench.disk.usedBytes + 2_000);
    giveBatches(bench, [first!, second!], 2);
    await bench.scheduler.run(500_000);
    expect([bench.log.endOffset, bench.fatal, bench.noRoom.length]).toEqual([1, [], 1]);
    await makeRoom(bench);
    expect([bench.log.endOffset, bench.applied.map((value) => value[0])]).toEqual([2, ['a', 'b']]);
  });

  test('does not keep the process from closing, and whoever waits is answered', async () => {
    const bench = new QuorumBench({ voters: three });
    bench.driver.start();
    fill(bench);
    const asked = bench.ask(voteFor(2));
    await bench.settle();
    await bench.driver.close();
    expect([asked, bench.fatal]).toEqual([{ answer: null, hasEnded: true }, []]);
    expect(bench.directory.endsUncleanly, 'the next start takes nothing for durable').toBe(true);
    const { length } = bench.sent;
    await makeRoom(bench);
    expect(bench.sent).toHaveLength(length);
  });
});

describe('a contradiction in what peers say', () => {
  test('ends the process by its own channel, and leaves nobody waiting', async () => {
    const bench = await follower();
    giveBatches(bench, [batchAt(0, 'a')], 1);
    await bench.settle();
    bench.reply(2, { kind: 'fetch', error: 'none', epoch: 1, leaderId: 2, highWatermark: 1, content: cutBelowCommitted });
    await bench.settle();
    expect([String(bench.fatal[0]), bench.fatal.length]).toEqual([expect.stringContaining('committed'), 1]);
    const later = bench.ask(voteFor(3));
    await bench.settle();
    expect(later.hasEnded).toBe(true);
  });
});

describe('a crash between append and flush', () => {
  test.each(['kill', 'power loss'] as const)('by %s loses nothing that was acknowledged, wherever it strikes', async (how) => {
    for (let stop = 0, hasFinished = false; !hasFinished; stop++) {
      const disk = new SimDisk({ random: seededRandom(stop + 7) });
      const first = new QuorumBench({ disk });
      first.driver.start();
      await first.settle();
      disk.stopAfter(stop);
      for (const value of ['a', 'b', 'c']) {
        first.driver.append([note(value), note(`${value}${value}`)], first.driver.quorum.epoch);
        await first.settle();
      }
      hasFinished = first.fatal.length === 0;
      expect(hasFinished || first.fatal[0] instanceof MachineStopped, 'only the machine stops it').toBe(true);
      const acknowledged = [...first.applied];
      if (how === 'kill') disk.restartAfterKill();
      else disk.restartAfterPowerLoss();
      const again = new QuorumBench({ disk, seed: 2 });
      again.driver.start();
      await again.settle();
      expect(again.applied.slice(0, acknowledged.length), `stopped at change ${stop}`).toEqual(acknowledged);
      expect(['', 'a,aa', 'a,aa,b,bb', 'a,aa,b,bb,c,cc'], 'a batch is there whole or not at all').toContain(again.applied.join());
      expect(again.driver.quorum.epoch).toBeGreaterThan(first.driver.quorum.epoch);
    }
  });

  test('commits nothing before the flush, and all that queued behind it with one', async () => {
    const bench = new QuorumBench();
    bench.driver.start();
    await bench.settle();
    for (const value of ['a', 'b', 'c']) bench.driver.append([note(value)], bench.driver.quorum.epoch);
    expect(bench.applied).toEqual([]);
    await bench.settle();
    expect(bench.applied).toEqual(['a', 'b', 'c']);
  });
});

describe('a failed fsync', () => {
  async function failed(): Promise<QuorumBench> {
    const bench = new QuorumBench();
    bench.driver.start();
    await bench.settle();
    await failDisk(bench);
    return bench;
  }

  test('is final: nothing is committed, then or later', async () => {
    const bench = await failed();
    expect(bench.fatal).toHaveLength(1);
    bench.driver.append([note('later')], bench.driver.quorum.epoch);
    await bench.scheduler.run(farMs);
    expect([bench.applied, bench.fatal.length]).toEqual([[], 1]);
  });

  test('does not keep the process from closing', async () => {
    const bench = await failed();
    let isClosed = false;
    void bench.driver.close().then(() => {
      isClosed = true;
    });
    await bench.settle();
    expect(isClosed).toBe(true);
  });
});

describe('a follower', () => {
  test('asks for more only once what came is durable: its fetch offset counts towards the majority', async () => {
    const bench = await follower();
    const before = bench.sent.length;
    bench.disk.failOnce({ operation: 'sync', path: /\.log$/, code: 'io' });
    giveBatches(bench, [batchAt(0, 'a')], 0);
    await bench.settle();
    expect([bench.sent.length, bench.fatal.length]).toEqual([before, 1]);
  });

  test('applies what is committed, once and in order, and nothing above the high watermark', async () => {
    const bench = await follower();
    giveBatches(bench, [batchAt(0, 'a'), batchAt(1, 'b')], 1);
    await bench.settle();
    expect(bench.applied).toEqual(['a']);
    expect(bench.lastSent()?.request).toMatchObject({ kind: 'fetch', fetchOffset: 2, lastFetchedEpoch: 1 });
    giveBatches(bench, [batchAt(2, 'c')], 3);
    await bench.settle();
    expect(bench.applied).toEqual(['a', 'b', 'c']);
  });

  test('has lost its uncommitted tail of an old epoch once the new leader told it to, on disk too', async () => {
    const disk = new SimDisk({ random: seededRandom(3) });
    const bench = await follower({ disk });
    giveBatches(bench, [batchAt(0, 'a'), batchAt(1, 'stale')], 1);
    await bench.settle();
    bench.ask({ kind: 'begin-epoch', epoch: 2, leaderId: 3 });
    await bench.settle();
    const answer = { kind: 'fetch', error: 'none', epoch: 2, leaderId: 3, highWatermark: 1 } as const;
    bench.reply(3, { ...answer, content: { kind: 'diverging', epoch: 1, endOffset: 1 } });
    await bench.settle();
    bench.reply(3, { ...answer, highWatermark: 2, content: { kind: 'batches', batches: [batchAt(1, 'new', 2)] } });
    await bench.settle();
    expect(bench.applied).toEqual(['a', 'new']);
    disk.restartAfterPowerLoss();
    const again = new QuorumBench({ voters: three, disk });
    expect(again.log.toRaftLog()).toMatchObject({ startOffset: 0, endOffset: 2 });
    expect([...again.log.readBatches(0, 2)].map(({ epoch }) => epoch)).toEqual([1, 2]);
  });
});

describe('a snapshot from the leader', () => {
  const id = { offset: 3, epoch: 1 };
  const head = { error: 'none', epoch: 1, leaderId: 2 } as const;

  /** The leader's side: a log with a snapshot to fetch from. */
  async function leader(): Promise<QuorumBench> {
    const bench = new QuorumBench({ seed: 30 });
    bench.driver.start();
    await bench.settle();
    bench.driver.append([note('x'), note('y')], bench.driver.quorum.epoch);
    await bench.settle();
    bench.driver.saveSnapshot(id, [note('x'), note('y')]);
    return bench;
  }

  async function offered(disk?: SimDisk): Promise<QuorumBench> {
    const bench = await follower(disk === undefined ? { seed: 5 } : { seed: 5, disk });
    bench.reply(2, { kind: 'fetch', ...head, highWatermark: 3, content: { kind: 'snapshot', id } });
    await bench.settle();
    return bench;
  }

  async function givePiece(bench: QuorumBench, from: QuorumBench, maxBytes: number): Promise<void> {
    const asked = bench.lastSent()?.request;
    if (asked?.kind !== 'fetch-snapshot') throw new Error(`it asks for ${asked?.kind}, not for a piece`);
    bench.reply(2, {
      kind: 'fetch-snapshot',
      ...head,
      id,
      position: asked.position,
      piece: from.log.readSnapshotPiece(id, asked.position, maxBytes),
    });
    await bench.settle();
  }

  test('comes in pieces, replaces everything, and the log goes on behind it', async () => {
    const [bench, from] = [await offered(), await leader()];
    while (bench.lastSent()?.request.kind === 'fetch-snapshot') await givePiece(bench, from, 50);
    expect([bench.snapshots, bench.applied, bench.lastSent()?.request]).toMatchObject([
      1,
      ['x', 'y'],
      { kind: 'fetch', fetchOffset: 3, lastFetchedEpoch: 1 },
    ]);
    giveBatches(bench, [batchAt(3, 'z')], 4);
    await bench.settle();
    expect(bench.applied).toEqual(['x', 'y', 'z']);
  });

  test('that a restart interrupts half way starts over from the first byte', async () => {
    const disk = new SimDisk({ random: seededRandom(6) });
    const from = await leader();
    const interrupted = await offered(disk);
    await givePiece(interrupted, from, 50);
    expect(interrupted.lastSent()?.request).toMatchObject({ kind: 'fetch-snapshot', position: 50 });
    disk.restartAfterPowerLoss();
    const again = await offered(disk);
    expect([again.applied, again.lastSent()?.request]).toMatchObject([[], { kind: 'fetch-snapshot', position: 0 }]);
    while (again.lastSent()?.request.kind === 'fetch-snapshot') await givePiece(again, from, 50);
    expect([again.applied, again.fatal]).toEqual([['x', 'y'], []]);
  });

  test('that ends before it is whole is not installed: the follower asks anew, and lives', async () => {
    const [bench, from] = [await offered(), await leader()];
    await givePiece(bench, from, 50);
    await givePiece(bench, from, 0);
    expect([bench.fatal, bench.snapshots]).toEqual([[], 0]);
    await bench.scheduler.run(100_000);
    expect(bench.lastSent()?.request).toMatchObject({ kind: 'fetch', fetchOffset: 0 });
  });
});

describe('the active controller', () => {
  test('that was deposed appends nothing for its old epoch', async () => {
    const bench = new QuorumBench();
    bench.driver.start();
    await bench.settle();
    const { endOffset } = bench.log;
    expect(bench.driver.append([note('x')], bench.driver.quorum.epoch - 1)).toBeNull();
    await bench.settle();
    expect(bench.log.endOffset).toBe(endOffset);
  });

  test('begins a new epoch at every start: what an earlier life decided and lost can not come back', async () => {
    const epochs: number[] = [];
    const disk = new SimDisk({ random: seededRandom(9) });
    for (let life = 0; life < 3; life++) {
      const bench = new QuorumBench({ disk });
      bench.driver.start();
      await bench.settle();
      epochs.push(bench.driver.quorum.epoch);
      disk.restartAfterKill();
    }
    expect(epochs).toEqual([1, 2, 3]);
  });
});

describe('an answer that waits for an fsync', () => {
  test('asks the follower to come again when a snapshot has taken its records meanwhile', async () => {
    const bench = new QuorumBench();
    bench.driver.start();
    await bench.settle();
    const { epoch } = bench.driver.quorum;
    for (const value of ['a', 'b', 'c']) bench.driver.append([note(value)], epoch);
    await bench.settle();
    bench.disk.holdSyncs();
    bench.driver.append([note('d')], epoch);
    const fetch = { kind: 'fetch', epoch, replicaId: 2, replicaDirectoryId: noDirectory, highWatermark: 0, maxWaitMs: 0 } as const;
    const asked = bench.ask({ ...fetch, fetchOffset: 1, lastFetchedEpoch: epoch });
    for (const offset of [2, 3]) bench.driver.saveSnapshot({ offset, epoch }, [note('a'), note('b')]);
    expect(bench.log.startOffset).toBeGreaterThan(1);
    bench.disk.releaseSyncs();
    await bench.settle();
    expect(bench.fatal).toEqual([]);
    expect(asked.answer).toMatchObject({ reply: { kind: 'fetch', error: 'none', content: { kind: 'nothing' } }, records: null });
    const again = bench.ask({ ...fetch, fetchOffset: 1, lastFetchedEpoch: epoch });
    await bench.settle();
    expect(again.answer).toMatchObject({ reply: { content: { kind: 'snapshot' } } });
  });
});

describe('closing', () => {
  test('finishes what is under way: an append that was taken is durable', async () => {
    const bench = new QuorumBench();
    bench.driver.start();
    await bench.settle();
    bench.driver.append([note('last')], bench.driver.quorum.epoch);
    await bench.driver.close();
    bench.disk.restartAfterPowerLoss();
    const again = new QuorumBench({ disk: bench.disk });
    again.driver.start();
    await again.settle();
    expect(again.applied).toEqual(['last']);
  });

  test.each([
    ['in order', (bench: QuorumBench) => bench.driver.close()],
    ['by a failed disk', failDisk],
  ])('%s answers whoever waits and whoever comes later: no promise stays open', async (_how, end) => {
    const bench = new QuorumBench();
    bench.driver.start();
    await bench.settle();
    const waiting = bench.ask(fetchAt(bench.driver.quorum.log.endOffset));
    await bench.settle();
    expect(waiting.hasEnded).toBe(false);
    await end(bench);
    await bench.settle();
    const later = bench.ask(voteFor(2));
    await bench.settle();
    expect([waiting.hasEnded, later]).toEqual([true, { answer: null, hasEnded: true }]);
  });

  test('leaves no timer behind that could wake it', async () => {
    const bench = await follower();
    await bench.driver.close();
    const { length } = bench.sent;
    await bench.scheduler.run(farMs);
    expect(bench.sent).toHaveLength(length);
  });
});
