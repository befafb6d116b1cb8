// One stormy run of three voters and an observer from one seed: topics are created while nodes are killed, stopped, frozen, lose
// power and links; then everything heals, and the account says what was promised and what is there.

import { baseOffset } from '../../protocol/records/batch.ts';
import { batchesIn, checkBatch } from '../../protocol/records/batch-check.ts';
import type { SimNode } from '../node.ts';
import { seededRandom, type SeededRandom } from '../random.ts';
import { ControlPlane, metadataLog, secondUs } from './control-plane.ts';
import type { MetadataAccount } from './metadata-account.ts';

export interface StormResult {
  readonly account: MetadataAccount;
  readonly elections: number;
  readonly blows: number;
}

export async function runStorm(seed: number, seconds: number): Promise<StormResult> {
  const plane = await ControlPlane.started({ seed, nodes: 4, voters: [1, 2, 3] });
  const storm = new Storm(plane, seededRandom(seed ^ 0x5eed));
  storm.begin();
  await plane.scheduler.run(seconds * secondUs);
  await storm.end();
  const controllers = plane.facts.flatMap((fact) =>
    fact.kind === 'controller-elected' ? [{ epoch: fact.epoch, controllerId: fact.controllerId }] : [],
  );
  const topics = new Map<number, readonly string[]>();
  // A node that gave up can't be asked any more; the account says that it did.
  const isThere = (nodeId: number): boolean => !plane.fatal.some((reason) => reason.startsWith(`${nodeId}: `));
  for (const { nodeId } of plane.nodes) if (isThere(nodeId)) topics.set(nodeId, await plane.topicsOn(nodeId));
  const logs = new Map(plane.nodes.map((node) => [node.nodeId, digestsOf(node)]));
  const { answered, asked, blows } = storm;
  return { account: { answered, asked, topics, logs, controllers, fatal: plane.fatal }, elections: controllers.length, blows };
}

class Storm {
  readonly answered: string[] = [];
  readonly asked = new Set<string>();
  readonly #plane: ControlPlane;
  readonly #random: SeededRandom;
  readonly #underWay = new Set<Promise<void>>();
  /** A process is asked to stop once. */
  readonly #stopping = new Set<SimNode>();
  #isOver = false;
  blows = 0;

  constructor(plane: ControlPlane, random: SeededRandom) {
    this.#plane = plane;
    this.#random = random;
  }

  begin(): void {
    this.#askLater();
    this.#strikeLater();
  }

  /** Heals everything and waits until all that was asked is answered and everybody has read it. */
  async end(): Promise<void> {
    const plane = this.#plane;
    this.#isOver = true;
    plane.network.heal();
    for (const node of plane.nodes) if (node.isFrozen) node.thaw();
    await plane.scheduler.run(10 * secondUs);
    for (const node of plane.nodes) if (!node.isUp) node.start();
    await plane.settle(Promise.all(this.#underWay), 120 * secondUs);
    await plane.scheduler.run(30 * secondUs);
  }

  #askLater(): void {
    this.#plane.scheduler.after(this.#random.nextInt(secondUs / 2), () => {
      if (this.#isOver) return;
      const work = this.#ask(`topic-${String(this.asked.size).padStart(4, '0')}`).finally(() => this.#underWay.delete(work));
      this.#underWay.add(work);
      this.#askLater();
    });
  }

  /** No answer, or another than 0, leaves it open whether the topic will be there. */
  async #ask(name: string): Promise<void> {
    this.asked.add(name);
    const errorCode = await this.#plane.requestTopic(this.#victim().nodeId, name, 3_000).catch(() => null);
    if (errorCode === 0) this.answered.push(name);
  }

  #victim(): SimNode {
    return this.#plane.node(1 + this.#random.nextInt(this.#plane.nodes.length));
  }

  #strikeLater(): void {
    this.#plane.scheduler.after(secondUs / 2 + this.#random.nextInt(3 * secondUs), () => {
      if (this.#isOver) return;
      this.blows += 1;
      this.#strike();
      this.#strikeLater();
    });
  }

  #strike(): void {
    const victim = this.#victim();
    switch (this.#random.nextInt(8)) {
      case 0:
        return this.#plane.network.heal();
      case 1:
        return this.#plane.network.cut(victim.nodeId, this.#victim().nodeId);
      case 2:
        return this.#plane.isolate(victim.nodeId);
      case 3:
        return this.#kill(this.#random.oneIn(3) ? this.#plane.nodes : [victim], true);
      case 4:
        return this.#stop(victim);
      case 5:
        return this.#freeze(victim);
      default:
        return this.#kill([victim], false);
    }
  }

  #kill(victims: readonly SimNode[], losesPower: boolean): void {
    for (const node of victims) {
      if (!node.isUp) continue;
      this.#stopping.delete(node);
      if (losesPower) node.losePower();
      else node.kill();
      this.#startLater(node);
    }
  }

  /** SIGTERM; what strikes it meanwhile strikes a process that is stopping. */
  #stop(node: SimNode): void {
    if (!node.isUp || node.isFrozen || this.#stopping.has(node)) return;
    this.#stopping.add(node);
    void node.stop().then(() => {
      this.#stopping.delete(node);
      this.#startLater(node);
    });
  }

  /** SIGSTOP and SIGCONT: a process that slept thinks that no time has passed. */
  #freeze(node: SimNode): void {
    if (!node.isUp || node.isFrozen) return;
    node.freeze();
    this.#plane.scheduler.after(this.#random.nextInt(8 * secondUs), () => {
      if (node.isFrozen) node.thaw();
    });
  }

  #startLater(node: SimNode): void {
    this.#plane.scheduler.after(this.#random.nextInt(3 * secondUs), () => {
      if (!node.isUp && !this.#isOver) node.start();
    });
  }
}

/** The sound batches of a node's metadata log, each by its base offset. */
function digestsOf(node: SimNode): ReadonlyMap<number, string> {
  const digests = new Map<number, string>();
  for (const { name } of node.disk.list(metadataLog)) {
    if (!name.endsWith('.log')) continue;
    const bytes = node.disk.readAll(`${metadataLog}/${name}`);
    for (const { at, sizeBytes } of batchesIn(bytes)) {
      if (checkBatch(bytes, at, bytes.length) !== null) break;
      digests.set(baseOffset(bytes, at), digestOf(bytes.subarray(at, at + sizeBytes)));
    }
  }
  return digests;
}

/** FNV-1a. */
function digestOf(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `${bytes.length}:${hash.toString(16)}`;
}
