// A simulated reader that only commits: rising offsets of a group of its own, again until answered, and at the end asks
// what the coordinator kept. Exercises the coordinator's log, its reload and its move with every crash.

import { findCoordinatorApi } from '../protocol/apis/10-find-coordinator.ts';
import { offsetCommitApi } from '../protocol/apis/08-offset-commit.ts';
import { offsetFetchApi } from '../protocol/apis/09-offset-fetch.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import { KafkaClient } from '../client/kafka-client.ts';
import type { World } from '../world/ports.ts';
import { bootstrapOf } from './bootstrap.ts';
import type { History } from './history.ts';

const requestTimeoutMs = 5_000;
const retryPauseMs = 100;
const betweenCommitsMs = 250;
/** The newest versions that name topics: by name a commit needs no metadata. */
const commitVersion = 9;
const fetchVersion = 9;

export interface SimCommitterOptions {
  readonly world: World;
  readonly history: History;
  readonly groupId: string;
  readonly topic: string;
  readonly brokers: number;
}

export class SimCommitter {
  readonly #options: SimCommitterOptions;
  readonly #client: KafkaClient;
  #isStopping = false;

  constructor(options: SimCommitterOptions) {
    this.#options = options;
    this.#client = new KafkaClient(options.world, { bootstrap: bootstrapOf(options.brokers), clientId: `committer-${options.groupId}` });
  }

  async run(): Promise<void> {
    for (let offset = 1; !this.#isStopping; offset++) {
      this.#options.history.triedCommits.set(this.#options.groupId, offset);
      await this.#untilAnswered(() => this.#commit(offset));
      this.#options.history.acknowledgedCommits.set(this.#options.groupId, offset);
      await this.#pause(betweenCommitsMs);
    }
    const kept = await this.#untilAnswered(() => this.#fetch());
    this.#options.history.keptCommits.set(this.#options.groupId, kept);
    this.#client.close();
  }

  stop(): void {
    this.#isStopping = true;
  }

  async #commit(offset: number): Promise<true | null> {
    const { groupId, topic } = this.#options;
    const partitions = [{ partitionIndex: 0, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: '' }];
    const body = { groupId, generationIdOrMemberEpoch: -1, memberId: '', topics: [{ name: topic, partitions }] };
    const answer = await this.#client.toBroker(
      { brokerId: await this.#coordinator(), timeoutMs: requestTimeoutMs, maxVersion: commitVersion },
      offsetCommitApi,
      body,
    );
    return answer.topics[0]?.partitions[0]?.errorCode === errorCodes.NONE ? true : null;
  }

  async #fetch(): Promise<number | null> {
    const { groupId, topic } = this.#options;
    const body = { groups: [{ groupId, topics: [{ name: topic, partitionIndexes: [0] }] }] };
    const answer = await this.#client.toBroker(
      { brokerId: await this.#coordinator(), timeoutMs: requestTimeoutMs, maxVersion: fetchVersion },
      offsetFetchApi,
      body,
    );
    const group = answer.groups[0];
    const partition = group?.topics[0]?.partitions[0];
    return group?.errorCode === errorCodes.NONE && partition?.errorCode === errorCodes.NONE ? partition.committedOffset : null;
  }

  async #coordinator(): Promise<number> {
    const { groupId } = this.#options;
    const answer = await this.#client.toAny(
      findCoordinatorApi,
      { keyType: 0, coordinatorKeys: [groupId] },
      { timeoutMs: requestTimeoutMs },
    );
    const found = answer.coordinators[0];
    if (found === undefined || found.errorCode !== errorCodes.NONE) throw new Error('no coordinator yet');
    return found.nodeId;
  }

  async #untilAnswered<Answer>(ask: () => Promise<Answer | null>): Promise<Answer> {
    for (;;) {
      try {
        const answer = await ask();
        if (answer !== null) return answer;
      } catch {
        // the coordinator went away or is not known yet; the pause below comes before the next try
      }
      await this.#pause(retryPauseMs);
    }
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((wake) => {
      this.#options.world.timers.setTimer(delayMs, wake);
    });
  }
}
