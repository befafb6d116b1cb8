// Tests of the tests: a broker with a known mistake must be caught by the simulation. Each mistake is one that replicated
// logs have really had; it is planted into the very module that rules it out, and seeds are tried until one shows it.

import { afterEach, expect, test, vi } from 'vitest';
import type * as MovesModule from '../controller/partitions/broker-moves.ts';
import type * as FeaturesModule from '../controller/features/feature-table.ts';
import type * as LeaderModule from '../replication/partition-leader.ts';
import type * as HostedModule from '../broker/drivers/hosted-partition.ts';
import type * as DirectoryModule from '../storage/log-directory.ts';
import type * as FlusherModule from '../storage/log-flusher.ts';
import type { PoolLimits } from '../world/descriptors/descriptor-pool.ts';
import type * as PooledModule from '../world/descriptors/pooled-files.ts';
import type { FileSystem, RandomAccessFile } from '../world/ports.ts';
import { churn, lastStanding, noFaults, replicated, synced, type Scenario } from './scenarios.ts';

const maxSeeds = 200;
const leaderPath = '#engine/replication/partition-leader.ts';
const hostedPath = '../broker/drivers/hosted-partition.ts';
const movesPath = '../controller/partitions/broker-moves.ts';
const featuresPath = '#engine/controller/features/feature-table.ts';
const directoryPath = '#engine/storage/log-directory.ts';
const pooledPath = '../world/descriptors/pooled-files.ts';
const flusherPath = '#engine/storage/log-flusher.ts';

afterEach(() => {
  for (const path of [leaderPath, hostedPath, movesPath, featuresPath, directoryPath, flusherPath, pooledPath]) vi.doUnmock(path);
  vi.resetModules();
});

interface Catch {
  readonly seed: number;
  readonly violation: string;
}

/** The first seed that finds something wrong, and what. */
async function firstCatch(scenario: Scenario = replicated): Promise<Catch | null> {
  vi.resetModules();
  const { simulate } = await import('./simulate.ts');
  for (let seed = 1; seed <= maxSeeds; seed += 1) {
    const { violations } = await simulate({ seed, seconds: 30, scenario, endsEarly: true });
    if (violations[0] !== undefined) return { seed, violation: violations[0] };
  }
  return null;
}

test('a leader that counts the fastest follower, in sync or not, is caught', { timeout: 600_000 }, async () => {
  vi.doMock(leaderPath, async (original) => {
    const real = await original<typeof LeaderModule>();
    const advanceHighWatermark: typeof real.advanceHighWatermark = (state, leaderEndOffset, rule) => {
      const fastest = Math.max(-1, ...[...state.followers.values()].map(({ logEndOffset }) => logEndOffset));
      const offset = state.followers.size === 0 ? leaderEndOffset : Math.min(leaderEndOffset, fastest);
      return offset > state.highWatermark ? { ...state, highWatermark: offset } : real.advanceHighWatermark(state, leaderEndOffset, rule);
    };
    return { ...real, advanceHighWatermark };
  });
  const caught = await firstCatch();
  console.log(`caught by seed ${caught?.seed}: ${caught?.violation}`);
  expect(caught).not.toBeNull();
});

test('a follower that cuts its log at the high watermark is caught', { timeout: 600_000 }, async () => {
  vi.doMock(hostedPath, async (original) => {
    const real = await original<typeof HostedModule>();
    class CutsAtHighWatermark extends real.HostedPartition {
      override assume(view: Parameters<HostedModule.HostedPartition['assume']>[0]): ReturnType<HostedModule.HostedPartition['assume']> {
        const before = this.role.leaderEpoch;
        const change = super.assume(view);
        if (this.role.kind === 'follower' && this.role.leaderEpoch !== before) this.log.truncateTo(this.log.highWatermark, 0);
        return change;
      }
    }
    return { ...real, HostedPartition: CutsAtHighWatermark };
  });
  const caught = await firstCatch();
  console.log(`caught by seed ${caught?.seed}: ${caught?.violation}`);
  expect(caught).not.toBeNull();
});

test('a controller that trusts the disk of a process which died without order is caught', { timeout: 600_000 }, async () => {
  vi.doMock(movesPath, async (original) => {
    const real = await original<typeof MovesModule>();
    const leavePartitions: typeof real.leavePartitions = (view, brokerId) => real.leavePartitions(view, brokerId, 'clean');
    return { ...real, leavePartitions };
  });
  const caught = await firstCatch(lastStanding);
  console.log(`caught by seed ${caught?.seed}: ${caught?.violation}`);
  expect(caught).not.toBeNull();
});

test('without eligible replicas the last one in sync leads again, whatever it lost, and that is caught', { timeout: 600_000 }, async () => {
  vi.doMock(featuresPath, async (original) => {
    const real = await original<typeof FeaturesModule>();
    return { ...real, hasEligibleReplicas: () => false };
  });
  const caught = await firstCatch(lastStanding);
  console.log(`caught by seed ${caught?.seed}: ${caught?.violation}`);
  expect(caught).not.toBeNull();
});

/** A log directory that meets the disk through `change`. */
function mockDirectory(change: (files: FileSystem) => FileSystem): void {
  vi.doMock(directoryPath, async (original) => {
    const real = await original<typeof DirectoryModule>();
    class Changed extends real.LogDirectory {
      constructor(options: DirectoryModule.LogDirectoryOptions) {
        super({ ...options, files: change(options.files) });
      }
    }
    return { ...real, LogDirectory: Changed };
  });
}

/** Beneath the pool of descriptors, which keeps a file's first failure for good. */
function retryingSyncs(inner: FileSystem): FileSystem {
  return {
    open: (path, mode) => retryingSync(inner.open(path, mode)),
    readAll: (path) => inner.readAll(path),
    replaceAtomically: (path, content) => inner.replaceAtomically(path, content),
    exists: (path) => inner.exists(path),
    sizeBytes: (path) => inner.sizeBytes(path),
    modifiedMs: (path) => inner.modifiedMs(path),
    list: (directory) => inner.list(directory),
    makeDirectories: (path) => inner.makeDirectories(path),
    rename: (from, to) => inner.rename(from, to),
    remove: (path) => inner.remove(path),
    syncDirectory: (path) => inner.syncDirectory(path),
    space: (path) => inner.space(path),
  };
}

function retryingSync(file: RandomAccessFile): RandomAccessFile {
  return {
    path: file.path,
    read: (target, position) => file.read(target, position),
    write: (chunks, position) => file.write(chunks, position),
    truncate: (sizeBytes) => file.truncate(sizeBytes),
    sizeBytes: () => file.sizeBytes(),
    sync: () => file.sync().catch(() => file.sync()),
    syncNow: () => file.syncNow(),
    close: () => file.close(),
  };
}

/** Little else goes wrong, so that every world tells something of fsyncs. */
const failingSyncs: Scenario = { ...synced, faults: { ...noFaults, 'fail-all-syncs': 1 } };

test('a failed fsync that is tried again is caught', { timeout: 600_000 }, async () => {
  vi.doMock(pooledPath, async (original) => {
    const real = await original<typeof PooledModule>();
    return { ...real, pooledFiles: (inner: FileSystem, limits: PoolLimits) => real.pooledFiles(retryingSyncs(inner), limits) };
  });
  const caught = await firstCatch(failingSyncs);
  console.log(`caught by seed ${caught?.seed}: ${caught?.violation}`);
  expect(caught).not.toBeNull();
});

test("a directory that isn't fsynced is caught", { timeout: 600_000 }, async () => {
  mockDirectory((files) => ({ ...files, syncDirectory: () => {} }));
  const caught = await firstCatch(synced);
  console.log(`caught by seed ${caught?.seed}: ${caught?.violation}`);
  expect(caught).not.toBeNull();
});

test('a log whose directory is renamed before its flusher has ended is caught', { timeout: 600_000 }, async () => {
  vi.doMock(flusherPath, async (original) => {
    const real = await original<typeof FlusherModule>();
    class NeverEnds extends real.LogFlusher {
      override end(): void {}
    }
    return { ...real, LogFlusher: NeverEnds };
  });
  const caught = await firstCatch(churn);
  console.log(`caught by seed ${caught?.seed}: ${caught?.violation}`);
  expect(caught).not.toBeNull();
});

test('bytes that count as durable when they are written are caught', { timeout: 600_000 }, async () => {
  vi.doMock(flusherPath, async (original) => {
    const real = await original<typeof FlusherModule>();
    class Pretends extends real.LogFlusher {
      readonly #target: FlusherModule.FlushTarget;
      constructor(...given: ConstructorParameters<typeof real.LogFlusher>) {
        super(...given);
        this.#target = given[2];
      }
      override flush(): Promise<void> {
        for (const segment of this.#target.segments.sealed) segment.markFlushed();
        this.#target.onSynced(this.#target.logEndOffset);
        return Promise.resolve();
      }
    }
    return { ...real, LogFlusher: Pretends };
  });
  const caught = await firstCatch(synced);
  console.log(`caught by seed ${caught?.seed}: ${caught?.violation}`);
  expect(caught).not.toBeNull();
});
