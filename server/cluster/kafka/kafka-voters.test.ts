// What a refusal of Kafka's becomes, and that a change is asked for again only while that can help: it may have been made by
// the request whose answer said that it was late.

import { expect, test, vi } from 'vitest';
import { toTopicId, zeroTopicId } from '#engine/base/brand.ts';
import type { KafkaClient } from '#engine/client/kafka-client.ts';
import { toAbilities } from '#engine/client/negotiation.ts';
import { apiVersionsApi } from '#engine/protocol/apis/18-api-versions.ts';
import { describeQuorumApi } from '#engine/protocol/apis/55-describe-quorum.ts';
import { removeRaftVoterApi } from '#engine/protocol/apis/81-remove-raft-voter.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { Api } from '#engine/protocol/schema.ts';
import type { TimelineFact } from '../timeline/entry.ts';
import { KafkaVoters } from './kafka-voters.ts';
import type { ClusterLink } from './link.ts';

const disk = toTopicId('BBBBBBBBBBBBBBBBBBBBBA');
const abilities = toAbilities([{ apiKey: describeQuorumApi.key, minVersion: 0, maxVersion: 2 }], []);
const state = (replicaId: number) => ({
  replicaId,
  replicaDirectoryId: replicaId === 3 ? disk : zeroTopicId,
  logEndOffset: 5,
  lastFetchTimestamp: 1,
  lastCaughtUpTimestamp: 1,
});

interface Script {
  /** What RemoveRaftVoter answers, one after the other; the last one for ever. */
  readonly answers?: readonly number[];
  /** After how many of them the voter is gone. */
  readonly goneAfter?: number;
  readonly voters?: readonly number[];
  readonly kraftVersion?: number;
}

function scripted({ answers = [0], goneAfter = 1, voters = [1, 2, 3], kraftVersion = 1 }: Script = {}) {
  const facts: TimelineFact[] = [];
  const removals: unknown[] = [];
  const answerTo = (api: Api, body: unknown): unknown => {
    if (api.key === apiVersionsApi.key)
      return { finalizedFeatures: kraftVersion === 0 ? [] : [{ name: 'kraft.version', maxVersionLevel: kraftVersion }] };
    if (api.key === removeRaftVoterApi.key) {
      removals.push(body);
      return { errorCode: answers[Math.min(removals.length, answers.length) - 1], errorMessage: 'its words' };
    }
    const left = voters.filter((id) => id !== 3 || removals.length < goneAfter);
    const partition = { errorCode: 0, leaderId: 1, leaderEpoch: 2, highWatermark: 5, currentVoters: left.map(state), observers: [] };
    return { errorCode: 0, topics: [{ partitions: [partition] }], nodes: [] };
  };
  const answer = vi.fn((api: Api, body: unknown) => Promise.resolve(answerTo(api, body)));
  const client = { anyConnection: () => Promise.resolve({ abilities }), toAny: answer, toController: answer } as unknown as KafkaClient;
  const run = <Result>(operation: (client: KafkaClient) => Promise<Result>): Promise<Result> => operation(client);
  const link = { read: run, change: run, pause: () => Promise.resolve(), world: { clock: { nowMs: () => 77 } } };
  return { voters: new KafkaVoters(link as unknown as ClusterLink, (fact) => facts.push(fact)), facts, removals };
}

test('a vote is taken from the node with the disk that votes, and who asked for it is on the timeline', async () => {
  const { voters, facts, removals } = scripted();
  await voters.remove(3, 'ann');
  expect(removals).toEqual([{ clusterId: null, voterId: 3, voterDirectoryId: disk }]);
  expect(facts).toEqual([
    {
      atMs: 77,
      kind: 'voter-removed',
      subject: 'node 3',
      cause: 'by ann; 1, 2 vote',
      detail: { nodeId: 3, voters: [1, 2], by: 'ann', why: { kind: 'voter-deed', params: { by: 'ann', voters: '1, 2' } } },
    },
  ]);
});

test('while another change is under way it is asked again', async () => {
  const { REQUEST_TIMED_OUT } = errorCodes;
  const { voters, facts, removals } = scripted({ answers: [REQUEST_TIMED_OUT, REQUEST_TIMED_OUT, 0], goneAfter: 3 });
  await voters.remove(3, 'ann');
  expect(removals).toHaveLength(3);
  expect(facts).toHaveLength(1);
});

test.each([
  ['was late, and made', [errorCodes.REQUEST_TIMED_OUT]],
  ['was late, and is refused as made already', [errorCodes.REQUEST_TIMED_OUT, errorCodes.VOTER_NOT_FOUND]],
] as const)('a change that %s is done', async (_what, answers) => {
  const { voters, facts } = scripted({ answers, goneAfter: answers.length });
  await voters.remove(3, 'ann');
  expect(facts.map(({ kind }) => kind)).toEqual(['voter-removed']);
});

test('what stays late is given up after a bound, with the words of the cluster, and leaves no mark', async () => {
  const { voters, facts, removals } = scripted({ answers: [errorCodes.REQUEST_TIMED_OUT], goneAfter: Infinity });
  await expect(voters.remove(3, 'ann')).rejects.toMatchObject({
    code: 'REQUEST_TIMED_OUT',
    trouble: { kind: 'voters-late', params: { node: 3, words: 'its words' } },
    advice: 'try-again',
  });
  expect(removals).toHaveLength(6);
  expect(facts).toEqual([]);
});

test.each([
  [errorCodes.VOTER_NOT_FOUND, 'no-voter', null],
  [errorCodes.DUPLICATE_VOTER, 'voter-already', null],
  [errorCodes.UNSUPPORTED_VERSION, 'voters-configured', 'raise-kraft-version'],
  [errorCodes.CLUSTER_AUTHORIZATION_FAILED, 'refused', null],
])('error %i is told as %s, and not asked for again', async (errorCode, kind, advice) => {
  const { voters, removals } = scripted({ answers: [errorCode], goneAfter: Infinity });
  await expect(voters.remove(3, 'ann')).rejects.toMatchObject({ trouble: { kind }, advice });
  expect(removals).toHaveLength(1);
});

test.each([
  { what: 'the only voter', script: { voters: [3] }, act: 'remove', kind: 'last-voter' },
  { what: 'who is no voter', script: { voters: [1, 2] }, act: 'remove', kind: 'no-voter' },
  { what: 'a voter of the configuration', script: { kraftVersion: 0 }, act: 'remove', kind: 'voters-configured' },
  { what: 'a newcomer beside voters of the configuration', script: { kraftVersion: 0 }, act: 'add', kind: 'voters-configured' },
  { what: 'a newcomer that votes already', script: {}, act: 'add', kind: 'voter-already' },
] as const)('$what: refused before the cluster is asked to change anything', async ({ script, act, kind }) => {
  const { voters, removals } = scripted(script);
  await expect(voters[act](3, 'ann')).rejects.toMatchObject({ trouble: { kind } });
  expect(removals).toEqual([]);
});

test('a newcomer that follows nobody is refused by its number', async () => {
  await expect(scripted().voters.add(9, 'ann')).rejects.toMatchObject({ trouble: { kind: 'no-observer', params: { node: 9 } } });
});
