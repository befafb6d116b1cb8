import { expect, test } from 'vitest';
import type { QuorumReplica, QuorumView } from '#server/cluster/quorum-view.ts';
import { followsWithinMs, isFollowing, judgeQuorum, replicaState } from './judge-quorum.ts';

const now = 1_000_000;
const replica = (nodeId: number, change: Partial<QuorumReplica> = {}): QuorumReplica => ({
  nodeId,
  directoryId: `disk-${nodeId}`,
  logEndOffset: 50,
  lag: 0,
  lastFetchMs: now - 200,
  lastCaughtUpMs: now - 200,
  ...change,
});
const silent = (nodeId: number) => replica(nodeId, { lastFetchMs: now - followsWithinMs - 1, logEndOffset: 20, lag: 30 });
const quorum = (voters: readonly QuorumReplica[], change: Partial<QuorumView> = {}): QuorumView => ({
  leaderId: 1,
  epoch: 4,
  highWatermark: 50,
  votersIn: 'log',
  voters,
  observers: [],
  ...change,
});

test.each([
  ['well', 'good', [replica(1), replica(2), replica(3)]],
  ['alone', 'good', [replica(1)]],
  ['bare-majority', 'watch', [replica(1), replica(2), silent(3)]],
  ['voter-silent', 'watch', [replica(1), replica(2), replica(3), replica(4), silent(5)]],
  ['no-majority', 'offline', [replica(1), silent(2), silent(3)]],
  ['no-majority', 'offline', [replica(1), silent(2)]],
  ['no-majority', 'offline', [replica(1), replica(2), silent(3), silent(4)]],
] as const)('%s, told as %s', (verdict, state, voters) => {
  expect(judgeQuorum(quorum(voters), now)).toMatchObject({ verdict, state });
});

test('without a leader nothing else counts, however well the voters are', () => {
  const view = quorum([replica(1), replica(2), replica(3)], { leaderId: null });
  expect(judgeQuorum(view, now).verdict).toBe('leaderless');
  expect(view.voters.map((voter) => replicaState(voter, view, now))).toEqual(['unknown', 'unknown', 'unknown']);
});

test('the leader fetches from nobody and is never silent', () => {
  const view = quorum([replica(1, { lastFetchMs: null, logEndOffset: 60 }), replica(2), silent(3)]);
  expect(judgeQuorum(view, now)).toMatchObject({ following: 2, voters: 3, silent: [3] });
});

test('a cluster too old to tell fetch times is judged by what each voter holds', () => {
  const view = quorum([replica(1), replica(2, { lastFetchMs: null }), replica(3, { lastFetchMs: null, logEndOffset: 49 })]);
  expect(judgeQuorum(view, now).silent).toEqual([3]);
});

test('exactly at the limit a voter still follows, one millisecond later it does not', () => {
  const view = quorum([replica(1), replica(2, { lastFetchMs: now - followsWithinMs })]);
  expect(isFollowing(view.voters[1] as QuorumReplica, view, now)).toBe(true);
  expect(isFollowing(view.voters[1] as QuorumReplica, view, now + 1)).toBe(false);
});

test('a replica that asks but has not got all that is committed is behind, not lost', () => {
  const view = quorum([replica(1), replica(2, { logEndOffset: 49 })]);
  expect(replicaState(view.voters[1] as QuorumReplica, view, now)).toBe('watch');
  expect(replicaState(silent(3), view, now)).toBe('offline');
});
