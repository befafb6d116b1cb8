// One node of the metadata quorum on a seeded disk, with its peers in the test's hands: what it sends is kept, what it
// is answered the test gives. Reopening it is what a restart of the process is.

import { QuorumDriver, type QuorumAnswer } from '../drivers/quorum.ts';
import { QuorumLog } from '../drivers/quorum-log.ts';
import type { MetadataRecord } from '#engine/controller/records.ts';
import type { RaftInput, RaftReply, RaftRequest } from '#engine/raft/messages.ts';
import { SimDisk } from '#engine/sim/disk.ts';
import { SimNetwork } from '#engine/sim/network.ts';
import { seededRandom } from '#engine/sim/random.ts';
import { Scheduler } from '#engine/sim/scheduler.ts';
import { simWorld } from '#engine/sim/world.ts';
import { defaultLogConfig } from '#engine/storage/log-config.ts';
import { LogDirectory } from '#engine/storage/log-directory.ts';
import { noDirectory, staticVoters, type VoterSet } from '#engine/raft/voter-set.ts';
import type { World } from '#engine/world/ports.ts';

export const dataDirectory = '/data';
export const logPath = '/data/__cluster_metadata-0';

export interface Sent {
  readonly to: number;
  readonly ticket: number;
  readonly request: RaftRequest;
}

export interface Asked {
  answer: QuorumAnswer | null;
  hasEnded: boolean;
}

export interface QuorumBenchOptions {
  readonly nodeId?: number;
  readonly voters?: readonly number[];
  readonly seed?: number;
  /** Continues on the disk of an earlier process. */
  readonly disk?: SimDisk;
}

/** A record that is easy to recognise. */
export function note(value: string): MetadataRecord {
  return { type: 'Config', resourceType: 4, resourceName: '1', name: 'note', value };
}

export function notesIn(records: readonly MetadataRecord[]): readonly string[] {
  return records.flatMap((record) => (record.type === 'Config' ? [record.value ?? ''] : []));
}

export function openDirectory(disk: SimDisk, world: World): LogDirectory {
  disk.makeDirectories(dataDirectory);
  disk.syncDirectory('/');
  return new LogDirectory({ path: dataDirectory, files: disk, compression: world.compression, trace: () => {}, onFailed: () => {} });
}

export function openQuorumLog(directory: LogDirectory, world: World, voters: VoterSet = staticVoters([1])): QuorumLog {
  return new QuorumLog(directory, {
    config: { ...defaultLogConfig, retentionMs: -1 },
    wasClean: false,
    clock: world.clock,
    voters,
  });
}

export function benchWorld(
  seed: number,
  disk: SimDisk,
  scheduler = new Scheduler(),
): { readonly world: World; readonly scheduler: Scheduler } {
  const random = seededRandom(seed);
  return {
    scheduler,
    world: simWorld({ scheduler, network: new SimNetwork(scheduler, random.fork()), disk, random, node: 1, isAlive: () => true }),
  };
}

export class QuorumBench {
  readonly disk: SimDisk;
  readonly world: World;
  readonly scheduler: Scheduler;
  readonly directory: LogDirectory;
  readonly log: QuorumLog;
  readonly driver: QuorumDriver;
  readonly sent: Sent[] = [];
  readonly fatal: unknown[] = [];
  /** What was said of a full disk. */
  readonly noRoom: string[] = [];
  /** What the image would be built from: a snapshot's notes and those committed since. */
  applied: string[] = [];
  snapshots = 0;
  give: (input: RaftInput) => void = () => {};

  constructor({ nodeId = 1, voters = [1], seed = 1, disk = new SimDisk({ random: seededRandom(seed) }) }: QuorumBenchOptions = {}) {
    this.disk = disk;
    ({ world: this.world, scheduler: this.scheduler } = benchWorld(seed, disk));
    this.directory = openDirectory(disk, this.world);
    this.log = openQuorumLog(this.directory, this.world, staticVoters(voters));
    this.driver = new QuorumDriver({
      world: this.world,
      log: this.log,
      raft: {
        nodeId,
        directoryId: noDirectory,
        upgradesVoters: false,
        seed,
        electionTimeoutMs: 1_000,
        electionBackoffMaxMs: 500,
        fetchTimeoutMs: 2_000,
        requestTimeoutMs: 1_000,
        retryBackoffMs: 20,
        fetchMaxWaitMs: 500,
      },
      listener: {
        onSnapshot: ({ records }) => {
          this.snapshots += 1;
          this.applied = [...notesIn(records)];
        },
        onCommitted: (batches) => {
          for (const { records } of batches) this.applied.push(...notesIn(records));
        },
        onLeader: () => {},
      },
      connect: (give) => {
        this.give = give;
        return {
          send: (message) => {
            this.sent.push(message);
          },
          close: () => Promise.resolve(),
        };
      },
      onNoRoom: (error) => {
        this.noRoom.push(error.message);
      },
      onFatal: (error) => {
        this.fatal.push(error);
      },
    });
  }

  /** Lets everything happen that needs no time. */
  settle(): Promise<unknown> {
    return this.scheduler.until(() => false, 0);
  }

  /** The answer to a peer's request: null while there is none, or when it ended without one. */
  ask(request: RaftRequest): Asked {
    const asked: Asked = { answer: null, hasEnded: false };
    void this.driver.ask(request).then((answer) => {
      asked.answer = answer;
      asked.hasEnded = true;
    });
    return asked;
  }

  /** Answers the last request sent there. */
  reply(from: number, reply: RaftReply): void {
    this.give({ kind: 'reply', from, ticket: this.sent.findLast((sent) => sent.to === from)?.ticket ?? 0, reply });
  }

  lastSent(): Sent | undefined {
    return this.sent.at(-1);
  }
}
