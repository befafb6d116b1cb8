import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { QuorumReplica, QuorumView } from '#server/cluster/quorum-view.ts';
import { foreseeVote, type VoteDeed } from './foresee-vote.ts';
import { followsWithinMs } from './judge-quorum.ts';

const nowMs = 1_000_000;

function replica(nodeId: number, isSilent = false): QuorumReplica {
  const lastFetchMs = isSilent ? nowMs - followsWithinMs - 1 : nowMs;
  return { nodeId, directoryId: `disk-${nodeId}`, logEndOffset: 5, lag: 0, lastFetchMs, lastCaughtUpMs: lastFetchMs };
}

interface Seats {
  readonly voters: readonly number[];
  readonly observers?: readonly number[];
  readonly silent?: readonly number[];
  readonly leaderId?: number | null;
}

function view({ voters, observers = [], silent = [], leaderId = voters[0] ?? null }: Seats): QuorumView {
  const of = (nodeId: number): QuorumReplica => replica(nodeId, silent.includes(nodeId));
  return { leaderId, epoch: 3, highWatermark: 5, votersIn: 'log', voters: voters.map(of), observers: observers.map(of) };
}

const foresee = (seats: Seats, deed: VoteDeed, nodeId: number) => foreseeVote(view(seats), { deed, nodeId, nowMs });

test('with four as many may fail as with three, and one more has to hold each change', () => {
  expect(foresee({ voters: [3, 1, 2], observers: [4] }, 'let-vote', 4)).toMatchObject({
    before: { voters: [1, 2, 3], majority: 2, mayFail: 1 },
    after: { voters: [1, 2, 3, 4], majority: 3, mayFail: 1 },
    outlook: 'same',
  });
});

test.each([
  { what: 'a second voter', seats: { voters: [1], observers: [2] }, deed: 'let-vote', nodeId: 2, outlook: 'pair', mayFail: 0 },
  { what: 'a third voter', seats: { voters: [1, 2], observers: [3] }, deed: 'let-vote', nodeId: 3, outlook: 'more', mayFail: 1 },
  { what: 'a fifth voter', seats: { voters: [1, 2, 3, 4], observers: [5] }, deed: 'let-vote', nodeId: 5, outlook: 'more', mayFail: 2 },
  { what: 'the fifth gone', seats: { voters: [1, 2, 3, 4, 5] }, deed: 'take-vote', nodeId: 5, outlook: 'fewer', mayFail: 1 },
  { what: 'the fourth gone', seats: { voters: [1, 2, 3, 4] }, deed: 'take-vote', nodeId: 4, outlook: 'same', mayFail: 1 },
  { what: 'the third gone', seats: { voters: [1, 2, 3] }, deed: 'take-vote', nodeId: 3, outlook: 'pair', mayFail: 0 },
  { what: 'the second gone', seats: { voters: [1, 2] }, deed: 'take-vote', nodeId: 2, outlook: 'alone', mayFail: 0 },
] as const)('$what: $outlook, and $mayFail may fail', ({ seats, deed, nodeId, outlook, mayFail }) => {
  expect(foresee(seats, deed, nodeId)).toMatchObject({ outlook, after: { mayFail } });
});

test('a change that could never be committed is told as such, before it is tried', () => {
  const oneSilent: Seats = { voters: [1, 2, 3], observers: [4], silent: [3] };
  expect(foresee(oneSilent, 'take-vote', 2), 'one of the two that remain is silent').toMatchObject({
    outlook: 'stalls',
    followingAfter: 1,
  });
  expect(foresee({ ...oneSilent, silent: [3, 4] }, 'let-vote', 4), 'the newcomer is silent too').toMatchObject({ outlook: 'stalls' });
  expect(foresee(oneSilent, 'let-vote', 4), 'a newcomer that follows is what a bare majority needs').toMatchObject({ outlook: 'same' });
});

test('who is silent may go: that is how a quorum is repaired', () => {
  expect(foresee({ voters: [1, 2, 3, 4], silent: [4] }, 'take-vote', 4)).toMatchObject({
    outlook: 'same',
    isSilent: true,
    isLeader: false,
  });
});

test('that the leader goes is told', () => {
  expect(foresee({ voters: [1, 2, 3], leaderId: 2 }, 'take-vote', 2)).toMatchObject({ isLeader: true, isSilent: false });
});

test('two majorities that follow each other always share a voter', () => {
  const seats = fc.record({ count: fc.integer({ min: 2, max: 9 }), deed: fc.constantFrom<VoteDeed>('let-vote', 'take-vote') });
  fc.assert(
    fc.property(seats, ({ count, deed }) => {
      const voters = Array.from({ length: count }, (_, index) => index + 1);
      const { before, after } = foresee({ voters, observers: [99] }, deed, deed === 'let-vote' ? 99 : count);
      const all = new Set([...before.voters, ...after.voters]).size;
      expect(before.majority + after.majority).toBeGreaterThan(all);
      expect(after.mayFail).toBe(after.voters.length - after.majority);
    }),
  );
});
