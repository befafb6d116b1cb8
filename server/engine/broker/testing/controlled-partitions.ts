// The partitions of one topic in memory, for coordinators under test: the test says when an append is committed, and
// which one is refused. Only what coordinators call is here.

import { assert } from '#engine/base/assert.ts';
import { zeroTopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { lastOffsetDelta, patchOffsetAndEpoch } from '#engine/protocol/records/batch.ts';
import type {
  AppendOutcome,
  AppendPermission,
  AppendRefusal,
  CommitOutcome,
  LeadershipListener,
  LocalRead,
  PartitionPort,
  TopicPartition,
} from '../partition-port.ts';

interface Log {
  batches: { readonly baseOffset: number; readonly bytes: Uint8Array }[];
  endOffset: number;
  highWatermark: number;
}
interface Waiting {
  readonly partition: number;
  readonly endOffset: number;
  readonly resolve: (outcome: CommitOutcome) => void;
}

export class ControlledPartitions {
  readonly #logs = new Map<number, Log>();
  readonly #epochs = new Map<number, number>();
  #listener: LeadershipListener | undefined;
  #waiting: Waiting[] = [];
  /** Whether the high watermark follows every append at once. */
  commitsAtOnce = true;
  /** What the next append meets at the disk. */
  refuseNext: AppendRefusal | null = null;
  /** What whoever asks first is told; null: yes. */
  refusal: AppendRefusal | null = null;
  /** max.message.bytes. */
  maxBatchBytes = 1_048_588;
  appends = 0;

  /** What the coordinator is given. */
  get port(): PartitionPort {
    const served: Pick<PartitionPort, 'mayAppend' | 'append' | 'readLocal' | 'leaderEpoch' | 'onLeadership'> = {
      mayAppend: (partition, leaderEpoch) => this.#mayAppend(partition, leaderEpoch),
      append: (partition, batch, leaderEpoch) => this.#append(partition, batch, leaderEpoch),
      readLocal: (partition, offset) => this.#read(partition, offset),
      leaderEpoch: ({ partition }) => this.#epochs.get(partition),
      onLeadership: (_topic, listener) => {
        this.#listener = listener;
      },
    };
    return served as PartitionPort;
  }

  lead(partition: number, leaderEpoch: number): void {
    this.#epochs.set(partition, leaderEpoch);
    this.#listener?.onBecomeLeader({ topic: 't', topicId: zeroTopicId, partition }, leaderEpoch);
  }

  resign(partition: number): void {
    const leaderEpoch = this.#epochs.get(partition) ?? 0;
    this.#epochs.delete(partition);
    this.#listener?.onResign({ topic: 't', topicId: zeroTopicId, partition }, leaderEpoch);
  }

  /** The high watermark reaches the end of every log; `errorCode` fails those who wait instead. */
  commit(errorCode: number = errorCodes.NONE): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const log of this.#logs.values()) log.highWatermark = log.endOffset;
    for (const { resolve } of waiting) resolve({ errorCode });
  }

  batchCount(partition: number): number {
    return this.#log(partition).batches.length;
  }

  #log(partition: number): Log {
    let log = this.#logs.get(partition);
    if (log === undefined) this.#logs.set(partition, (log = { batches: [], endOffset: 0, highWatermark: 0 }));
    return log;
  }

  #mayAppend({ partition }: TopicPartition, leaderEpoch: number): AppendPermission {
    if (this.#epochs.get(partition) !== leaderEpoch) return { kind: 'failed', errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER };
    return this.refusal ?? { kind: 'permitted', maxBatchBytes: this.maxBatchBytes };
  }

  #append({ partition }: TopicPartition, bytes: Uint8Array, leaderEpoch: number): AppendOutcome {
    const permission = this.#mayAppend({ topic: '', partition }, leaderEpoch);
    const refusal = permission.kind === 'permitted' ? this.refuseNext : permission;
    this.refuseNext = null;
    if (refusal !== null) return refusal;
    this.appends += 1;
    const log = this.#log(partition);
    const baseOffset = log.endOffset;
    patchOffsetAndEpoch(bytes, 0, { baseOffset, leaderEpoch });
    log.batches.push({ baseOffset, bytes });
    log.endOffset += lastOffsetDelta(bytes, 0) + 1;
    const committed = new Promise<CommitOutcome>((resolve) => {
      this.#waiting.push({ partition, endOffset: log.endOffset, resolve });
    });
    if (this.commitsAtOnce) this.commit();
    return { kind: 'appended', baseOffset, lastOffset: log.endOffset - 1, committed };
  }

  /** One batch a read, so that loading takes several turns. */
  #read({ partition }: TopicPartition, offset: number): LocalRead {
    const log = this.#log(partition);
    const batch = log.batches.find(({ baseOffset, bytes }) => baseOffset + lastOffsetDelta(bytes, 0) >= offset);
    assert(offset <= log.endOffset, 'nobody reads behind the end');
    return { records: batch?.bytes ?? new Uint8Array(0), highWatermark: log.highWatermark, logStartOffset: 0, logEndOffset: log.endOffset };
  }
}
