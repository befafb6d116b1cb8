import { describe, expect, test } from 'vitest';
import { DecodeError } from '#engine/bytes/errors.ts';
import type { Shard, Turn } from '#engine/coordinator/shard.ts';
import { patchOffsetAndEpoch } from '#engine/protocol/records/batch.ts';
import { buildBatch } from '#engine/protocol/records/batch-builder.ts';
import { buildControlBatch } from '#engine/protocol/records/control-record.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';
import { silentLog } from '../broker-log.ts';
import type { LocalRead, PartitionPort } from '../partition-port.ts';
import { ManualTime } from '../testing/manual-time.ts';
import { CoordinatorLoader } from './coordinator-loader.ts';

type NoteTurn = Turn<never, string, never>;

/** Remembers what was replayed; a value of "?" is one that it can't decode. */
class NoteShard implements Shard<never, string, never> {
  readonly notes: string[] = [];
  decide(): void {
    /* the loader never asks for a decision */
  }
  replay(note: string): string {
    this.notes.push(note);
    return '';
  }
  loaded(turn: NoteTurn): void {
    turn.cancel(`loaded ${this.notes.length}`);
  }
}

function batch(baseOffset: number, values: readonly string[]): Uint8Array {
  const bytes = buildBatch(values.map((value) => ({ key: Buffer.from('k'), value: Buffer.from(value), timestamp: 1 })));
  patchOffsetAndEpoch(bytes, 0, { baseOffset, leaderEpoch: 1 });
  return bytes;
}

/** A loader over these slices, by the offset they are read at. */
function loading(slices: ReadonlyMap<number, Uint8Array>, ends: { logStartOffset?: number; highWatermark: number; logEndOffset: number }) {
  const time = new ManualTime();
  const log = { logStartOffset: 0, ...ends };
  const reads: number[] = [];
  let isThere = true;
  const partitions: Pick<PartitionPort, 'readLocal'> = {
    readLocal: (_partition, offset): LocalRead | undefined => {
      reads.push(offset);
      return isThere ? { ...log, records: slices.get(offset) ?? new Uint8Array(0) } : undefined;
    },
  };
  const shard = new NoteShard();
  const outcome = { loaded: [] as NoteTurn[], failed: [] as string[], isWanted: true };
  const loader = new CoordinatorLoader<never, string, never>({
    kind: {
      topic: 'notes',
      createShard: () => shard,
      toBytes: () => {
        throw new Error('nothing is written');
      },
      refuse: () => null,
      fromBytes: ({ value }) => {
        const text = Buffer.from(value ?? []).toString();
        if (text === '?') throw new DecodeError('bad-length', 0, 'no such version');
        return text === 'foreign' ? null : text;
      },
    },
    surroundings: {
      world: { ...nodeWorld(), clock: time, timers: time },
      partitions: partitions as PartitionPort,
      trace: () => {},
      log: silentLog,
      commitTimeoutMs: 1,
      loadBufferBytes: 1,
    },
    partition: 0,
  });
  loader.run(shard, {
    isWanted: () => outcome.isWanted,
    onLoaded: (turn) => outcome.loaded.push(turn),
    onFailed: (reason) => outcome.failed.push(reason),
  });
  return {
    time,
    log,
    reads,
    shard,
    outcome,
    lose: () => {
      isThere = false;
    },
  };
}

function concat(...chunks: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(chunks);
}

describe('loading', () => {
  test('replays every batch in order, a slice a turn, so that other work goes on between', () => {
    const { time, shard, outcome } = loading(
      new Map([
        [0, concat(batch(0, ['a']), batch(1, ['b', 'c']))],
        [3, batch(3, ['d'])],
      ]),
      { highWatermark: 4, logEndOffset: 4 },
    );
    expect([shard.notes, outcome.loaded.length]).toEqual([['a', 'b', 'c'], 0]);
    time.turn();
    time.turn();
    expect([shard.notes.slice(0, 4), outcome.loaded.length, outcome.failed]).toEqual([['a', 'b', 'c', 'd'], 1, []]);
  });

  test('waits until all it has read is committed: another leader might not have it', () => {
    const { time, log, reads, outcome } = loading(new Map([[0, batch(0, ['a'])]]), { highWatermark: 0, logEndOffset: 1 });
    time.turn();
    time.advance(10_000);
    expect(outcome.loaded).toEqual([]);
    expect(reads.length, 'it looks ever more seldom').toBeLessThanOrEqual(50);
    log.highWatermark = 1;
    time.advance(500);
    expect(outcome.loaded).toHaveLength(1);
  });

  test('begins where the log begins once its head was compacted away', () => {
    const { time, shard, reads, outcome } = loading(new Map([[5, batch(5, ['kept'])]]), {
      logStartOffset: 5,
      highWatermark: 6,
      logEndOffset: 6,
    });
    time.turn();
    expect([shard.notes[0], reads.slice(0, 2), outcome.loaded.length]).toEqual(['kept', [0, 5], 1]);
  });

  test('passes over control batches and records of other kinds', () => {
    const marker = buildControlBatch([{ type: 'leader-change', value: new Uint8Array(4) }], 1, { baseOffset: 0, leaderEpoch: 1 });
    const { shard, outcome, time } = loading(new Map([[0, concat(marker, batch(1, ['foreign', 'a']))]]), {
      highWatermark: 3,
      logEndOffset: 3,
    });
    time.turn();
    expect([shard.notes[0], outcome.failed]).toEqual(['a', []]);
  });

  test('ends without a word when the partition was resigned meanwhile', () => {
    const { time, outcome } = loading(new Map([[0, batch(0, ['a'])]]), { highWatermark: 1, logEndOffset: 1 });
    outcome.isWanted = false;
    time.turn();
    time.advance(10_000);
    expect([outcome.loaded, outcome.failed, time.pendingTimers]).toEqual([[], [], 0]);
  });

  test('fails when the log goes away under it', () => {
    const { time, outcome, lose } = loading(new Map([[0, batch(0, ['a'])]]), { highWatermark: 1, logEndOffset: 1 });
    lose();
    time.turn();
    expect([outcome.loaded, outcome.failed]).toEqual([[], ['the log is not there']]);
  });
});

describe('a damaged log', () => {
  test('is a clear error that says where, and half a state is never taken for the whole', () => {
    const damaged = batch(2, ['committed offset 7']);
    damaged[damaged.length - 3]! ^= 0x01;
    const { time, outcome } = loading(
      new Map([
        [0, batch(0, ['a', 'b'])],
        [2, damaged],
      ]),
      { highWatermark: 3, logEndOffset: 3 },
    );
    time.turn();
    time.advance(60_000);
    expect([outcome.loaded, outcome.failed]).toEqual([[], ['the batch at offset 2 is damaged: bad-crc']]);
  });

  test('with a batch that ends too soon fails instead of reading on for ever', () => {
    const { time, outcome } = loading(new Map([[0, concat(batch(0, ['a']), batch(1, ['b']).subarray(0, 40))]]), {
      highWatermark: 2,
      logEndOffset: 2,
    });
    time.advance(60_000);
    expect([outcome.loaded, outcome.failed]).toEqual([[], ['the batch at offset 1 is damaged: truncated']]);
  });

  test('with a record that can not be decoded names the place and the reason', () => {
    const { outcome } = loading(new Map([[0, batch(0, ['a', '?', 'c'])]]), { highWatermark: 3, logEndOffset: 3 });
    expect(outcome.loaded).toEqual([]);
    expect(outcome.failed).toEqual([expect.stringMatching(/^a record before offset 3 can't be read: .*no such version/)]);
  });
});
