// Tied elections, staged: two voters that can't hear each other stand in the same epoch, and the third, whose vote decides, loses
// power right after giving it to one. When it is back the other's question reaches it. Whoever forgets its vote makes two leaders
// of one epoch. What happens when is the seed's: who decides, who stands first, who votes for whom.

import { seededRandom, type SeededRandom } from '../random.ts';
import type { SimNode } from '../node.ts';
import { ControlPlane, metadataLog, secondUs } from './control-plane.ts';

/** So far apart that a candidate is seen on its disk before its question arrives. */
const distanceUs = 5_000;
const lookEveryUs = 2_000;
/** The answer has arrived by then. */
const strikeAfterUs = 8_000;
const backAfterUs = 5_000;

/** What a voter's disk says. */
interface Ballot {
  readonly nodeId: number;
  readonly epoch: number;
  readonly leaderId: number;
  readonly votedId: number;
}

/** One epoch, two candidates. */
interface Tie {
  readonly decider: SimNode;
  first: SimNode | null;
  second: SimNode | null;
}

export interface BallotAccount {
  /** Every word of a disk on who leads an epoch, and on whom its node voted for. */
  readonly ballots: readonly Ballot[];
  /** Votes that were followed by the loss of power. */
  readonly struck: number;
  readonly fatal: readonly string[];
}

export async function runBallots(seed: number, rounds: number): Promise<BallotAccount> {
  const plane = await ControlPlane.started({ seed, nodes: 3, voters: [1, 2, 3] });
  const storm = new BallotStorm(plane, seededRandom(seed ^ 0xba110));
  for (let round = 0; round < rounds; round++) await storm.round();
  return storm;
}

class BallotStorm implements BallotAccount {
  readonly ballots: Ballot[] = [];
  struck = 0;
  readonly #plane: ControlPlane;
  readonly #random: SeededRandom;
  readonly #seen = new Set<string>();
  #tie: Tie | null = null;

  constructor(plane: ControlPlane, random: SeededRandom) {
    this.#plane = plane;
    this.#random = random;
    this.#watch();
  }

  get fatal(): readonly string[] {
    return this.#plane.fatal;
  }

  async round(): Promise<void> {
    const { network, nodes, scheduler } = this.#plane;
    const decider = nodes[this.#random.nextInt(nodes.length)] as SimNode;
    const [one, other] = nodes.filter((node) => node !== decider) as [SimNode, SimNode];
    for (const node of nodes) node.losePower();
    network.moveApart(distanceUs);
    this.#cut(one, other);
    this.#tie = { decider, first: null, second: null };
    one.start();
    other.start();
    // A little later, so that it is still patient when the others have run out of it.
    scheduler.after(secondUs / 2, () => decider.start());
    await scheduler.run(5 * secondUs);
    this.#tie = null;
    network.moveApart(0);
    network.heal();
    for (const { nodeId } of nodes) for (const to of nodes) network.letThrough(nodeId, to.nodeId);
    await scheduler.run(4 * secondUs);
  }

  #cut(one: SimNode, other: SimNode): void {
    this.#plane.network.cut(one.nodeId, other.nodeId);
    this.#plane.network.cut(other.nodeId, one.nodeId);
  }

  #watch(): void {
    this.#plane.scheduler.after(lookEveryUs, () => {
      for (const node of this.#plane.nodes) this.#look(node);
      this.#watch();
    });
  }

  #look(node: SimNode): void {
    const ballot = ballotOf(node);
    const word = JSON.stringify(ballot);
    if (ballot === null || this.#seen.has(word)) return;
    this.#seen.add(word);
    this.ballots.push(ballot);
    if (this.#tie !== null && ballot.leaderId < 0 && ballot.votedId >= 0) this.#play(this.#tie, node, ballot);
  }

  /** The first to stand is not heard until the decider has voted for the second and come back. */
  #play(tie: Tie, node: SimNode, { votedId }: Ballot): void {
    const { decider, first, second } = tie;
    if (first === null && node !== decider && votedId === node.nodeId) {
      tie.first = node;
      this.#plane.network.stall(node.nodeId, decider.nodeId);
    } else if (first !== null && second === null && node === decider && votedId !== decider.nodeId && votedId !== first.nodeId) {
      tie.second = this.#plane.node(votedId);
      this.#plane.scheduler.after(strikeAfterUs, () => this.#strike(decider, { heard: first, unheard: tie.second as SimNode }));
    }
  }

  #strike(decider: SimNode, candidates: { readonly heard: SimNode; readonly unheard: SimNode }): void {
    const { scheduler, network } = this.#plane;
    if (!decider.isUp) return;
    this.struck += 1;
    decider.losePower();
    network.stall(candidates.unheard.nodeId, decider.nodeId);
    network.letThrough(candidates.heard.nodeId, decider.nodeId);
    scheduler.after(backAfterUs, () => {
      if (!decider.isUp) decider.start();
    });
  }
}

function ballotOf(node: SimNode): Ballot | null {
  const path = `${metadataLog}/quorum-state`;
  if (!node.disk.exists(path)) return null;
  const { leaderEpoch, leaderId, votedId } = JSON.parse(new TextDecoder().decode(node.disk.readAll(path))) as Record<string, number>;
  return { nodeId: node.nodeId, epoch: leaderEpoch ?? 0, leaderId: leaderId ?? -1, votedId: votedId ?? -1 };
}

/** What no epoch may show: two leaders. */
export function doubleLeaders({ ballots }: Pick<BallotAccount, 'ballots'>): readonly string[] {
  const leaders = new Map<number, number>();
  return ballots.flatMap(({ nodeId, epoch, leaderId }) => {
    if (leaderId < 0) return [];
    const known = leaders.get(epoch) ?? leaderId;
    leaders.set(epoch, known);
    return known === leaderId ? [] : [`epoch ${epoch} has the leaders ${known} and ${leaderId}, says the disk of node ${nodeId}`];
  });
}
