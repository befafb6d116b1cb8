// The controller's side of AlterPartition for tests of a partition's leader: it keeps what was asked, and the test answers.

import type { AlterPartitionRequest, AlterPartitionResponse } from '#engine/protocol/apis/56-alter-partition.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { Forwarding } from '../drivers/forwarding.ts';

type Result = AlterPartitionResponse['topics'][number]['partitions'][number];
type Asked = AlterPartitionRequest['topics'][number]['partitions'][number];

interface Question {
  readonly request: AlterPartitionRequest;
  readonly resolve: (answer: Pick<AlterPartitionResponse, 'errorCode' | 'topics'>) => void;
}

export class ScriptedController {
  readonly #open: Question[] = [];
  readonly requests: AlterPartitionRequest[] = [];

  get port(): Pick<Forwarding, 'ask'> {
    const ask = (_api: unknown, request: AlterPartitionRequest): Promise<unknown> => {
      this.requests.push(request);
      return new Promise((resolve) => {
        this.#open.push({ request, resolve });
      });
    };
    return { ask } as unknown as Pick<Forwarding, 'ask'>;
  }

  get openCount(): number {
    return this.#open.length;
  }

  /** The in-sync sets of the last request, by partition. */
  get lastProposed(): readonly (readonly number[])[] {
    const topics = this.requests.at(-1)?.topics ?? [];
    return topics.flatMap(({ partitions }) => partitions.map(({ newIsrWithEpochs }) => newIsrWithEpochs.map(({ brokerId }) => brokerId)));
  }

  /** Answers the oldest open request and lets the asker go on; every partition gets the same. */
  async answer(errorCode: number = errorCodes.NONE): Promise<void> {
    await this.#settle((asked) => ({
      partitionIndex: asked.partitionIndex,
      errorCode,
      leaderId: 1,
      leaderEpoch: asked.leaderEpoch,
      isr: asked.newIsrWithEpochs.map(({ brokerId }) => brokerId),
      leaderRecoveryState: 0,
      partitionEpoch: asked.partitionEpoch + 1,
    }));
  }

  /** The request as a whole came to nothing. */
  async fail(errorCode: number): Promise<void> {
    this.#open.shift()?.resolve({ errorCode, topics: [] });
    await settled();
  }

  async #settle(toResult: (asked: Asked) => Result): Promise<void> {
    const question = this.#open.shift();
    question?.resolve({
      errorCode: errorCodes.NONE,
      topics: question.request.topics.map(({ topicId, partitions }) => ({ topicId, partitions: partitions.map(toResult) })),
    });
    await settled();
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
