// OffsetForLeaderEpoch: where an epoch ends in this leader's log. Consumers and followers find with it where their own
// history forks off. The largest epoch not above the one asked for is answered, with its end.

import { offsetForLeaderEpochApi } from '#engine/protocol/apis/23-offset-for-leader-epoch.ts';
import { defineHandler } from '../context.ts';

export const offsetForLeaderEpochHandler = defineHandler(offsetForLeaderEpochApi, (request, _from, broker) => ({
  topics: request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, leaderEpoch, currentLeaderEpoch }) => ({
      partition,
      ...broker.partitions.epochEnd({ topic, partition }, leaderEpoch, currentLeaderEpoch),
    })),
  })),
}));
