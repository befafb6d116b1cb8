// A random but repeatable life of one log, and what must be true of it after a crash at any moment.

import { buildTransactionMarker } from '#engine/protocol/records/control-record.ts';
import { baseOffset, nextOffset } from '#engine/protocol/records/batch.ts';
import { batchesIn } from '#engine/protocol/records/batch-check.ts';
import { MachineStopped } from '#engine/sim/disk-machine.ts';
import type { SimDisk } from '#engine/sim/disk.ts';
import { seededRandom, type SeededRandom } from '#engine/sim/random.ts';
import { ProducerTable, type ProducerState } from '../producer-state.ts';
import { append, batchOf, openFixture, readBatches, type Fixture } from './fixture.ts';

/** What the outside world was told, against which a recovered log is held. */
export interface Told {
  /** Every batch ever appended, by base offset: a log cut back and grown again has several. */
  readonly ever: Map<number, Uint8Array[]>;
  /** The log as it stood after the last call that returned. */
  current: Map<number, Uint8Array>;
  /** Everything below was acknowledged as flushed and not cut since. */
  flushed: number;
  /** Everything below was appended by calls that returned, and not cut since. */
  appended: number;
  /** The highest log start that was ever asked for. */
  logStart: number;
  /** True once a segment was taken from the front: producers may then be known from snapshots only. */
  hasDeleted: boolean;
}

interface Life {
  readonly fixture: Fixture;
  readonly told: Told;
  readonly random: SeededRandom;
  readonly sequences: Map<number, number>;
  readonly open: Set<number>;
  nowMs: number;
}

/** Runs `steps` random steps; stops quietly when the machine does. Answers what had been told by then. */
export async function live(disk: SimDisk, seed: number, steps: number): Promise<Told> {
  const told: Told = { ever: new Map(), current: new Map(), flushed: 0, appended: 0, logStart: 0, hasDeleted: false };
  try {
    const random = seededRandom(seed);
    const life: Life = {
      fixture: openFixture({ disk, config: { fileDeleteDelayMs: 5000 } }),
      told,
      random,
      sequences: new Map(),
      open: new Set(),
      nowMs: 1_000_000,
    };
    for (let step = 0; step < steps; step++) await takeStep(life);
  } catch (error) {
    if (!(error instanceof MachineStopped)) throw error;
  }
  return told;
}

async function takeStep(life: Life): Promise<void> {
  life.nowMs += 1000;
  const {
    fixture: { log, manager },
    random,
  } = life;
  const choice = random.nextInt(40);
  if (choice < 24) appendSome(life);
  else if (choice < 28) endTransaction(life);
  else if (choice < 33) await flush(life);
  else if (choice < 34) log.roll(life.nowMs);
  else if (choice < 35) truncate(life);
  else if (choice < 36) deleteSome(life);
  else if (choice < 37) retain(life);
  else if (choice < 39) manager.checkpoint();
  else log.updateHighWatermark(log.logEndOffset);
}

function appendSome(life: Life): void {
  const { random } = life;
  const values = Array.from({ length: 1 + random.nextInt(4) }, () => 'x'.repeat(random.nextInt(300)));
  const kind = random.nextInt(3);
  if (kind === 0) return appendBatch(life, batchOf(values, { timestamp: life.nowMs }));
  const producerId = 100 * kind + random.nextInt(3);
  const baseSequence = life.sequences.get(producerId) ?? 0;
  life.sequences.set(producerId, baseSequence + values.length);
  if (kind === 2) life.open.add(producerId);
  appendBatch(
    life,
    batchOf(values, { timestamp: life.nowMs, producer: { producerId, producerEpoch: 0, baseSequence }, isTransactional: kind === 2 }),
  );
}

function endTransaction(life: Life): void {
  const producerId = [...life.open][life.random.nextInt(Math.max(1, life.open.size))];
  if (producerId === undefined) return;
  life.open.delete(producerId);
  appendBatch(
    life,
    buildTransactionMarker({ producerId, producerEpoch: 0, coordinatorEpoch: 1, isCommit: life.random.oneIn(2), timestamp: life.nowMs }),
  );
}

function appendBatch(life: Life, bytes: Uint8Array): void {
  const {
    told,
    fixture: { log },
  } = life;
  // Torn or lost, the batch may turn up after the crash although append never returned.
  const at = log.logEndOffset;
  const epoch = Math.floor(life.nowMs / 20_000);
  const willStand = bytes.slice();
  told.ever.set(at, [...(told.ever.get(at) ?? []), willStand]);
  append(log, bytes, { leaderEpoch: epoch, nowMs: life.nowMs, origin: 'coordinator' });
  willStand.set(bytes);
  told.current.set(at, willStand);
  told.appended = log.logEndOffset;
}

async function flush(life: Life): Promise<void> {
  const end = life.fixture.log.logEndOffset;
  await life.fixture.log.flush();
  life.told.flushed = end;
}

function truncate(life: Life): void {
  const {
    told,
    random,
    fixture: { log },
  } = life;
  const target = Math.max(log.highWatermark, log.logStartOffset, log.logEndOffset - random.nextInt(12));
  const bases = [...told.current.keys()].filter((base) => base >= target);
  const end = bases.length === 0 ? log.logEndOffset : Math.min(...bases);
  // From the moment of the call nothing behind the cut is promised any more.
  told.flushed = Math.min(told.flushed, end);
  told.appended = Math.min(told.appended, end);
  log.truncateTo(end, life.nowMs);
  told.current = new Map([...told.current].filter(([base]) => base < end));
}

function deleteSome(life: Life): void {
  const {
    told,
    random,
    fixture: { log },
  } = life;
  const target = log.logStartOffset + random.nextInt(Math.max(1, log.highWatermark - log.logStartOffset));
  told.logStart = Math.max(told.logStart, Math.min(target, log.highWatermark));
  told.hasDeleted = true;
  log.deleteBefore(target);
}

function retain(life: Life): void {
  const {
    told,
    fixture: { log },
  } = life;
  told.hasDeleted = true;
  log.configure({ ...log.config, retentionBytes: 9000 });
  told.logStart = Math.max(told.logStart, log.highWatermark);
  log.retain(life.nowMs);
  told.logStart = log.logStartOffset;
}

/** Each broken promise as a sentence; empty when all is well. */
export function brokenPromises(fixture: Fixture, told: Told, survived: 'kill' | 'power-loss'): string[] {
  const { log, manager } = fixture;
  if (manager.refused.length > 0) return manager.refused.map(({ error }) => `refused: ${error.message}`);
  const broken: string[] = [];
  const must = survived === 'kill' ? told.appended : told.flushed;
  if (log.logEndOffset < must) broken.push(`the log ends at ${log.logEndOffset}, ${must} was promised`);
  if (log.logStartOffset > told.logStart)
    broken.push(`the log starts at ${log.logStartOffset}, nobody asked for more than ${told.logStart}`);
  if (log.logStartOffset > log.highWatermark || log.highWatermark > log.logEndOffset)
    broken.push(`offsets out of order: ${log.logStartOffset} ${log.highWatermark} ${log.logEndOffset}`);
  if (log.lastStableOffset > log.highWatermark) broken.push('the last stable offset is above the high watermark');
  return [...broken, ...brokenContent(fixture, told, must), ...brokenProducers(fixture, told)];
}

function brokenContent({ log }: Fixture, told: Told, must: number): string[] {
  const broken: string[] = [];
  let expected = -1;
  for (const { baseOffset: base, bytes } of readBatches(log)) {
    if (expected >= 0 && base !== expected) broken.push(`a hole: ${base} comes where ${expected} should`);
    expected = nextOffset(bytes, 0);
    const known = base < must ? [told.current.get(base)] : (told.ever.get(base) ?? []);
    if (!known.some((each) => each !== undefined && isSameBatch(each, bytes)))
      broken.push(`the batch at ${base} was never appended like this`);
  }
  if (expected >= 0 && expected !== log.logEndOffset) broken.push(`reading ends at ${expected}, the log at ${log.logEndOffset}`);
  return broken;
}

/** A batch whose append never returned was noted before its offset and epoch were patched in. */
function isSameBatch(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left.subarray(16), right.subarray(16)) === 0;
}

function brokenProducers({ log }: Fixture, told: Told): string[] {
  if (told.hasDeleted) return [];
  const rebuilt = new ProducerTable();
  for (const { bytes } of readBatches(log)) for (const { at } of batchesIn(bytes)) rebuilt.replay(bytes, at);
  const left = JSON.stringify([...log.producers.all()].map(essence).sort(byId));
  const right = JSON.stringify([...rebuilt.all()].map(essence).sort(byId));
  return left === right ? [] : [`producers ${left} but the log says ${right}`];
}

/** A snapshot keeps only the last batch of each producer. */
function essence(state: ProducerState): ProducerState {
  return { ...state, batches: state.batches.slice(-1) };
}

function byId(left: ProducerState, right: ProducerState): number {
  return left.producerId - right.producerId;
}

/** What a log must still be able to do after any recovery. */
export async function goOn(fixture: Fixture, disk: SimDisk): Promise<string[]> {
  const before = fixture.log.logEndOffset;
  append(fixture.log, batchOf(['after the crash']), { leaderEpoch: 1000 });
  if (baseOffset(readBatches(fixture.log).at(-1)!.bytes, 0) !== before) return ['an append after recovery did not follow the end'];
  const batches = readBatches(fixture.log).length;
  await fixture.manager.close();
  const again = openFixture({ disk });
  if (!again.manager.wasClean || again.manager.refused.length > 0) return ['a clean shutdown after recovery was not clean'];
  return readBatches(again.log).length === batches ? [] : ['batches are missing after a clean restart'];
}
