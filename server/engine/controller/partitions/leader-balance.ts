// Gives leadership back to the preferred replicas (auto.leader.rebalance.enable): after a failure the survivors lead what
// the lost broker did, and nothing would ever change that. As in Kafka a broker's share may be out of balance by a tenth
// before anything moves, so that a cluster that is nearly right is left alone.

import { isActive, type PartitionImage, type TopicImage } from '../image/cluster-image.ts';
import type { ControllerView, Decision } from '../decision.ts';
import type { PartitionChangeRecord } from '../records.ts';
import { changePartition } from './leader-change.ts';
import { electionRules } from './partition-rules.ts';

/** leader.imbalance.per.broker.percentage */
const allowedImbalance = 0.1;
/** Leaderships that move at once: each costs its clients a look at the metadata. */
const maxMovesAtOnce = 1_000;

interface Share {
  preferred: number;
  elsewhere: number;
}

/** How many leaderships move. */
export function decideLeaderBalance(view: ControllerView): Decision<number> {
  const shares = countShares(view);
  const records: PartitionChangeRecord[] = [];
  for (const topic of view.image.topics.values()) {
    for (const partition of topic.partitions) {
      if (records.length >= maxMovesAtOnce || !isOutOfPlace(partition)) continue;
      const share = shares.get(partition.replicas[0] ?? -1);
      if (share === undefined || share.elsewhere / share.preferred <= allowedImbalance) continue;
      const change = toPreferred(view, topic, partition);
      if (change !== null) records.push(change);
    }
  }
  return { records, answer: records.length };
}

function isOutOfPlace({ leaderId, replicas }: PartitionImage): boolean {
  return leaderId >= 0 && leaderId !== replicas[0];
}

function countShares(view: ControllerView): ReadonlyMap<number, Share> {
  const shares = new Map<number, Share>();
  for (const { partitions } of view.image.topics.values()) {
    for (const partition of partitions) {
      const preferred = partition.replicas[0] ?? -1;
      const share = shares.get(preferred) ?? { preferred: 0, elsewhere: 0 };
      share.preferred += 1;
      if (isOutOfPlace(partition)) share.elsewhere += 1;
      shares.set(preferred, share);
    }
  }
  return shares;
}

/** Null when the preferred replica isn't there or isn't in sync: nobody leads worse for being second choice. */
function toPreferred(view: ControllerView, { topicId, name }: TopicImage, partition: PartitionImage): PartitionChangeRecord | null {
  const change = changePartition({
    topicId,
    partition,
    election: 'preferred',
    rules: { ...electionRules(view, name), isUncleanAllowed: false },
    isAcceptable: (brokerId) => isActive(view.image.brokers.get(brokerId)),
  });
  return change?.leader === partition.replicas[0] ? change : null;
}
