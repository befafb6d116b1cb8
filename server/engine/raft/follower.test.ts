// A replica's risks: cutting what is committed, keeping what the leader doesn't have, telling of records that a crash would
// take back, believing an answer that isn't its leader's, waiting for a leader that is gone.

import { describe, expect, test } from 'vitest';
import { batch, kindsOf, LoneNode, sendsIn, testTimes, voteRequest } from './testing/lone-node.ts';

const oldLog = {
  epochs: [
    { epoch: 1, startOffset: 0 },
    { epoch: 3, startOffset: 10 },
    { epoch: 5, startOffset: 20 },
  ],
  endOffset: 30,
  vote: { epoch: 5, leaderId: null, votedId: null },
} as const;

function follower(options: ConstructorParameters<typeof LoneNode>[0] = {}): LoneNode {
  const node = new LoneNode(options).start();
  node.follow(2, Math.max(1, node.quorum.epoch) + 1);
  return node;
}

describe('records from the leader', () => {
  test('are durable before the next fetch tells the leader of them', () => {
    const effects = follower().receive({ kind: 'batches', batches: [batch(0, 2), batch(1, 2, 3)] }, 1);
    expect(kindsOf(effects)).toEqual(['append', 'flush', 'commit', 'send']);
    expect(sendsIn(effects)).toMatchObject([{ to: 2, request: { kind: 'fetch', fetchOffset: 4, lastFetchedEpoch: 2, highWatermark: 1 } }]);
  });

  test('are taken up to the first hole, overlap or epoch from the future; nothing of the rest is believed', () => {
    for (const odd of [batch(3, 2), batch(0, 2), batch(1, 9), { ...batch(1, 2), lastOffset: 0 }]) {
      const node = follower();
      const effects = node.receive({ kind: 'batches', batches: [batch(0, 2), odd, batch(2, 2)] }, 3);
      expect(node.quorum.log.endOffset).toBe(1);
      expect(effects.find(({ kind }) => kind === 'commit')).toEqual({ kind: 'commit', highWatermark: 1 });
    }
  });

  test('of another than the leader, of another epoch, or with an error are not taken', () => {
    const reply = { kind: 'fetch', error: 'none', epoch: 2, leaderId: 2, highWatermark: 1 } as const;
    const content = { kind: 'batches', batches: [batch(0, 2)] } as const;
    for (const [from, change] of [
      [3, {}],
      [2, { epoch: 1 }],
      [2, { error: 'not-leader' }],
    ] as const) {
      const node = follower();
      node.reply(from, { ...reply, content, ...change });
      expect(node.quorum.log.endOffset).toBe(0);
    }
  });

  test('that come twice are kept once', () => {
    const node = follower();
    const content = { kind: 'batches', batches: [batch(0, 2), batch(1, 2)] } as const;
    node.receive(content, 1);
    expect(kindsOf(node.receive(content, 2))).toEqual(['commit', 'send']);
    expect(node.quorum.log.endOffset).toBe(2);
  });

  test('move the high watermark no further than this log reaches, and never back', () => {
    const node = follower();
    node.receive({ kind: 'batches', batches: [batch(0, 2)] }, 50);
    expect(node.quorum.highWatermark).toBe(1);
    node.receive({ kind: 'nothing' }, 0);
    expect(node.quorum.highWatermark).toBe(1);
  });
});

describe('an answer that changes nothing', () => {
  const useless = { kind: 'batches', batches: [batch(7, 2)] } as const;

  /** Fetches in a second of a leader that answers each of them the same way, at once. */
  function fetchesInASecond(node: LoneNode, content: Parameters<LoneNode['receive']>[0]): number {
    const endMs = node.nowMs + 1_000;
    for (let fetches = 0; ;) {
      const sent = sendsIn(node.receive(content));
      fetches += sent.length;
      if (sent.length === 0) fetches += sendsIn(node.tick()).length;
      if (node.nowMs >= endMs || fetches > 1_000) return fetches;
    }
  }

  test.each([
    ['empty', { kind: 'nothing' }],
    ['of batches that do not continue this log', useless],
  ] as const)('because it is %s, and comes before its time, is asked for again after a pause', (_what, content) => {
    expect(fetchesInASecond(follower(), content)).toBeLessThanOrEqual(50);
  });

  test('because it asks for a cut that cuts nothing is asked for again after a pause', () => {
    expect(fetchesInASecond(follower(oldLog), { kind: 'diverging', epoch: 5, endOffset: 30 })).toBeLessThanOrEqual(50);
  });

  test('but comes when the poll is over is followed by the next poll at once', () => {
    const node = follower().wait(testTimes.fetchMaxWaitMs);
    expect(sendsIn(node.receive({ kind: 'nothing' }))).toMatchObject([{ request: { kind: 'fetch' } }]);
  });
});

describe('a log that left the leader’s', () => {
  test('is cut to the end of the largest epoch both share, and asks again from there', () => {
    const node = follower(oldLog);
    const effects = node.receive({ kind: 'diverging', epoch: 3, endOffset: 15 });
    expect(effects[0]).toEqual({ kind: 'truncate', endOffset: 15 });
    expect(sendsIn(effects)).toMatchObject([{ request: { fetchOffset: 15, lastFetchedEpoch: 3 } }]);
  });

  test('whose epoch ends earlier here than there is cut here, where this epoch ends (KIP-279)', () => {
    const effects = follower(oldLog).receive({ kind: 'diverging', epoch: 3, endOffset: 99 });
    expect(effects[0]).toEqual({ kind: 'truncate', endOffset: 20 });
  });

  test('goes back epoch by epoch when the leader’s one is unknown here', () => {
    const node = follower(oldLog);
    expect(node.receive({ kind: 'diverging', epoch: 4, endOffset: 25 })[0]).toEqual({ kind: 'truncate', endOffset: 20 });
    expect(node.quorum.log.history.lastEpoch).toBe(3);
    expect(node.receive({ kind: 'diverging', epoch: 2, endOffset: 12 })[0]).toEqual({ kind: 'truncate', endOffset: 10 });
    expect(node.receive({ kind: 'diverging', epoch: 0, endOffset: 0 })[0]).toEqual({ kind: 'truncate', endOffset: 0 });
  });

  test('is never cut below the high watermark: a leader that asks for it has lost committed records', () => {
    const node = follower(oldLog);
    node.receive({ kind: 'nothing' }, 25);
    expect(() => node.receive({ kind: 'diverging', epoch: 3, endOffset: 15 })).toThrow(/committed/);
  });
});

describe('a snapshot', () => {
  const id = { offset: 40, epoch: 4 };

  function piece(
    node: LoneNode,
    { position, size, totalBytes = 10 }: { readonly position: number; readonly size: number; readonly totalBytes?: number },
  ): ReturnType<LoneNode['give']> {
    const { epoch } = node.quorum;
    return node.reply(2, {
      kind: 'fetch-snapshot',
      error: 'none',
      epoch,
      leaderId: 2,
      id,
      position,
      piece: { bytes: new Uint8Array(size), totalBytes },
    });
  }

  function fetching(options = {}): LoneNode {
    const node = follower({ vote: { epoch: 4, leaderId: null, votedId: null }, ...options });
    node.receive({ kind: 'snapshot', id });
    return node;
  }

  test('comes piece by piece, replaces log and epochs at its end, and is installed before the next fetch', () => {
    const node = fetching({ epochs: [{ epoch: 1, startOffset: 0 }], endOffset: 5 });
    expect(sendsIn(piece(node, { position: 0, size: 6 }))).toMatchObject([{ request: { kind: 'fetch-snapshot', id, position: 6 } }]);
    const effects = piece(node, { position: 6, size: 4 });
    expect(kindsOf(effects)).toEqual(['snapshot-piece', 'install-snapshot', 'commit', 'send']);
    expect(sendsIn(effects)).toMatchObject([{ request: { kind: 'fetch', fetchOffset: 40, lastFetchedEpoch: 4 } }]);
    expect(node.quorum).toMatchObject({ highWatermark: 40, log: { startOffset: 40, endOffset: 40, snapshot: id } });
  });

  test.each([
    ['at another position', { position: 3, size: 5 }],
    ['of no bytes, as from a leader that lost the file', { position: 0, size: 0 }],
  ])('piece %s is not taken; the whole conversation begins again', (_what, odd) => {
    const node = fetching();
    expect(kindsOf(piece(node, odd))).toEqual([]);
    expect(sendsIn(node.tick())).toMatchObject([{ request: { kind: 'fetch', fetchOffset: 0 } }]);
  });

  test('that vanished at the leader, or changed its id, makes us ask with a fetch which one there is now', () => {
    const node = fetching();
    const { epoch } = node.quorum;
    piece(node, { position: 0, size: 6 });
    node.reply(2, { kind: 'fetch-snapshot', error: 'snapshot-not-found', epoch, leaderId: 2, id, position: 6, piece: null });
    expect(sendsIn(node.tick())).toMatchObject([{ request: { kind: 'fetch' } }]);
    const newer = { offset: 60, epoch: 4 };
    const effects = node.receive({ kind: 'snapshot', id: newer });
    expect(sendsIn(effects)).toMatchObject([{ request: { kind: 'fetch-snapshot', id: newer, position: 0 } }]);
  });

  test('whose piece got lost is asked for again from its beginning, by way of a fetch', () => {
    const node = fetching();
    piece(node, { position: 0, size: 6 });
    node.undelivered(2, 'fetch-snapshot');
    expect(sendsIn(node.tick())).toMatchObject([{ request: { kind: 'fetch' } }]);
    expect(sendsIn(node.receive({ kind: 'snapshot', id }))).toMatchObject([{ request: { kind: 'fetch-snapshot', position: 0 } }]);
  });

  test('that would take committed records back stops the node', () => {
    const node = follower({
      vote: { epoch: 4, leaderId: null, votedId: null },
      epochs: [{ epoch: 4, startOffset: 0 }],
      endOffset: 50,
    });
    node.receive({ kind: 'nothing' }, 45);
    node.receive({ kind: 'snapshot', id });
    expect(() => piece(node, { position: 0, size: 10 })).toThrow(/committed/);
  });
});

describe('a leader that is silent', () => {
  test('for a fetch time-out makes a voter ask for votes in the same epoch, its own still given', () => {
    const node = new LoneNode().start();
    node.ask(voteRequest(2, 1, { lastEpoch: 0, lastOffset: 0, isPreVote: false }));
    node.follow(2, 1);
    const startedMs = node.nowMs;
    while (node.role === 'follower') node.tick();
    expect(node.nowMs - startedMs).toBeGreaterThanOrEqual(testTimes.fetchTimeoutMs);
    expect(node.nowMs - startedMs).toBeLessThan(testTimes.fetchTimeoutMs + 6 * testTimes.retryBackoffMs);
    expect(node.quorum).toMatchObject({ epoch: 1, role: { kind: 'prospective', votedId: 2 } });
  });

  test('makes an observer ask the voters in turn, and never stand', () => {
    const node = new LoneNode({ nodeId: 4 }).start();
    node.follow(2, 1);
    const asked = new Set<number>();
    for (let time = 0; time < 40; time++) {
      for (const { to, request } of sendsIn(node.tick())) {
        expect(request.kind).toBe('fetch');
        asked.add(to);
        node.undelivered(to, request.kind);
      }
    }
    expect(node.role).toBe('observer');
    expect([...asked].sort()).toEqual([1, 2, 3]);
  });

  test('is not silent as long as it answers, be it with nothing', () => {
    const node = follower();
    for (let time = 0; time < 10; time++) {
      node.wait(testTimes.fetchTimeoutMs - 1);
      node.receive({ kind: 'nothing' });
    }
    expect(node.role).toBe('follower');
  });
});

test('a fetch that can’t be delivered is tried again after a pause, one at a time', () => {
  const node = follower();
  node.undelivered(2, 'fetch');
  const failedMs = node.nowMs;
  const sends = sendsIn(node.tick());
  expect(sends).toHaveLength(1);
  expect(node.nowMs - failedMs).toBeGreaterThanOrEqual(testTimes.retryBackoffMs);
  expect(node.nowMs - failedMs).toBeLessThan(2 * testTimes.retryBackoffMs);
});

test('whoever names a newer leader is believed, in a request or in an answer', () => {
  const node = follower();
  node.follow(3, 7);
  expect(node.quorum).toMatchObject({ epoch: 7, role: { kind: 'follower', leaderId: 3 } });
  node.reply(3, { kind: 'fetch', error: 'fenced-leader-epoch', epoch: 9, leaderId: 2, highWatermark: -1, content: { kind: 'nothing' } });
  expect(node.quorum).toMatchObject({ epoch: 9, role: { kind: 'follower', leaderId: 2 } });
});

test('a second leader of one epoch is not followed', () => {
  const node = follower();
  node.follow(3, node.quorum.epoch);
  expect(node.quorum.role).toMatchObject({ kind: 'follower', leaderId: 2 });
});

describe('a leader whose process is gone', () => {
  test('is waited for no longer than the place in line asks; the first in line stands before the second', () => {
    const standsAfter = (nodeId: number): number => {
      const node = new LoneNode({ nodeId }).start();
      node.follow(1, 1);
      node.receive({ kind: 'nothing' });
      node.undelivered(1, 'fetch', 'refused');
      const startedMs = node.nowMs;
      while (node.role === 'follower') for (const { to, request } of sendsIn(node.tick())) node.undelivered(to, request.kind, 'refused');
      return node.nowMs - startedMs;
    };
    const [second, third] = [standsAfter(2), standsAfter(3)];
    expect(second).toBeGreaterThanOrEqual(testTimes.retryBackoffMs);
    expect(third - second).toBeGreaterThan(testTimes.retryBackoffMs);
    expect(third).toBeLessThan(testTimes.fetchTimeoutMs / 4);
  });

  test('is no reason to refuse a pre-vote any more, and one answer makes it a leader again', () => {
    const node = follower();
    const ask = voteRequest(3, 2, { lastEpoch: 9, lastOffset: 99, isPreVote: true });
    node.wait(testTimes.fetchMaxWaitMs).receive({ kind: 'nothing' });
    expect(node.ask(ask)).toMatchObject({ isGranted: false });
    node.undelivered(2, 'fetch', 'broken');
    expect(node.ask(ask)).toMatchObject({ isGranted: true });
    node.tick();
    node.receive({ kind: 'nothing' });
    expect(node.ask(ask)).toMatchObject({ isGranted: false });
  });

  test('that merely did not answer in time is still followed, and pre-votes are still refused', () => {
    const node = follower();
    node.wait(testTimes.fetchMaxWaitMs).receive({ kind: 'nothing' });
    node.undelivered(2, 'fetch', 'silent');
    expect(node.ask(voteRequest(3, 2, { lastEpoch: 9, lastOffset: 99, isPreVote: true }))).toMatchObject({
      isGranted: false,
    });
  });

  test('sends an observer to the voters after a pause: one that hasn’t noticed yet may name the dead again', () => {
    const node = new LoneNode({ nodeId: 4 }).start();
    node.follow(2, 1);
    expect(sendsIn(node.undelivered(2, 'fetch', 'refused'))).toEqual([]);
    expect(node.quorum.role).toMatchObject({ kind: 'observer', leaderId: null });
    const startedMs = node.nowMs;
    const [next] = sendsIn(node.tick());
    expect(next?.request.kind).toBe('fetch');
    expect(node.nowMs - startedMs).toBeGreaterThanOrEqual(testTimes.retryBackoffMs);
    expect(node.nowMs - startedMs).toBeLessThan(testTimes.fetchTimeoutMs / 4);
  });

  test('is not named in a vote that is granted', () => {
    const node = follower();
    const ask = voteRequest(3, 2, { lastEpoch: 9, lastOffset: 99, isPreVote: true });
    expect(node.ask(ask)).toMatchObject({ isGranted: true, leaderId: null });
    node.receive({ kind: 'nothing' });
    expect(node.ask(ask)).toMatchObject({ isGranted: false, leaderId: 2 });
  });
});
