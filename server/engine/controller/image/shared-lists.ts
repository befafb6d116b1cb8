// Equal lists of ids as one list in memory: a cluster has tens of thousands of partitions, a handful of placements among them,
// and most of their lists are empty.

import type { TopicId } from '#engine/base/brand.ts';
import type { PartitionImage } from './cluster-image.ts';

const none: readonly never[] = [];

/** Lives as long as one run of records: what it knows is bounded by what the run names. */
export class SharedLists {
  readonly #ids = new Map<string, readonly number[]>();
  readonly #directories = new Map<string, readonly TopicId[]>();

  sharing(partition: PartitionImage): PartitionImage {
    return {
      ...partition,
      replicas: known(this.#ids, partition.replicas),
      isr: known(this.#ids, partition.isr),
      addingReplicas: known(this.#ids, partition.addingReplicas),
      removingReplicas: known(this.#ids, partition.removingReplicas),
      eligibleLeaderReplicas: known(this.#ids, partition.eligibleLeaderReplicas),
      lastKnownEligibleLeaderReplicas: known(this.#ids, partition.lastKnownEligibleLeaderReplicas),
      directories: known(this.#directories, partition.directories),
    };
  }
}

function known<Id>(lists: Map<string, readonly Id[]>, list: readonly Id[]): readonly Id[] {
  if (list.length === 0) return none;
  const key = list.join();
  const equal = lists.get(key);
  if (equal === undefined) lists.set(key, list);
  return equal ?? list;
}
