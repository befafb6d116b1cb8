// Seeded runs of whole clusters under loss, delay, doubling, cuts and crashes between any two writes, with snapshots taken and fetched meanwhile,
// watched by Kafka's own invariants (RaftEventSimulationTest). A broken invariant throws with what it saw; the seed repeats it.

import { assert } from '#engine/base/assert.ts';
import type { RaftEffect, VoterRequest } from '../messages.ts';
import { directoryOf, TestCluster } from './test-cluster.ts';
import type { Entry, Sabotage, TestNode } from './test-node.ts';

/** Every third world has five voters; one node always observes. */
function votersOf(seed: number): readonly number[] {
  return seed % 3 === 0 ? [1, 2, 3, 4, 5] : [1, 2, 3];
}

/** Those whom the cluster was set up with. */
function votersIn(cluster: TestCluster): readonly number[] {
  return [...cluster.nodes.keys()].slice(0, cluster.foundingVoters);
}

/** Fails as soon as one of the invariants breaks. */
class Watch {
  readonly #leaderByEpoch = new Map<number, number>();
  readonly #votes = new Map<string, number>();
  readonly #epochs = new Map<number, number>();
  readonly #highWatermarks = new Map<number, { readonly life: number; readonly offset: number }>();
  readonly #committed: Entry[] = [];
  readonly #cluster: TestCluster;

  constructor(cluster: TestCluster) {
    this.#cluster = cluster;
    cluster.onEffect = (node, effect) => {
      this.#check(node, effect);
    };
  }

  get committed(): readonly Entry[] {
    return this.#committed;
  }

  #check(node: TestNode, effect: RaftEffect): void {
    switch (effect.kind) {
      case 'append-leader-change':
        assert((this.#leaderByEpoch.get(effect.epoch) ?? node.id) === node.id, `two leaders in epoch ${effect.epoch}`);
        this.#leaderByEpoch.set(effect.epoch, node.id);
        return;
      case 'save-vote':
        return this.#checkVote(node, effect.vote);
      case 'commit':
        return this.#checkCommit(node, effect.highWatermark);
      case 'truncate':
        assert(effect.endOffset >= node.committed, `node ${node.id} cut what it knew as committed`);
        return;
      case 'install-snapshot':
        return this.#compare(node, effect.id.offset);
      default:
    }
  }

  /** A vote never changes within an epoch, whatever happens in between. */
  #checkVote(node: TestNode, { epoch, votedId }: { readonly epoch: number; readonly votedId: number | null }): void {
    assert(epoch >= (this.#epochs.get(node.id) ?? 0), `the epoch of node ${node.id} went back`);
    this.#epochs.set(node.id, epoch);
    const key = `${node.id} in ${epoch}`;
    const given = this.#votes.get(key);
    if (votedId === null) return;
    assert(given === undefined || given === votedId, `node ${key} voted for ${given} and for ${votedId}`);
    const voters = votersIn(this.#cluster);
    assert(
      this.#cluster.upgradesVoters || (voters.includes(node.id) && voters.includes(votedId)),
      `observers neither vote nor are voted for: ${key}`,
    );
    this.#votes.set(key, votedId);
  }

  /** Within one life the high watermark rises; a restarted node begins at its snapshot. */
  #checkCommit(node: TestNode, offset: number): void {
    const known = this.#highWatermarks.get(node.id);
    assert(known?.life !== node.life || offset > known.offset, `the high watermark of node ${node.id} went back to ${offset}`);
    this.#highWatermarks.set(node.id, { life: node.life, offset });
    assert(offset <= node.endOffset, `the high watermark of node ${node.id} lies behind its log`);
    this.#compare(node, offset);
  }

  #compare(node: TestNode, highWatermark: number): void {
    node.entries.slice(0, highWatermark).forEach((entry, offset) => {
      const { epoch, text } = entry;
      const known = this.#committed[offset];
      if (known === undefined) this.#committed.push(entry);
      else
        assert(
          known.epoch === epoch && known.text === text,
          `node ${node.id} disagrees about committed offset ${offset}: "${text}" of epoch ${epoch}, not "${known.text}" of ${known.epoch}`,
        );
    });
  }

  /** What was committed once is on a majority of disks for good: of the voters that count, or of those that a leader counts already. */
  checkDurable(): void {
    const sets = this.#setsThatMayCount();
    this.#committed.forEach(({ epoch, text }, offset) => {
      const holds = (id: number): boolean => {
        const entry = this.#cluster.node(id).entries[offset];
        return entry?.epoch === epoch && entry.text === text;
      };
      assert(
        sets.some((ids) => ids.filter(holds).length > ids.length / 2),
        `committed offset ${offset} has too few copies`,
      );
    });
  }

  #setsThatMayCount(): readonly (readonly number[])[] {
    const committed = this.#committed.findLast(({ voters }) => voters !== undefined)?.voters;
    const latest = [...this.#cluster.nodes.values()].map(({ quorum }) => quorum.log.voters.latest);
    if (committed === undefined && latest.every(({ kraftVersion }) => kraftVersion === 0)) return [votersIn(this.#cluster)];
    return [...(committed === undefined ? [] : [committed]), ...latest].map(({ voters }) => voters.map(({ nodeId }) => nodeId));
  }
}

function random(seed: number): (bound: number) => number {
  let state = seed | 0;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (((state >>> 8) % bound) + bound) % bound;
  };
}

/**
 * Everybody falls silent until all stand for election; then two that still can't hear each other ask the third for its
 * vote at about the same moment, and it restarts as soon as it has given it.
 */
function contest(cluster: TestCluster, third: TestNode): void {
  const voters = votersIn(cluster);
  const others = voters.filter((id) => id !== third.id);
  const isTied = (): boolean =>
    third.quorum.role.kind === 'voted' &&
    others.every((id) => cluster.node(id).quorum.role.kind === 'candidate' && cluster.node(id).quorum.epoch === third.quorum.epoch);
  for (let attempt = 0; attempt < 6 && third.isUp && !isTied(); attempt++) {
    for (const from of voters) for (const to of voters) cluster.cuts.add(`${from}>${to}`);
    cluster.run(2_500);
    for (const id of others) for (const cut of [`${id}>${third.id}`, `${third.id}>${id}`]) cluster.cuts.delete(cut);
    cluster.run(600, isTied);
  }
  if (!third.isUp || !isTied()) return;
  restart(cluster, third);
}

/** A follower restarts the moment a record is committed, before it was told so, and then the leader dies (KIP-101). */
function failover(cluster: TestCluster, follower: TestNode): void {
  const [leader] = cluster.leaders();
  if (leader === undefined || leader === follower || !follower.isUp) return;
  const before = leader.committed;
  cluster.append(leader.id, `${leader.quorum.epoch}/${cluster.nowMs}/last words`);
  cluster.run(1_000, () => leader.committed > before);
  restart(cluster, follower);
  cluster.crash(leader.id);
}

/** The node asks for a snapshot, gets part of it, and then a newer one takes the old one's place at the leader. */
function overtakenSnapshot(cluster: TestCluster, behind: TestNode): void {
  const [leader] = cluster.leaders();
  if (leader === undefined || leader === behind) return;
  if (behind.isUp) cluster.crash(behind.id);
  for (let count = 0; count < 4; count++) cluster.append(leader.id, `${leader.quorum.epoch}/${cluster.nowMs}/${count}`);
  cluster.run(300);
  cluster.snapshot(leader.id);
  cluster.start(behind.id);
  cluster.run(2_000, () => isFetchingSnapshot(behind));
  cluster.append(leader.id, `${leader.quorum.epoch}/${cluster.nowMs}/overtakes`);
  cluster.run(40);
  cluster.snapshot(leader.id);
}

function isFetchingSnapshot({ quorum: { role } }: TestNode): boolean {
  return (role.kind === 'follower' || role.kind === 'observer') && role.fetch.kind === 'snapshot' && role.fetch.position > 0;
}

function restart(cluster: TestCluster, node: TestNode): void {
  cluster.crash(node.id);
  cluster.start(node.id);
}

function disturb(cluster: TestCluster, draw: (bound: number) => number): void {
  const voterCount = votersIn(cluster).length;
  const victim = cluster.node(1 + draw(voterCount + 1));
  switch (draw(10)) {
    case 0:
      return victim.isUp ? cluster.crash(victim.id) : undefined;
    case 1:
      for (const node of cluster.nodes.values()) if (!node.isUp) cluster.start(node.id);
      return;
    case 2:
      return void cluster.cuts.add(`${victim.id}>${1 + draw(voterCount)}`);
    case 3:
      return cluster.cuts.clear();
    case 4:
      return cluster.give(victim.id, { kind: 'resign', reason: 'shutdown' });
    case 5:
      return contest(cluster, cluster.node(1 + draw(voterCount)));
    case 6:
      return failover(cluster, victim);
    case 7:
      return cluster.snapshot(victim.id);
    case 8:
      return overtakenSnapshot(cluster, victim);
    default:
      for (const leader of cluster.leaders()) cluster.append(leader.id, `${leader.quorum.epoch}/${cluster.nowMs}/${draw(1_000)}`);
  }
}

/** Asks a leader, or now and then somebody else, to let a node vote or to let one go. */
function reseat(cluster: TestCluster, draw: (bound: number) => number): void {
  const ids = [...cluster.nodes.keys()];
  const asked = draw(5) === 0 ? undefined : cluster.leaders()[0];
  const nodeId = 1 + draw(ids.length);
  const directoryId = directoryOf(nodeId);
  const request: VoterRequest =
    draw(2) === 0
      ? { kind: 'add', voter: { nodeId, directoryId, endpoints: [] }, isAnsweredAtOnce: draw(2) === 0 }
      : { kind: 'remove', nodeId, directoryId };
  cluster.changeVoters(asked?.id ?? 1 + draw(ids.length), request);
}

export interface RunOptions {
  /** A known mistake, planted to see that the invariants notice it. */
  readonly sabotage?: Sabotage;
  /** Voters come and go meanwhile. */
  readonly changesVoters?: boolean;
}

/** Throws as soon as an invariant breaks. Answers how many changes of voters were committed. */
export function runSeed(seed: number, { sabotage, changesVoters = false }: RunOptions = {}): number {
  const draw = random(seed);
  const voters = changesVoters ? [1, 2, 3] : votersOf(seed);
  const observers = changesVoters ? [4, 5] : [voters.length + 1];
  const cluster = new TestCluster({
    voters,
    observers,
    seed,
    upgradesVoters: changesVoters,
    ...(sabotage === undefined ? {} : { sabotage }),
  });
  const watch = new Watch(cluster);
  cluster.latency = () => (draw(20) === 0 ? null : 1 + draw(draw(10) === 0 ? 900 : 30));
  cluster.isDoubled = () => draw(20) === 0;
  cluster.isStruck = () => draw(1_500) === 0;
  for (const id of [...voters, ...observers]) cluster.start(id);
  for (let round = 0; round < 60; round++) {
    cluster.run(50 + draw(900));
    if (changesVoters && draw(3) === 0) reseat(cluster, draw);
    else disturb(cluster, draw);
    watch.checkDurable();
  }
  heal(cluster);
  cluster.run(60_000, () => isSettled(cluster));
  assert(isSettled(cluster), 'the healed cluster does not settle on one leader and one log');
  watch.checkDurable();
  for (const observer of observers) {
    const observed = cluster.node(observer).entries;
    assert(
      watch.committed.every(({ text }, offset) => observed[offset]?.text === text),
      'the observer does not end with the committed log',
    );
  }
  return watch.committed.filter((entry) => entry.voters !== undefined).length;
}

function heal(cluster: TestCluster): void {
  cluster.cuts.clear();
  cluster.latency = () => 1;
  cluster.isStruck = () => false;
  for (const node of cluster.nodes.values()) if (!node.isUp) cluster.start(node.id);
}

function isSettled(cluster: TestCluster): boolean {
  const [leader, ...others] = cluster.leaders();
  if (leader === undefined || others.length > 0) return false;
  return [...cluster.nodes.values()].every(
    (node) => node.endOffset === leader.endOffset && node.committed === leader.endOffset && node.quorum.epoch === leader.quorum.epoch,
  );
}
