// A leader's risks: committing what a majority doesn't hold, or holds of an older epoch only; serving logs that left its own;
import { noDirectory } from './voter-set.ts';
// going on though nobody follows; forgetting somebody who waits.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxObservers, maxParkedFetches, observerSessionMs } from './leader.ts';
import { kindsOf, LoneNode, repliesIn, sendsIn, testTimes, voteRequest } from './testing/lone-node.ts';
import type { RaftEffect } from './messages.ts';
import type { ReplicaProgress } from './types.ts';

const oldEpochs = { epochs: [{ epoch: 1, startOffset: 0 }], endOffset: 10, vote: { epoch: 1, leaderId: null, votedId: null } } as const;

function commits(effects: readonly RaftEffect[]): readonly number[] {
  return effects.flatMap((effect) => (effect.kind === 'commit' ? [effect.highWatermark] : []));
}

describe('taking office', () => {
  test('begins with a record of the new epoch, tells every voter, and makes vote and record durable in that order', () => {
    const effects = new LoneNode(oldEpochs).start().elect();
    expect(kindsOf(effects)).toEqual(['save-vote', 'leader-known', 'append-leader-change', 'send', 'send', 'flush']);
    expect(effects[2]).toMatchObject({ baseOffset: 10, epoch: 2, voters: [1, 2, 3], grantingVoters: [1, 2] });
    expect(sendsIn(effects)).toMatchObject([
      { to: 2, request: { kind: 'begin-epoch', epoch: 2 } },
      { to: 3, request: { kind: 'begin-epoch', epoch: 2 } },
    ]);
  });

  test('announces itself again to who did not answer, and stops once that voter fetches', () => {
    const node = new LoneNode().start();
    node.elect();
    node.undelivered(3, 'begin-epoch');
    expect(sendsIn(node.tick())).toMatchObject([{ to: 3, request: { kind: 'begin-epoch' } }]);
    node.fetch(3, { offset: 1, epoch: 1 });
    node.fetch(2, { offset: 1, epoch: 1 });
    node.wait(testTimes.requestTimeoutMs);
    expect(sendsIn(node.give({ kind: 'tick' }))).toEqual([]);
  });

  test('alone in its quorum, it leads and commits without asking anybody', () => {
    const node = new LoneNode({ voters: [1] });
    const effects = node.give({ kind: 'start' });
    expect(kindsOf(effects)).toEqual(['save-vote', 'leader-known', 'leader-known', 'append-leader-change', 'flush', 'commit']);
    expect(commits(effects)).toEqual([1]);
  });
});

describe('the high watermark', () => {
  test('does not move over records of older epochs before one of its own is held by a majority (Raft, figure 8)', () => {
    const node = new LoneNode(oldEpochs).start();
    node.elect();
    expect(commits(node.fetch(2, { offset: 10, epoch: 1 }))).toEqual([]);
    expect(commits(node.fetch(3, { offset: 10, epoch: 1 }))).toEqual([]);
    expect(node.quorum.highWatermark).toBe(-1);
    expect(commits(node.fetch(2, { offset: 11, epoch: 2 }))).toEqual([11]);
  });

  test('counts what a fetch says is held, not what was sent', () => {
    const node = new LoneNode().start().reign();
    node.append(5);
    expect(commits(node.fetch(2, { offset: 1, epoch: 1 }))).toEqual([]);
    expect(commits(node.fetch(2, { offset: 4, epoch: 1 }))).toEqual([4]);
    expect(commits(node.fetch(3, { offset: 6, epoch: 1 }))).toEqual([6]);
  });

  test('is out of an observer’s reach', () => {
    const node = new LoneNode().start().reign();
    node.append();
    for (const observer of [4, 5, 6]) expect(commits(node.fetch(observer, { offset: 2, epoch: 1 }))).toEqual([]);
    expect(node.quorum.highWatermark).toBe(1);
  });

  test('is out of a stranger’s reach too: a fetch without replica id, or with the leader’s own', () => {
    const node = new LoneNode().start().reign();
    node.append();
    for (const replica of [-1, 1]) expect(commits(node.fetch(replica, { offset: 2, epoch: 1 }))).toEqual([]);
    expect([...(node.quorum.role as { readonly observers: Map<number, unknown> }).observers.keys()]).toEqual([]);
  });

  test('is not moved by a fetch whose log left ours', () => {
    const node = new LoneNode(oldEpochs).start();
    node.elect();
    const effects = node.fetch(2, { offset: 50, epoch: 1 });
    expect(commits(effects)).toEqual([]);
    expect(repliesIn(effects)[0]).toMatchObject({ content: { kind: 'diverging', epoch: 1, endOffset: 10 } });
  });

  test('never goes back, whatever the fetches say, and never passes what a majority holds', () => {
    const claims = fc.array(fc.record({ replica: fc.constantFrom(2, 3, 4, 5, 6), back: fc.integer({ min: 0, max: 4 }) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(claims, (fetches) => {
        const node = new LoneNode({ voters: [1, 2, 3, 4, 5] }).start();
        while (node.role !== 'prospective') node.tick();
        for (const from of [2, 3, 2, 3]) node.vote(from, true);
        const held = new Map<number, number>();
        let highest = -1;
        for (const { replica, back } of fetches) {
          node.append();
          const offset = Math.max(0, node.quorum.log.endOffset - back);
          const effects = node.fetch(replica, { offset, epoch: offset === 0 ? 0 : 1 });
          if (replica <= 5) held.set(replica, offset);
          const majority = [node.quorum.log.endOffset, ...[2, 3, 4, 5].map((id) => held.get(id) ?? 0)].sort((a, b) => b - a)[2] ?? 0;
          for (const highWatermark of commits(effects)) {
            expect(highWatermark).toBeGreaterThan(highest);
            expect(highWatermark).toBeLessThanOrEqual(majority);
            highest = highWatermark;
          }
        }
      }),
    );
  });
});

describe('an append', () => {
  test('decided in another epoch is refused: the image it was decided on is not this one', () => {
    const node = new LoneNode(oldEpochs).start().reign();
    const effects = node.give({ kind: 'append', epoch: 1, recordCount: 1, bytes: new Uint8Array(0) });
    expect(effects).toEqual([{ kind: 'append-refused', epoch: 1 }]);
    expect(node.quorum.log.endOffset).toBe(11);
  });

  test('to a node that does not lead is refused', () => {
    expect(kindsOf(new LoneNode().start().append())).toEqual(['append-refused']);
  });

  test('is durable here before it counts, and travels meanwhile', () => {
    const node = new LoneNode().start().reign();
    node.fetch(2, { offset: 1, epoch: 1 });
    expect(kindsOf(node.append(3))).toEqual(['append', 'reply', 'flush']);
  });
});

describe('a fetch', () => {
  test('of an older epoch is fenced, of a newer one is told to wait, to another than the leader is sent on', () => {
    const node = new LoneNode(oldEpochs).start().reign();
    const fetch = {
      kind: 'fetch',
      replicaId: 2,
      replicaDirectoryId: noDirectory,
      fetchOffset: 11,
      lastFetchedEpoch: 2,
      highWatermark: -1,
      maxWaitMs: 0,
    } as const;
    expect(node.ask({ ...fetch, epoch: 1 })).toMatchObject({ error: 'fenced-leader-epoch', leaderId: 1, epoch: 2 });
    expect(node.ask({ ...fetch, epoch: 3 })).toMatchObject({ error: 'unknown-leader-epoch' });
    const follower = new LoneNode().start();
    follower.follow(3, 2);
    expect(follower.ask({ ...fetch, epoch: 2 })).toMatchObject({ error: 'not-leader', leaderId: 3 });
  });

  test.each([
    ['continues our log', { offset: 12, epoch: 2 }, { kind: 'from' }],
    ['lies in an older epoch that both share', { offset: 6, epoch: 1 }, { kind: 'from' }],
    ['goes on in an older epoch longer than we do', { offset: 11, epoch: 1 }, { kind: 'diverging', epoch: 1, endOffset: 10 }],
    ['has an epoch between two of ours', { offset: 15, epoch: 3 }, { kind: 'diverging', epoch: 2, endOffset: 15 }],
    ['is empty', { offset: 0, epoch: 0 }, { kind: 'from' }],
  ])('whose log %s', (_what, position, content) => {
    const node = new LoneNode({
      epochs: [
        { epoch: 1, startOffset: 0 },
        { epoch: 2, startOffset: 10 },
      ],
      endOffset: 15,
      vote: { epoch: 4, leaderId: null, votedId: null },
    }).start();
    node.elect();
    expect(repliesIn(node.fetch(2, position))[0]).toMatchObject({ content });
  });

  test('that begins before our log is sent to the snapshot; so is one whose epoch we have forgotten', () => {
    const node = new LoneNode({
      epochs: [{ epoch: 3, startOffset: 20 }],
      startOffset: 20,
      endOffset: 30,
      snapshot: { offset: 20, epoch: 3 },
      vote: { epoch: 3, leaderId: null, votedId: null },
    }).start();
    node.elect();
    for (const position of [
      { offset: 5, epoch: 1 },
      { offset: 0, epoch: 0 },
      { offset: 25, epoch: 1 },
    ])
      expect(repliesIn(node.fetch(2, position))[0]).toMatchObject({ content: { kind: 'snapshot', id: { offset: 20, epoch: 3 } } });
    expect(repliesIn(node.fetch(2, { offset: 20, epoch: 3 }))[0]).toMatchObject({ content: { kind: 'from', offset: 20 } });
  });

  test('that finds nothing new waits: for records, for a commit it does not know of, or for its time', () => {
    const node = new LoneNode().start().reign();
    expect(node.fetch(2, { offset: 1, epoch: 1 })).toEqual([]);
    expect(repliesIn(node.append())).toMatchObject([{ content: { kind: 'from', offset: 1 } }]);
    expect(node.fetch(2, { offset: 2, epoch: 1, highWatermark: 2 }).filter(({ kind }) => kind === 'reply')).toEqual([]);
    node.wait(100);
    expect(repliesIn(node.give({ kind: 'tick' }))).toMatchObject([{ content: { kind: 'nothing' }, highWatermark: 2 }]);
    node.fetch(3, { offset: 2, epoch: 1, highWatermark: 1 });
    expect(node.quorum.role, 'a follower that lags by a commit is not kept waiting').toMatchObject({ parked: [] });
  });

  test('is refused, not forgotten, when the leader that held it back steps down', () => {
    const node = new LoneNode().start().reign();
    node.fetch(2, { offset: 1, epoch: 1 });
    node.fetch(3, { offset: 1, epoch: 1 });
    const replies = repliesIn(node.follow(2, 5));
    expect(replies.filter((reply) => reply.kind === 'fetch')).toMatchObject([{ error: 'not-leader' }, { error: 'not-leader' }]);
  });

  test('beyond the bound of held-back ones is answered at once instead of being kept', () => {
    const node = new LoneNode().start().reign();
    for (let count = 0; count < maxParkedFetches; count++) node.fetch(4, { offset: 1, epoch: 1 });
    expect(repliesIn(node.fetch(4, { offset: 1, epoch: 1 }))).toMatchObject([{ content: { kind: 'nothing' } }]);
  });
});

describe('FetchSnapshot', () => {
  const request = { kind: 'fetch-snapshot', replicaId: 2, position: 7 } as const;

  test('of a snapshot that is gone, or was replaced by a newer one, says so', () => {
    const node = new LoneNode().start().reign();
    const epoch = 1;
    expect(node.ask({ ...request, epoch, id: { offset: 1, epoch: 1 } })).toMatchObject({ error: 'snapshot-not-found' });
    node.give({ kind: 'snapshot-saved', id: { offset: 1, epoch: 1 }, logStartOffset: 0 });
    expect(node.ask({ ...request, epoch, id: { offset: 1, epoch: 1 } })).toMatchObject({ error: 'none', position: 7, piece: null });
    expect(node.ask({ ...request, epoch, id: { offset: 1, epoch: 0 } })).toMatchObject({ error: 'snapshot-not-found' });
  });

  test('is fenced by epoch like a fetch', () => {
    const node = new LoneNode(oldEpochs).start().reign();
    expect(node.ask({ ...request, epoch: 1, id: { offset: 1, epoch: 1 } })).toMatchObject({ error: 'fenced-leader-epoch' });
    expect(new LoneNode().start().ask({ ...request, epoch: 0, id: { offset: 1, epoch: 1 } })).toMatchObject({ error: 'not-leader' });
  });

  test('never covers what is not committed: a snapshot beyond the high watermark is an error of the program', () => {
    const node = new LoneNode().start().reign();
    node.append(5);
    expect(() => node.give({ kind: 'snapshot-saved', id: { offset: 6, epoch: 1 }, logStartOffset: 0 })).toThrow(/committed/);
  });
});

describe('what is told of replicas', () => {
  function leading(node: LoneNode): {
    readonly voters: ReadonlyMap<number, ReplicaProgress>;
    readonly observers: ReadonlyMap<number, ReplicaProgress>;
  } {
    if (node.quorum.role.kind !== 'leader') throw new Error('it does not lead');
    return node.quorum.role;
  }

  test('under steady appends a follower that holds what there was a fetch ago counts as caught up then', () => {
    const node = new LoneNode().start().reign();
    const seen: (number | null)[] = [];
    for (let round = 1; round <= 3; round++) {
      node.append();
      node.wait(10).fetch(2, { offset: round, epoch: 1 });
      seen.push((leading(node).voters.get(2)?.lastCaughtUpMs ?? 0) - node.nowMs);
    }
    expect(seen.slice(1), 'as of the fetch before').toEqual([-10, -10]);
    node.append(5);
    node.wait(10).fetch(2, { offset: 3, epoch: 1 });
    expect((leading(node).voters.get(2)?.lastCaughtUpMs ?? 0) - node.nowMs, 'it fell behind').toBe(-20);
  });

  test('an observer that fell silent is forgotten, and so many that call themselves one are not all remembered', () => {
    const node = new LoneNode().start().reign();
    node.fetch(10, { offset: 1, epoch: 1 });
    node.wait(observerSessionMs).fetch(11, { offset: 1, epoch: 1 });
    expect([...leading(node).observers.keys()]).toEqual([11]);
    for (let replica = 100; replica < 100 + 2 * maxObservers; replica++) node.fetch(replica, { offset: 1, epoch: 1 });
    expect(leading(node).observers.size).toBe(maxObservers);
  });
});

describe('doubt', () => {
  test('a leader that no majority fetched from for one and a half time-outs resigns, and keeps its epoch and vote', () => {
    const node = new LoneNode().start().reign();
    const limitMs = node.nowMs + testTimes.fetchTimeoutMs * 1.5;
    while (node.role === 'leader' && node.nowMs < limitMs + 1) node.tick();
    expect(node.role).toBe('resigned');
    expect(node.nowMs).toBe(limitMs);
    expect(node.quorum.epoch).toBe(1);
    expect(node.ask(voteRequest(3, 1, { lastEpoch: 9, lastOffset: 99, isPreVote: false }))).toMatchObject({
      isGranted: false,
    });
  });

  test('one voter of three that fetches is enough, an observer is none', () => {
    const node = new LoneNode().start().reign();
    const fetchEvery = (replicaId: number, times: number): void => {
      for (let time = 0; time < times; time++) {
        node.wait(testTimes.fetchTimeoutMs / 2).fetch(replicaId, { offset: 1, epoch: 1 });
        node.give({ kind: 'tick' });
      }
    };
    fetchEvery(3, 8);
    expect(node.role).toBe('leader');
    fetchEvery(4, 4);
    expect(node.role).toBe('resigned');
  });

  test('two voters of five are needed: the same one twice does not do', () => {
    const node = new LoneNode({ voters: [1, 2, 3, 4, 5] }).start();
    while (node.role !== 'prospective') node.tick();
    for (const from of [2, 3, 2, 3]) node.vote(from, true);
    for (let time = 0; time < 4; time++) {
      node.wait(testTimes.fetchTimeoutMs / 2).fetch(2, { offset: 1, epoch: 1 });
      node.give({ kind: 'tick' });
    }
    expect(node.role).toBe('resigned');
  });

  test('an only voter never doubts itself', () => {
    const node = new LoneNode({ voters: [1] }).start();
    node.wait(3_600_000).give({ kind: 'tick' });
    expect(node.role).toBe('leader');
  });

  test('a resigned leader follows nobody in its own epoch, and stands again when its time has come', () => {
    const node = new LoneNode().start().reign();
    node.give({ kind: 'resign', reason: 'shutdown' });
    node.follow(2, 1);
    expect(node.role).toBe('resigned');
    node.tick();
    expect(node.role).toBe('prospective');
  });
});

describe('a handover', () => {
  test('names the successors by how much they hold, before the vote is given up', () => {
    const node = new LoneNode().start().reign();
    node.append(3);
    node.fetch(3, { offset: 4, epoch: 1 });
    node.fetch(2, { offset: 2, epoch: 1 });
    const effects = node.give({ kind: 'resign', reason: 'shutdown' });
    expect(sendsIn(effects).map(({ to, request }) => [to, request])).toMatchObject([
      [3, { kind: 'end-epoch', epoch: 1, preferredSuccessors: [3, 2] }],
      [2, { kind: 'end-epoch', epoch: 1, preferredSuccessors: [3, 2] }],
    ]);
    expect(node.role).toBe('resigned');
  });

  test('of a node that leads nothing is nothing', () => {
    const node = new LoneNode().start();
    expect(node.give({ kind: 'resign', reason: 'shutdown' })).toEqual([]);
  });
});
