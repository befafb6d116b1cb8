import { describe, expect, test } from 'vitest';
import type { RaftEffect, VoterOutcome, VoterRequest } from './messages.ts';
import { batch, kindsOf, LoneNode, repliesIn, sendsIn, voteRequest, type LoneNodeOptions } from './testing/lone-node.ts';
import { noDirectory, staticVoters, withVoter, withoutVoter, type VoterNode, type VoterSet } from './voter-set.ts';

function voter(nodeId: number, directoryId = `disk-${nodeId}`): VoterNode {
  return { nodeId, directoryId, endpoints: [{ name: 'CONTROLLER', host: 'host', port: 9_000 + nodeId }] };
}

function logged(...ids: readonly number[]): VoterSet {
  return { kraftVersion: 1, voters: ids.map((id) => voter(id)) };
}

const three = logged(1, 2, 3);

/** Node 1 leads three voters that the log names; its epoch is committed. */
function leader(options: LoneNodeOptions = {}): LoneNode {
  const node = new LoneNode({ directoryId: 'disk-1', voterSet: three, ...options }).start();
  node.elect();
  heard(node, 2);
  return node;
}

/** A fetch of everything there is, with the node's own disk. */
function heard(node: LoneNode, nodeId: number, directoryId = `disk-${nodeId}`): readonly RaftEffect[] {
  return node.fetch(nodeId, { offset: node.quorum.log.endOffset, epoch: node.quorum.epoch, directoryId });
}

let lastRequestId = 0;

function ask(node: LoneNode, request: VoterRequest, deadlineMs = Infinity): readonly RaftEffect[] {
  return node.give({ kind: 'change-voters', requestId: (lastRequestId += 1), request, deadlineMs });
}

const adding = (nodeId: number, isAnsweredAtOnce = false): VoterRequest => ({ kind: 'add', voter: voter(nodeId), isAnsweredAtOnce });
const removing = (nodeId: number, directoryId = `disk-${nodeId}`): VoterRequest => ({ kind: 'remove', nodeId, directoryId });

function outcomesIn(effects: readonly RaftEffect[]): readonly VoterOutcome[] {
  return effects.flatMap((effect) => (effect.kind === 'answer-voters' ? [effect.outcome] : []));
}

function idsIn(node: LoneNode): readonly number[] {
  return node.quorum.log.voters.latest.voters.map(({ nodeId }) => nodeId);
}

describe('a voter is let in', () => {
  test('once it holds what the log holds: it counts at once, and is answered when that is committed', () => {
    const node = leader();
    expect(outcomesIn(ask(node, adding(4)))).toEqual(['lagging']);
    heard(node, 4);
    const effects = ask(node, adding(4));
    expect(kindsOf(effects).slice(0, 1)).toEqual(['append-voters']);
    expect(idsIn(node)).toEqual([1, 2, 3, 4]);
    expect(outcomesIn(effects)).toEqual([]);
    expect(outcomesIn(heard(node, 2)), 'two of four are no majority').toEqual([]);
    expect(outcomesIn(heard(node, 4))).toEqual(['done']);
  });

  test('with another disk than the one that caught up it lags', () => {
    const node = leader();
    heard(node, 4, 'another-disk');
    expect(outcomesIn(ask(node, adding(4)))).toEqual(['lagging']);
  });

  test('long after it last caught up it lags again', () => {
    const node = leader();
    heard(node, 4);
    node.wait(3_600_001);
    heard(node, 2);
    expect(outcomesIn(ask(node, adding(4)))).toEqual(['lagging']);
  });

  test('who doesn’t wait for the commit is answered as soon as it is on the leader’s disk', () => {
    const node = leader();
    heard(node, 4);
    const effects = ask(node, adding(4, true));
    expect(outcomesIn(effects)).toEqual(['done']);
    expect(kindsOf(effects).indexOf('answer-voters')).toBeGreaterThan(kindsOf(effects).indexOf('flush'));
  });

  test('nobody votes twice under one id', () => {
    const node = leader();
    expect(outcomesIn(ask(node, adding(3)))).toEqual(['duplicate-voter']);
  });
});

describe('one change at a time', () => {
  test('another waits until the first is committed', () => {
    const node = leader();
    heard(node, 4);
    ask(node, adding(4));
    expect(outcomesIn(ask(node, removing(3)))).toEqual(['busy']);
    heard(node, 2);
    heard(node, 4);
    expect(outcomesIn(ask(node, removing(3)))).toEqual([]);
    expect(idsIn(node)).toEqual([1, 2, 4]);
  });

  test('also when nobody waits for the first one’s answer any more', () => {
    const node = leader();
    heard(node, 4);
    ask(node, adding(4, true));
    expect(outcomesIn(ask(node, removing(3)))).toEqual(['busy']);
  });

  test('none before something of the leader’s own epoch is committed: the last leader may have begun one that we don’t know', () => {
    const node = new LoneNode({ directoryId: 'disk-1', voterSet: three }).start();
    node.elect();
    expect(outcomesIn(ask(node, removing(3)))).toEqual(['busy']);
    heard(node, 2);
    expect(idsIn(node)).toEqual([1, 2, 3]);
    expect(outcomesIn(ask(node, removing(3)))).toEqual([]);
  });

  test('an asker is told when its time is over; the change goes on', () => {
    const node = leader();
    ask(node, removing(3), node.nowMs + 50);
    node.wait(60);
    expect(outcomesIn(node.give({ kind: 'tick' }))).toEqual(['timed-out']);
    heard(node, 2);
    expect(node.quorum.highWatermark).toBe(node.quorum.log.endOffset);
    expect(idsIn(node)).toEqual([1, 2]);
  });

  test('an asker is told when the leader steps down before the commit', () => {
    const node = leader();
    ask(node, removing(3));
    expect(outcomesIn(node.give({ kind: 'resign', reason: 'shutdown' }))).toEqual(['not-leader']);
  });
});

describe('a voter is let go', () => {
  test('it counts no more, from the record that says so on', () => {
    const node = leader();
    heard(node, 3);
    expect(outcomesIn(ask(node, removing(3)))).toEqual([]);
    expect(outcomesIn(heard(node, 3)), 'an observer’s fetch commits nothing').toEqual([]);
    expect(outcomesIn(heard(node, 2))).toEqual(['done']);
  });

  test('only the one that is meant, and never the last', () => {
    const node = leader();
    expect(outcomesIn(ask(node, removing(3, 'another-disk')))).toEqual(['voter-not-found']);
    expect(outcomesIn(ask(node, removing(9)))).toEqual(['voter-not-found']);
    const alone = new LoneNode({ directoryId: 'disk-1', voterSet: logged(1) }).start();
    expect(outcomesIn(ask(alone, removing(1)))).toEqual(['last-voter']);
  });

  test('a leader that removes itself leads until that is committed, without counting itself, and then hands over', () => {
    const node = leader();
    ask(node, removing(1));
    expect(node.role).toBe('leader');
    expect(outcomesIn(heard(node, 2)), 'one of the two that are left is no majority').toEqual([]);
    const effects = heard(node, 3);
    expect(outcomesIn(effects)).toEqual(['done']);
    expect(sendsIn(effects).map(({ request }) => request.kind)).toEqual(['end-epoch', 'end-epoch']);
    expect(node.role).toBe('observer');
    expect(repliesIn(effects)[0], 'the fetch that committed it is answered').toMatchObject({ kind: 'fetch', error: 'none' });
  });

  test('a leader whose removal isn’t committed stands again: its log may be the only one that holds it', () => {
    const node = leader();
    ask(node, removing(1));
    node.give({ kind: 'resign', reason: 'failure' });
    expect(node.role).toBe('resigned');
    node.tick();
    expect(node.role).toBe('prospective');
    node.vote(2, true);
    expect(node.role, 'its own voice doesn’t count').toBe('prospective');
    node.vote(3, true);
    expect(node.role).toBe('candidate');
  });
});

describe('a replica reads who votes', () => {
  const follower = (nodeId: number, voterSet: VoterSet): LoneNode => {
    const node = new LoneNode({ nodeId, directoryId: `disk-${nodeId}`, voterSet }).start();
    node.follow(2, 5);
    return node;
  };
  const saying = (set: VoterSet, offset = 0): Parameters<LoneNode['receive']>[0] => ({
    kind: 'batches',
    batches: [{ ...batch(offset, 5), voters: set }],
  });

  test('an observer becomes a voter with the record that says so, under the same leader', () => {
    const node = follower(4, three);
    expect(node.role).toBe('observer');
    node.receive(saying(withVoter(three, voter(4))));
    expect(node.quorum.role).toMatchObject({ kind: 'follower', leaderId: 2, hasFetched: true });
  });

  test('with another disk than the one named it stays an observer', () => {
    const node = follower(4, three);
    node.receive(saying(withVoter(three, voter(4, 'the-disk-before'))));
    expect(node.role).toBe('observer');
  });

  test('a voter that is let go observes as soon as it knows that to be committed', () => {
    const node = follower(3, three);
    node.receive(saying(withoutVoter(three, 3)), 0);
    expect(node.role, 'it may yet be needed').toBe('follower');
    node.receive({ kind: 'nothing' }, 1);
    expect(node.role).toBe('observer');
  });

  test('a change that is cut off again never was', () => {
    const node = follower(4, three);
    node.receive(saying(withVoter(three, voter(4))));
    node.receive({ kind: 'diverging', epoch: 0, endOffset: 0 });
    expect(node.role).toBe('observer');
    expect(idsIn(node)).toEqual([1, 2, 3]);
  });

  test('a snapshot’s word replaces what the log said below it', () => {
    const node = new LoneNode({
      nodeId: 4,
      directoryId: 'disk-4',
      voterSet: three,
      voterChanges: [{ offset: 3, set: logged(1, 2) }],
    }).start();
    node.follow(2, 5);
    node.give({ kind: 'snapshot-installed', id: { offset: 9, epoch: 5 }, voters: logged(1, 2, 4) });
    expect(node.role).toBe('follower');
    expect(idsIn(node)).toEqual([1, 2, 4]);
  });
});

describe('votes', () => {
  test('an observer gives its vote, once an epoch: it may be a voter that hasn’t read so yet', () => {
    const node = new LoneNode({ nodeId: 4, directoryId: 'disk-4', voterSet: three }).start();
    const asked = { candidateDirectoryId: 'disk-2', voterDirectoryId: 'disk-4' };
    const effects = node.hear(voteRequest(2, 5, asked));
    expect(kindsOf(effects).indexOf('save-vote')).toBeLessThan(kindsOf(effects).indexOf('reply'));
    expect(repliesIn(effects)[0]).toMatchObject({ isGranted: true });
    expect(node.ask(voteRequest(3, 5, { ...asked, candidateDirectoryId: 'disk-3' }))).toMatchObject({ isGranted: false });
    expect(node.ask(voteRequest(2, 5, asked)), 'the same one again').toMatchObject({ isGranted: true });
    expect(node.ask(voteRequest(2, 5, { ...asked, candidateDirectoryId: 'another-disk' })), 'the same id, another disk').toMatchObject({
      isGranted: false,
    });
  });

  test('what was given outlives a restart, the disk it was given to included', () => {
    const vote = { epoch: 5, leaderId: null, votedId: 2, votedDirectoryId: 'disk-2' };
    const node = new LoneNode({ nodeId: 4, directoryId: 'disk-4', voterSet: three, vote }).start();
    expect(node.ask(voteRequest(3, 5, { candidateDirectoryId: 'disk-3' }))).toMatchObject({ isGranted: false });
    expect(node.ask(voteRequest(2, 5, { candidateDirectoryId: 'disk-2' }))).toMatchObject({ isGranted: true });
  });

  test('one that is asked of the disk before it hasn’t got to give', () => {
    const node = new LoneNode({ nodeId: 3, directoryId: 'a-new-disk', voterSet: three }).start();
    expect(node.ask(voteRequest(2, 5, { voterDirectoryId: 'disk-3' }))).toMatchObject({ error: 'invalid-voter-key', isGranted: false });
  });
});

describe('voters of the configuration', () => {
  test('can’t be changed', () => {
    const node = new LoneNode().start().reign();
    expect(outcomesIn(ask(node, removing(3, noDirectory)))).toEqual(['unsupported-version']);
  });

  test('are written into the log as soon as the leader knows all their disks, once', () => {
    const node = new LoneNode({ directoryId: 'disk-1', voterSet: staticVoters([1, 2, 3]), upgradesVoters: true }).start();
    node.elect();
    heard(node, 2);
    expect(node.quorum.log.voters.latest.kraftVersion, 'the third is silent').toBe(0);
    const effects = heard(node, 3);
    expect(effects.find((effect) => effect.kind === 'append-voters')).toMatchObject({ isUpgrade: true });
    expect(node.quorum.log.voters.latest.voters.map(({ directoryId }) => directoryId)).toEqual(['disk-1', 'disk-2', 'disk-3']);
    expect(kindsOf(heard(node, 2))).not.toContain('append-voters');
  });

  test('a voter alone writes itself down when it begins to lead', () => {
    const node = new LoneNode({ directoryId: 'disk-1', voterSet: staticVoters([1]), upgradesVoters: true }).start();
    expect(node.quorum.log.voters.latest).toMatchObject({ kraftVersion: 1, voters: [{ nodeId: 1, directoryId: 'disk-1' }] });
    expect(node.quorum.highWatermark).toBe(node.quorum.log.endOffset);
  });
});

describe('a voter that moved', () => {
  test('is written down at its new address; at the same one nothing is', () => {
    const node = leader();
    const moved = { ...voter(3), endpoints: [{ name: 'CONTROLLER', host: 'elsewhere', port: 1 }] };
    const { epoch } = node.quorum;
    expect(outcomesIn(ask(node, { kind: 'update', voter: voter(3), epoch }))).toEqual(['done']);
    expect(outcomesIn(ask(node, { kind: 'update', voter: moved, epoch: epoch - 1 }))).toEqual(['fenced-leader-epoch']);
    expect(outcomesIn(ask(node, { kind: 'update', voter: { ...moved, directoryId: 'another-disk' }, epoch }))).toEqual(['voter-not-found']);
    expect(kindsOf(ask(node, { kind: 'update', voter: moved, epoch }))).toContain('append-voters');
    expect(outcomesIn(heard(node, 2))).toEqual(['done']);
  });
});
