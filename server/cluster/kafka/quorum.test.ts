// A frozen quorum must be told from one that merely refuses to speak of itself: the first is the worst news there is, the
// second none at all.

import { expect, test } from 'vitest';
import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { toAbilities } from '#engine/client/negotiation.ts';
import { describeQuorumApi } from '#engine/protocol/apis/55-describe-quorum.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { askQuorum } from './quorum.ts';

const voters = [1, 2, 3].map((replicaId) => ({ replicaId, logEndOffset: 5, lastFetchTimestamp: -1, lastCaughtUpTimestamp: -1 }));

const abilities = toAbilities([{ apiKey: describeQuorumApi.key, minVersion: 0, maxVersion: 2 }], []);

function answering(errorCode: number, partition: object | null): KafkaClient {
  const topics =
    partition === null
      ? []
      : [
          {
            partitions: [
              { errorCode: 0, leaderId: 2, leaderEpoch: 7, highWatermark: 5, currentVoters: voters, observers: [], ...partition },
            ],
          },
        ];
  return {
    anyConnection: () => Promise.resolve({ abilities }),
    toAny: () => Promise.resolve({ errorCode, topics }),
  } as unknown as KafkaClient;
}

test('a leader is named with its epoch and its voters', async () => {
  expect(await askQuorum(answering(0, {}))).toEqual({ leaderId: 2, epoch: 7, voters: [1, 2, 3] });
});

test('nobody leads: that is an answer, with the epoch that is over and whose votes it takes', async () => {
  const leaderless = { errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER, leaderId: -1 };
  expect(await askQuorum(answering(0, leaderless))).toEqual({ leaderId: null, epoch: 7, voters: [1, 2, 3] });
});

test.each([
  ['refuses the whole question', errorCodes.CLUSTER_AUTHORIZATION_FAILED, {}],
  ['refuses it for the log', 0, { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION }],
  ['asked somebody who does not lead, while another does', 0, { errorCode: errorCodes.NOT_LEADER_OR_FOLLOWER }],
  ['says nothing of the log', 0, null],
])('a cluster that %s has said nothing of its quorum', async (_what, errorCode, partition) => {
  expect(await askQuorum(answering(errorCode, partition))).toBeNull();
});
