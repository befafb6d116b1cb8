// Runs the shards of a coordinator: one for each partition of its topic that this broker leads.
// It only keeps track of who is led; what happens inside one partition is `coordinator-shard.ts`.

import { assert } from '#engine/base/assert.ts';
import type { Shard } from '#engine/coordinator/shard.ts';
import type { RecordBytes } from '#engine/protocol/group-records/group-record.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { Trace } from '#engine/trace/trace.ts';
import type { World } from '#engine/world/ports.ts';
import type { BrokerLog } from '../broker-log.ts';
import type { PartitionPort } from '../partition-port.ts';
import { CoordinatorShard } from './coordinator-shard.ts';

/** What makes a coordinator: its topic, its shards, and how its records look as bytes. */
export interface CoordinatorKind<Input, DurableRecord, Response> {
  readonly topic: string;
  readonly createShard: () => Shard<Input, DurableRecord, Response>;
  readonly toBytes: (record: DurableRecord) => RecordBytes;
  /** Null for records that are none of ours. Throws DecodeError when malformed. */
  readonly fromBytes: (bytes: RecordBytes) => DurableRecord | null;
  /** The answer that carries nothing but an error; null for inputs that nobody waits for. */
  readonly refuse: (input: Input, errorCode: number) => Response | null;
}

export interface RuntimeSurroundings {
  readonly world: Pick<World, 'clock' | 'timers' | 'random' | 'compression'>;
  readonly partitions: PartitionPort;
  readonly trace: Trace;
  readonly log: BrokerLog;
  /** offsets.commit.timeout.ms: how long an answer may wait for its records to be committed. */
  readonly commitTimeoutMs: number;
  /** offsets.load.buffer.size: how much of the log is read between two looks at other work. */
  readonly loadBufferBytes: number;
}

export class CoordinatorRuntime<Input, DurableRecord, Response> {
  readonly #kind: CoordinatorKind<Input, DurableRecord, Response>;
  readonly #surroundings: RuntimeSurroundings;
  readonly #shards = new Map<number, CoordinatorShard<Input, DurableRecord, Response>>();
  #nextToken = 1;

  constructor(kind: CoordinatorKind<Input, DurableRecord, Response>, surroundings: RuntimeSurroundings) {
    this.#kind = kind;
    this.#surroundings = surroundings;
  }

  /** From now on follows which partitions this broker leads. */
  start(): void {
    this.#surroundings.partitions.onLeadership(this.#kind.topic, {
      onBecomeLeader: ({ partition }, leaderEpoch) => {
        this.#lead(partition, leaderEpoch);
      },
      onResign: ({ partition }) => {
        this.#resign(partition);
      },
    });
  }

  /** Hands a request to the shard of `partition`; `toInput` gets the token that its answer will carry. */
  ask(partition: number, toInput: (token: number) => Input): Promise<Response> {
    const token = this.#nextToken++;
    const input = toInput(token);
    const shard = this.#shards.get(partition);
    if (shard === undefined) return Promise.resolve(this.#refuse(input, errorCodes.NOT_COORDINATOR));
    return new Promise((resolve) => {
      shard.submit({ input, token, resolve });
    });
  }

  /** Tells every shard that is led something nobody waits for. */
  broadcast(input: Input): void {
    for (const shard of this.#shards.values()) shard.submit({ input, token: null, resolve: () => {} });
  }

  ledPartitions(): readonly number[] {
    return [...this.#shards.keys()];
  }

  #lead(partition: number, leaderEpoch: number): void {
    this.#shards.get(partition)?.close();
    const shard = new CoordinatorShard({ kind: this.#kind, surroundings: this.#surroundings, partition, leaderEpoch });
    this.#shards.set(partition, shard);
    shard.load();
  }

  #resign(partition: number): void {
    this.#shards.get(partition)?.close();
    this.#shards.delete(partition);
  }

  #refuse(input: Input, errorCode: number): Response {
    const refusal = this.#kind.refuse(input, errorCode);
    assert(refusal !== null, 'a request that is asked has an answer');
    return refusal;
  }
}
