// How many replicas each broker holds and may hold. A log costs its broker memory, files and time at every start whether anybody
// uses it or not, so the number is bounded before anything is written: one replica too many is refused, whoever asks and
// however (creation, new partitions, reassignment). docs/decisions/0013.
// Invariant: what was granted never takes a broker over its bound; what is there already (a bound was lowered) may stay.

import { assert } from '#engine/base/assert.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { ownBrokerConfigs } from '../configs/config-tables.ts';
import { effectiveConfig } from '../configs/effective-config.ts';
import { maxPartitionsConfig } from '../configs/own-configs.ts';
import { refuse, type ControllerView, type Refusal } from '../decision.ts';
import type { ClusterImage, TopicImage } from '../image/cluster-image.ts';
import { configResourceTypes } from '../records.ts';

/** The bound of one broker: its own dynamic setting, that of all brokers, the operator's file, the default. */
export function maxPartitionsOf(
  { image, staticConfigs }: { readonly image: Pick<ClusterImage, 'configs'>; readonly staticConfigs: ReadonlyMap<string, string> },
  brokerId: number,
): number {
  const config = ownBrokerConfigs.get(maxPartitionsConfig);
  assert(config !== undefined, 'the bound is a known config');
  const resource = { resourceType: configResourceTypes.broker, name: String(brokerId) };
  return Number(effectiveConfig({ image, brokerId, staticConfigs }, resource, config).value);
}

/** Replicas that one topic puts on each broker. An image shares the topics that didn't change, so most are counted once. */
const countsByTopic = new WeakMap<TopicImage, ReadonlyMap<number, number>>();

function countsOf(topic: TopicImage): ReadonlyMap<number, number> {
  const known = countsByTopic.get(topic);
  if (known !== undefined) return known;
  const counts = new Map<number, number>();
  for (const { replicas } of topic.partitions) count(counts, replicas);
  countsByTopic.set(topic, counts);
  return counts;
}

function count(counts: Map<number, number>, brokerIds: readonly number[]): void {
  for (const brokerId of brokerIds) counts.set(brokerId, (counts.get(brokerId) ?? 0) + 1);
}

/** One decision's view: what the image holds and what the decision has granted so far. */
export class ReplicaBound {
  readonly #view: ControllerView;
  /** By broker; those of a move count from its start until the last of the old ones is gone. */
  readonly #held = new Map<number, number>();

  constructor(view: ControllerView) {
    this.#view = view;
    for (const topic of view.image.topics.values())
      for (const [brokerId, replicas] of countsOf(topic)) this.#held.set(brokerId, this.heldBy(brokerId) + replicas);
  }

  heldBy(brokerId: number): number {
    return this.#held.get(brokerId) ?? 0;
  }

  limitOf(brokerId: number): number {
    return maxPartitionsOf({ image: this.#view.image, staticConfigs: this.#view.settings.staticConfigs }, brokerId);
  }

  /** How many more the broker may take. */
  roomOn(brokerId: number): number {
    return Math.max(0, this.limitOf(brokerId) - this.heldBy(brokerId));
  }

  /** Counts new replicas, one entry for each; or counts none of them and says which broker they would overfill. */
  grant(brokerIds: readonly number[]): Refusal | null {
    const added = new Map<number, number>();
    count(added, brokerIds);
    for (const [brokerId, replicas] of added) if (replicas > this.roomOn(brokerId)) return this.#refuse(brokerId, replicas);
    count(this.#held, brokerIds);
    return null;
  }

  /** For a placement that found no brokers with room: names those that have none. */
  refuseForWantOfRoom(brokerIds: readonly number[], replicationFactor: number): Refusal {
    const full = brokerIds.map((brokerId) => `broker ${brokerId} holds ${this.heldBy(brokerId)} of at most ${this.limitOf(brokerId)}`);
    return refuse(
      errorCodes.POLICY_VIOLATION,
      `Not enough brokers have room for these partitions with ${replicationFactor} replica(s) each: ${full.join(', ')} partitions. ${whatToDo}`,
    );
  }

  #refuse(brokerId: number, replicas: number): Refusal {
    const held = this.heldBy(brokerId);
    const limit = this.limitOf(brokerId);
    return refuse(
      errorCodes.POLICY_VIOLATION,
      `Broker ${brokerId} holds ${held} partitions of at most ${limit} and can't take ${replicas} more. ${whatToDo}`,
    );
  }
}

const whatToDo = `Delete or move partitions, add a broker, or raise ${maxPartitionsConfig}.`;
