// Who wants to know that this broker leads a partition of a topic, or no longer does: the coordinators, whose groups
// live where their topic's partition is led.

import type { LeadershipListener, TopicPartitionId } from '../partition-port.ts';

export class Leadership {
  readonly #listeners = new Map<string, LeadershipListener[]>();

  listen(topic: string, listener: LeadershipListener): void {
    const listeners = this.#listeners.get(topic);
    if (listeners === undefined) this.#listeners.set(topic, [listener]);
    else listeners.push(listener);
  }

  became(partition: TopicPartitionId, leaderEpoch: number): void {
    for (const listener of this.#listeners.get(partition.topic) ?? []) listener.onBecomeLeader(partition, leaderEpoch);
  }

  resigned(partition: TopicPartitionId, leaderEpoch: number): void {
    for (const listener of this.#listeners.get(partition.topic) ?? []) listener.onResign(partition, leaderEpoch);
  }
}
