// Seeded runs of whole clusters under loss, delay, cuts and crashes, watched by Kafka's own invariants (RaftEventSimulationTest):
// one leader an epoch, epochs that never go back, a high watermark that never goes back, committed data identical everywhere.
// A broken invariant throws with what it saw; the seed repeats it.

import { assert } from '#engine/base/assert.ts';
import type { RaftEffect } from '../messages.ts';
import { TestCluster, type Sabotage, type TestNode } from './test-cluster.ts';

const voters = [1, 2, 3];

/** Fails as soon as one of the invariants breaks. */
class Watch {
  readonly #leaderByEpoch = new Map<number, number>();
  readonly #epochs = new Map<number, number>();
  readonly #committed: { readonly epoch: number; readonly text: string }[] = [];
  readonly #cluster: TestCluster;

  constructor(cluster: TestCluster) {
    this.#cluster = cluster;
    cluster.onEffect = (node, effect) => {
      this.#check(node, effect);
    };
  }

  get committedTexts(): readonly string[] {
    return this.#committed.map(({ text }) => text);
  }

  #check(node: TestNode, effect: RaftEffect): void {
    if (effect.kind === 'append-leader-change') {
      assert((this.#leaderByEpoch.get(effect.epoch) ?? node.id) === node.id, `two leaders in epoch ${effect.epoch}`);
      this.#leaderByEpoch.set(effect.epoch, node.id);
    }
    if (effect.kind === 'save-vote') {
      assert(effect.vote.epoch >= (this.#epochs.get(node.id) ?? 0), `the epoch of node ${node.id} went back`);
      this.#epochs.set(node.id, effect.vote.epoch);
    }
    if (effect.kind === 'commit') this.#compare(node, effect.highWatermark);
    if (effect.kind === 'truncate') assert(effect.endOffset >= node.committed, `node ${node.id} cut what it knew as committed`);
  }

  #compare(node: TestNode, highWatermark: number): void {
    assert(highWatermark <= node.endOffset, `the high watermark of node ${node.id} lies behind its log`);
    node.disk.batches.slice(0, highWatermark).forEach(({ epoch, text }, offset) => {
      const known = this.#committed[offset];
      if (known === undefined) this.#committed.push({ epoch, text });
      else
        assert(
          known.epoch === epoch && known.text === text,
          `node ${node.id} disagrees about committed offset ${offset}: "${text}" of epoch ${epoch}, not "${known.text}" of ${known.epoch}`,
        );
    });
  }

  /** What was committed once is on a majority of disks for good. */
  checkDurable(): void {
    this.#committed.forEach(({ epoch, text }, offset) => {
      const holders = voters.filter((id) => {
        const batch = this.#cluster.node(id).disk.batches[offset];
        return batch !== undefined && batch.epoch === epoch && batch.text === text;
      });
      assert(holders.length >= 2, `committed offset ${offset} has ${holders.length} copies`);
    });
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
  third.crash();
  cluster.start(third.id);
}

/** A follower restarts the moment a record is committed, before it was told so, and then the leader dies (KIP-101). */
function failover(cluster: TestCluster, follower: TestNode): void {
  const [leader] = cluster.leaders();
  if (leader === undefined || leader === follower || !follower.isUp) return;
  const before = leader.committed;
  cluster.append(leader.id, `${leader.quorum.epoch}/${cluster.nowMs}/last words`);
  cluster.run(1_000, () => leader.committed > before);
  follower.crash();
  cluster.start(follower.id);
  leader.crash();
}

function disturb(cluster: TestCluster, draw: (bound: number) => number): void {
  const victim = cluster.node(1 + draw(3));
  switch (draw(8)) {
    case 0:
      if (victim.isUp) victim.crash();
      break;
    case 1:
      if (!victim.isUp) cluster.start(victim.id);
      break;
    case 2:
      cluster.cuts.add(`${victim.id}>${1 + draw(3)}`);
      break;
    case 3:
      cluster.cuts.clear();
      break;
    case 4:
      cluster.give(victim.id, { kind: 'resign', reason: 'shutdown' });
      break;
    case 5:
      contest(cluster, victim);
      break;
    case 6:
      failover(cluster, victim);
      break;
    default:
      for (const leader of cluster.leaders()) cluster.append(leader.id, `${leader.quorum.epoch}/${cluster.nowMs}/${draw(1_000)}`);
  }
}

/** Throws as soon as an invariant breaks. `sabotage` plants a known mistake, to see that they notice. */
export function runSeed(seed: number, sabotage?: Sabotage): void {
  const draw = random(seed);
  const cluster = new TestCluster({ voters, observers: [4], seed, ...(sabotage === undefined ? {} : { sabotage }) });
  const watch = new Watch(cluster);
  cluster.latency = () => (draw(20) === 0 ? null : 1 + draw(30));
  for (const id of [1, 2, 3, 4]) cluster.start(id);
  for (let round = 0; round < 60; round++) {
    cluster.run(50 + draw(900));
    disturb(cluster, draw);
    watch.checkDurable();
  }
  heal(cluster);
  cluster.run(60_000, () => isSettled(cluster));
  assert(isSettled(cluster), 'the healed cluster does not settle on one leader and one log');
  watch.checkDurable();
  assert(
    watch.committedTexts.every((text, offset) => cluster.texts(4)[offset] === text),
    'the observer does not end with the committed log',
  );
}

function heal(cluster: TestCluster): void {
  cluster.cuts.clear();
  cluster.latency = () => 1;
  for (const node of cluster.nodes.values()) if (!node.isUp) cluster.start(node.id);
}

function isSettled(cluster: TestCluster): boolean {
  const [leader, ...others] = cluster.leaders();
  if (leader === undefined || others.length > 0) return false;
  return [...cluster.nodes.values()].every(
    (node) => node.endOffset === leader.endOffset && node.committed === leader.endOffset && node.quorum.epoch === leader.quorum.epoch,
  );
}
