// Votes: who may give one, to whom, how often, and what must be durable before anybody hears of it.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kindsOf, LoneNode, repliesIn, sendsIn, testTimes, voteRequest } from './testing/lone-node.ts';

describe('a vote', () => {
  test('is durable before the answer that tells of it', () => {
    const effects = new LoneNode().start().hear(voteRequest(2, 1));
    expect(kindsOf(effects)).toEqual(['save-vote', 'leader-known', 'reply']);
    expect(effects[0]).toEqual({ kind: 'save-vote', vote: { epoch: 1, leaderId: null, votedId: 2 } });
    expect(repliesIn(effects)[0]).toMatchObject({ isGranted: true, epoch: 1 });
  });

  test('is given once an epoch: a second candidate is turned down, the first may ask again', () => {
    const node = new LoneNode().start();
    expect(node.ask(voteRequest(2, 1))).toMatchObject({ isGranted: true });
    expect(node.ask(voteRequest(3, 1))).toMatchObject({ isGranted: false, error: 'none' });
    expect(node.ask(voteRequest(2, 1))).toMatchObject({ isGranted: true });
    expect(node.ask(voteRequest(3, 2))).toMatchObject({ isGranted: true });
  });

  test('survives a restart: what the disk remembers is kept to', () => {
    const node = new LoneNode({ vote: { epoch: 4, leaderId: null, votedId: 2 } }).start();
    expect(node.ask(voteRequest(3, 4))).toMatchObject({ isGranted: false });
    expect(node.ask(voteRequest(2, 4))).toMatchObject({ isGranted: true });
  });

  test('of a restarted leader stays with itself: it may have lost what the others took from it', () => {
    for (const vote of [
      { epoch: 4, leaderId: 1, votedId: 1 },
      { epoch: 4, leaderId: 1, votedId: null },
    ]) {
      const node = new LoneNode({ vote }).start();
      expect(node.role).toBe('voted');
      expect(node.ask(voteRequest(2, 4))).toMatchObject({ isGranted: false });
    }
  });

  test('is not given while standing for the same epoch: a candidate votes for itself', () => {
    const node = new LoneNode().start();
    while (node.role !== 'prospective') node.tick();
    const effects = node.vote(2, true);
    expect(node.role).toBe('candidate');
    expect(effects[0]).toMatchObject({ kind: 'save-vote', vote: { epoch: 1, votedId: 1 } });
    expect(node.ask(voteRequest(3, 1))).toMatchObject({ isGranted: false });
  });

  test('for a stale epoch is refused with the epoch that fences it', () => {
    const node = new LoneNode({ vote: { epoch: 9, leaderId: null, votedId: null } }).start();
    expect(node.ask(voteRequest(2, 8))).toMatchObject({ isGranted: false, error: 'fenced-leader-epoch', epoch: 9 });
    expect(node.quorum.epoch).toBe(9);
  });

  test.each([
    ['an older last epoch', { lastEpoch: 4, lastOffset: 99 }, false],
    ['the same epoch and fewer records', { lastEpoch: 5, lastOffset: 9 }, false],
    ['the very same end', { lastEpoch: 5, lastOffset: 10 }, true],
    ['a newer epoch and fewer records', { lastEpoch: 6, lastOffset: 3 }, true],
  ])('for a log with %s', (_what, log, isGranted) => {
    const node = new LoneNode({
      vote: { epoch: 6, leaderId: null, votedId: null },
      epochs: [{ epoch: 5, startOffset: 0 }],
      endOffset: 10,
    }).start();
    expect(node.ask(voteRequest(2, 7, log))).toMatchObject({ isGranted });
    expect(node.ask(voteRequest(2, 7, { ...log, isPreVote: true }))).toMatchObject({ isGranted });
  });

  test('refused for a short log still takes the newer epoch along, durably, and stays free for another', () => {
    const node = new LoneNode({ epochs: [{ epoch: 1, startOffset: 0 }], endOffset: 5, vote: { epoch: 1, leaderId: null, votedId: 3 } });
    const effects = node.start().hear(voteRequest(2, 2, { lastEpoch: 1, lastOffset: 4 }));
    expect(effects[0]).toEqual({ kind: 'save-vote', vote: { epoch: 2, leaderId: null, votedId: null } });
    expect(node.ask(voteRequest(3, 2))).toMatchObject({ isGranted: true });
  });

  test('of an observer is asked for in vain, and an observer that asks gets none', () => {
    const observer = new LoneNode({ nodeId: 4 }).start();
    expect(observer.ask(voteRequest(2, 3))).toMatchObject({ isGranted: false, error: 'inconsistent-voter-set' });
    expect(observer.quorum.epoch).toBe(0);
    const voter = new LoneNode().start();
    expect(voter.ask(voteRequest(4, 3))).toMatchObject({ isGranted: false, error: 'inconsistent-voter-set' });
    expect(voter.quorum.epoch).toBe(0);
  });

  test('granted by somebody who is no voter is not counted', () => {
    const node = new LoneNode({ voters: [1, 2, 3, 5, 6] }).start();
    while (node.role !== 'prospective') node.tick();
    for (const stranger of [4, 7, 8]) node.vote(stranger, true);
    expect(node.role).toBe('prospective');
  });

  test('counted twice from one voter would be one too many', () => {
    const node = new LoneNode({ voters: [1, 2, 3, 4, 5] }).start();
    while (node.role !== 'prospective') node.tick();
    for (let time = 0; time < 3; time++) node.vote(2, true);
    expect(node.role).toBe('prospective');
    node.vote(3, true);
    expect(node.role).toBe('candidate');
  });

  test('of an earlier epoch, or of the other kind of ballot, is not counted', () => {
    const node = new LoneNode().start();
    while (node.role !== 'prospective') node.tick();
    node.vote(2, true);
    const late = { kind: 'vote', error: 'none', leaderId: null, isGranted: true } as const;
    node.reply(2, { ...late, epoch: 0, isPreVote: false });
    node.reply(2, { ...late, epoch: 1, isPreVote: true });
    expect(node.role).toBe('candidate');
    node.vote(2, true);
    expect(node.role).toBe('leader');
  });
});

describe('a pre-vote', () => {
  test('raises nobody’s epoch and writes nothing, however often it is asked and granted', () => {
    const node = new LoneNode({ vote: { epoch: 3, leaderId: null, votedId: 2 } }).start();
    for (const candidate of [2, 3, 2]) {
      const effects = node.hear(voteRequest(candidate, 3, { isPreVote: true }));
      expect(kindsOf(effects)).toEqual(['reply']);
      expect(repliesIn(effects)[0]).toMatchObject({ isGranted: true, isPreVote: true });
    }
    expect(node.quorum).toMatchObject({ epoch: 3, role: { kind: 'voted', votedId: 2 } });
  });

  test('is refused by a follower that hears its leader, so that a bad link unseats nobody', () => {
    const node = new LoneNode().start();
    node.follow(2, 1);
    expect(node.ask(voteRequest(3, 1, { isPreVote: true }))).toMatchObject({ isGranted: true });
    node.receive({ kind: 'nothing' });
    expect(node.ask(voteRequest(3, 1, { isPreVote: true }))).toMatchObject({ isGranted: false, leaderId: 2 });
  });

  test('is refused by the leader itself, whose name in the answer brings the asker back', () => {
    const leader = new LoneNode().start().reign();
    expect(leader.ask(voteRequest(3, 1, { isPreVote: true }))).toMatchObject({ isGranted: false, leaderId: 1 });
    const lost = new LoneNode({ nodeId: 3, vote: { epoch: 1, leaderId: null, votedId: null } }).start();
    while (lost.role !== 'prospective') lost.tick();
    const reply = { kind: 'vote', error: 'none', epoch: 1, leaderId: 1, isGranted: false, isPreVote: true } as const;
    expect(sendsIn(lost.reply(1, reply))).toMatchObject([{ to: 1, request: { kind: 'fetch' } }]);
    expect(lost.quorum.role).toMatchObject({ kind: 'follower', leaderId: 1 });
  });

  test('asked for ever in vain leaves the epoch where it is', () => {
    const node = new LoneNode({ vote: { epoch: 5, leaderId: null, votedId: null } }).start();
    for (let time = 0; time < 200; time++) {
      node.tick();
      for (const to of [2, 3]) node.undelivered(to, 'vote');
    }
    expect(node.quorum.epoch).toBe(5);
  });
});

describe('a ballot', () => {
  test('that can’t be won any more ends at once, with a pause that is bounded and jittered', () => {
    const node = new LoneNode().start();
    while (node.role !== 'prospective') node.tick();
    node.vote(2, false);
    expect(node.role).toBe('prospective');
    node.vote(3, false);
    expect(node.quorum.role.kind).toBe('unattached');
    const { electionAtMs } = node.quorum.role as { readonly electionAtMs: number };
    expect(electionAtMs - node.nowMs).toBeGreaterThanOrEqual(testTimes.retryBackoffMs);
    expect(electionAtMs - node.nowMs).toBeLessThan(testTimes.retryBackoffMs + testTimes.electionBackoffMaxMs);
  });

  test('split between two candidates ends in a new one, in a higher epoch', () => {
    const node = new LoneNode().start();
    while (node.role !== 'prospective') node.tick();
    node.vote(2, true);
    expect(node.quorum).toMatchObject({ epoch: 1, role: { kind: 'candidate' } });
    node.vote(2, false);
    node.vote(3, false);
    expect(node.quorum, 'its own vote stays given').toMatchObject({ epoch: 1, role: { kind: 'voted', votedId: 1 } });
    while (node.role !== 'prospective') node.tick();
    node.vote(3, true);
    expect(node.quorum).toMatchObject({ epoch: 2, role: { kind: 'candidate' } });
  });

  test('goes on while a voter can’t be reached: it is asked again after a pause, once', () => {
    const node = new LoneNode().start();
    while (node.role !== 'prospective') node.tick();
    const startedMs = node.nowMs;
    node.undelivered(2, 'vote');
    const again = node.tick();
    expect(node.nowMs).toBe(startedMs + testTimes.retryBackoffMs);
    expect(sendsIn(again)).toMatchObject([{ to: 2, request: { kind: 'vote', isPreVote: true } }]);
  });

  test('one refused and the other beyond reach is lost: the dead are not waited for', () => {
    const node = new LoneNode().start();
    while (node.role !== 'prospective') node.tick();
    node.vote(2, false);
    expect(node.role).toBe('prospective');
    node.undelivered(3, 'vote', 'refused');
    expect(node.role).toBe('unattached');
  });

  test('with everybody beyond reach is not lost: they may be starting', () => {
    const node = new LoneNode().start();
    while (node.role !== 'prospective') node.tick();
    for (const to of [2, 3]) node.undelivered(to, 'vote', 'refused');
    expect(node.role).toBe('prospective');
  });

  test('of all who start at once is asked in turn: the first voter stands before the second', () => {
    const standsAt = (nodeId: number): number => {
      const node = new LoneNode({ nodeId }).start();
      while (node.role !== 'prospective') node.tick();
      return node.nowMs;
    };
    expect(standsAt(2) - standsAt(1)).toBeGreaterThan(testTimes.retryBackoffMs);
    expect(standsAt(3) - standsAt(2)).toBeGreaterThan(testTimes.retryBackoffMs);
    expect(standsAt(3)).toBeLessThan(testTimes.electionTimeoutMs / 4);
  });

  test('is dropped for a leader of the same epoch that introduces itself', () => {
    const node = new LoneNode().start();
    while (node.role !== 'prospective') node.tick();
    node.vote(2, true);
    const effects = node.follow(3, 1);
    expect(node.quorum.role).toMatchObject({ kind: 'follower', leaderId: 3 });
    expect(effects[0]).toMatchObject({ kind: 'save-vote', vote: { epoch: 1, leaderId: 3, votedId: 1 } });
  });
});

test('whatever candidates ask, in whatever order and across restarts, no epoch sees two votes of one node', () => {
  const asking = fc.array(
    fc.record({
      candidate: fc.constantFrom(2, 3),
      epoch: fc.integer({ min: 1, max: 6 }),
      isPreVote: fc.boolean(),
      restart: fc.boolean(),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(asking, (questions) => {
      let node = new LoneNode().start();
      let onDisk = { epoch: 0, leaderId: null as number | null, votedId: null as number | null };
      const given = new Map<number, number>();
      for (const { candidate, epoch, isPreVote, restart } of questions) {
        if (restart) node = new LoneNode({ vote: onDisk }).start();
        for (const effect of node.hear(voteRequest(candidate, epoch, { isPreVote }))) {
          if (effect.kind === 'save-vote') onDisk = effect.vote;
          if (effect.kind !== 'reply' || effect.reply.kind !== 'vote' || !effect.reply.isGranted || isPreVote) continue;
          expect(given.get(epoch) ?? candidate).toBe(candidate);
          expect(onDisk).toMatchObject({ epoch, votedId: candidate });
          given.set(epoch, candidate);
        }
      }
    }),
  );
});

describe('EndQuorumEpoch', () => {
  const farewell = (preferredSuccessors: readonly number[], epoch = 1) =>
    ({ kind: 'end-epoch', epoch, leaderId: 3, preferredSuccessors }) as const;

  test('sends the first successor into an election at once, and lets the next wait a little longer', () => {
    const first = new LoneNode().start();
    first.follow(3, 1);
    expect(sendsIn(first.hear(farewell([1, 2])))).toMatchObject([{ request: { isPreVote: true } }, { request: { isPreVote: true } }]);
    expect(first.role).toBe('prospective');
    const second = new LoneNode().start();
    second.follow(3, 1);
    second.hear(farewell([2, 1]));
    expect(second.role).toBe('unattached');
    const { electionAtMs } = second.quorum.role as { readonly electionAtMs: number };
    expect(electionAtMs - second.nowMs).toBeGreaterThanOrEqual(2 * testTimes.retryBackoffMs);
    expect(electionAtMs - second.nowMs).toBeLessThan(testTimes.electionTimeoutMs);
  });

  test('of a stale epoch changes nothing', () => {
    const node = new LoneNode().start();
    node.follow(3, 2);
    expect(node.ask(farewell([1, 2], 1))).toMatchObject({ error: 'fenced-leader-epoch', epoch: 2 });
    expect(node.quorum.role).toMatchObject({ kind: 'follower', leaderId: 3 });
  });

  test('means nothing to an observer but that the leader is gone', () => {
    const node = new LoneNode({ nodeId: 4 }).start();
    node.follow(3, 1);
    node.hear(farewell([1, 2]));
    expect(node.role).toBe('observer');
  });
});
