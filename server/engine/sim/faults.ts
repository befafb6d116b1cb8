// What goes wrong in a simulated world: every few seconds one fault of the scenario is drawn, has its effect, and is undone
// by itself some time later. Two of them aim: they look for whoever leads and strike there.
// Invariant: power is only cut when all replicas were in sync and everybody served, or when an eligible replica lives on; and
// nothing else is broken until all are in sync again. Beyond that no replication could keep its promise without waiting for disks;
// a scenario that does wait for them is spared nothing.

import type { PartitionView } from '../broker/metadata-view.ts';
import { DiskStrikes } from './disk-strikes.ts';
import type { SimNetwork } from './network.ts';
import type { SimNode } from './node.ts';
import type { SeededRandom } from './random.ts';
import type { Scenario, FaultKind } from './scenarios.ts';
import type { Scheduler } from './scheduler.ts';

const secondUs = 1_000_000;

export interface FaultsOptions {
  readonly scenario: Scenario;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly network: SimNetwork;
  readonly nodes: readonly SimNode[];
  readonly clientNode: number;
  readonly topic: string;
  readonly partitions: number;
  readonly tell: (what: string) => void;
}

export class Faults {
  readonly #options: FaultsOptions;
  readonly #drawn: readonly FaultKind[];
  #isHealing = false;
  /** Until all are in sync again. */
  #isUndisturbed = false;
  readonly disks: DiskStrikes;
  kills = 0;
  cuts = 0;

  constructor(options: FaultsOptions) {
    this.#options = options;
    this.disks = new DiskStrikes(options);
    this.#drawn = (Object.keys(options.scenario.faults) as FaultKind[]).flatMap((kind) =>
      Array.from({ length: options.scenario.faults[kind] }, () => kind),
    );
  }

  /** Something goes wrong every few seconds until healing begins. */
  begin(): void {
    this.#later(secondUs / 2, 4 * secondUs, () => {
      if (this.#isHealing) return;
      if (this.#isUndisturbed) this.#isUndisturbed = !this.isWhole();
      else this.#strike(this.#pick(this.#drawn));
      this.begin();
    });
  }

  heal(): void {
    const { network, nodes, tell } = this.#options;
    this.#isHealing = true;
    network.heal();
    for (const node of nodes) {
      node.disk.repair();
      if (node.isFrozen) node.thaw();
      if (!node.isUp) node.start();
    }
    tell('everything heals');
  }

  /** Everybody serves, and every partition is in sync on all its replicas. */
  isWhole(): boolean {
    const { nodes, network } = this.#options;
    if (network.hasCuts || this.disks.isArmed) return false;
    return nodes.every((node) => {
      const metadata = node.isFrozen ? undefined : node.inspect()?.metadata;
      if (metadata === undefined || metadata.aliveBrokers().length < nodes.length) return false;
      return [...metadata.topics()].every(({ partitions }) => partitions.every(isInPlace));
    });
  }

  #strike(kind: FaultKind): void {
    const { nodes } = this.#options;
    switch (kind) {
      case 'kill-one':
        return this.#kill(this.#pick(nodes));
      case 'kill-all':
        return nodes.forEach((node) => this.#kill(node));
      case 'kill-leader':
        return this.#kill(this.#leader());
      case 'stop-one':
        return this.#stop(this.#someNode());
      case 'cut-link':
        return this.#cutSome();
      case 'freeze':
        return this.#freeze(this.#someNode());
      case 'lose-power':
        return this.#losePower(this.#pick(nodes));
      case 'double-failover':
        return this.#failOverTwice();
      case 'one-by-one':
        return this.#killOneByOne();
      case 'last-loses-power':
        return this.#leaveTheLastWithoutPower();
      case 'all-lose-power':
        return nodes.forEach((node) => this.#losePower(node));
      case 'fail-all-syncs':
        return this.#failAllSyncs();
      case 'fail-sync':
        return this.#failSync(this.#someNode());
      case 'stall-disk':
      case 'fill-disk':
      case 'fail-io':
      case 'no-descriptors':
        return this.disks.strike(kind, this.#someNode());
    }
  }

  /** Half of the time one that leads. */
  #someNode(): SimNode {
    return this.#options.random.oneIn(2) ? this.#leader() : this.#pick(this.#options.nodes);
  }

  /** Then all machines boot anew, before anybody could copy from a cache that holds what its device has lost. */
  #failAllSyncs(): void {
    const { nodes, topic, partitions, random } = this.#options;
    this.disks.failSyncsOf(nodes, `${topic}-${random.nextInt(partitions)}`);
    this.#later(secondUs / 5, secondUs / 2, () => nodes.forEach((node) => this.#losePower(node)));
  }

  #failSync(node: SimNode): void {
    if (!this.#mayLosePages()) return;
    this.disks.strike('fail-sync', node);
  }

  /** From then on nothing else happens until all are in sync again. */
  #mayLosePages(): boolean {
    if (this.#options.scenario.isSynced === true) return true;
    if (!this.isWhole()) return false;
    this.#isUndisturbed = true;
    return true;
  }

  #kill(node: SimNode): void {
    if (!node.isUp) return;
    this.#strikeDead(node);
    this.#startLater(node);
  }

  /** In order: what it leaves behind is believed by its next start. */
  #stop(node: SimNode): void {
    const { tell } = this.#options;
    if (node.isFrozen || node.inspect() === null) return;
    tell(`SIGTERM broker ${node.nodeId}`);
    void node.stop().then((hasEnded) => {
      if (!hasEnded) return;
      tell(`broker ${node.nodeId} has ended in order`);
      if (this.#isHealing) node.start();
      else this.#startLater(node);
    });
  }

  #startLater(node: SimNode): void {
    this.#later(0, 3 * secondUs, () => this.#startAgain(node));
  }

  #losePower(node: SimNode): void {
    if (!node.isUp || !this.#mayLosePages()) return;
    this.kills += 1;
    this.#options.tell(`broker ${node.nodeId} loses power`);
    node.losePower();
    this.#startLater(node);
  }

  #freeze(node: SimNode): void {
    const { tell } = this.#options;
    if (!node.isUp || node.isFrozen) return;
    tell(`SIGSTOP broker ${node.nodeId}`);
    node.freeze();
    this.#later(secondUs, 9 * secondUs, () => {
      if (!node.isFrozen) return;
      tell(`SIGCONT broker ${node.nodeId}`);
      node.thaw();
    });
  }

  #cutSome(): void {
    const ends = [...this.#options.nodes.map(({ nodeId }) => nodeId), this.#options.clientNode];
    const from = this.#pick(ends);
    this.#cut(from, this.#pick(ends.filter((end) => end !== from)));
  }

  #cut(from: number, to: number): void {
    const { network, tell } = this.#options;
    this.cuts += 1;
    tell(`cut ${from} > ${to}`);
    network.cut(from, to);
    this.#later(secondUs, 5 * secondUs, () => network.join(from, to));
  }

  /** All of them, with time in between for the controller to notice, and back in the same order or the other way round. */
  #killOneByOne(): void {
    const { random, tell } = this.#options;
    if (!this.isWhole()) return;
    this.#isUndisturbed = true;
    const order = this.#shuffled();
    const back = random.oneIn(2) ? order : [...order].reverse();
    tell(`all die, one by one: ${order.map(({ nodeId }) => nodeId).join(', ')}`);
    order.forEach((node, index) => this.#after((index + 1) * secondUs, () => this.#strikeDead(node)));
    back.forEach((node, index) => {
      const atUs = (order.length + 1 + index * 2) * secondUs + random.nextInt(secondUs);
      this.#after(atUs, () => this.#startAgain(node));
    });
  }

  /** Two stand still until they are out of the in-sync set, the second as the last to leave it; then the third loses its tail. */
  #leaveTheLastWithoutPower(): void {
    const { tell, random } = this.#options;
    const [first, second, last] = this.#shuffled();
    if (!this.isWhole() || first === undefined || second === undefined || last === undefined) return;
    this.#isUndisturbed = true;
    tell(`${first.nodeId} stands still, then ${second.nodeId}; ${last.nodeId} loses power`);
    first.freeze();
    this.#after(5 * secondUs, () => second.freeze());
    this.#after(10 * secondUs + random.nextInt(secondUs), () => {
      this.kills += 1;
      last.losePower();
    });
    const returning: readonly (() => void)[] = [() => this.#startAgain(last), () => second.isFrozen && second.thaw()];
    for (const comeBack of returning) this.#after(11 * secondUs + random.nextInt(4 * secondUs), comeBack);
    this.#after(16 * secondUs, () => first.isFrozen && first.thaw());
  }

  #strikeDead(node: SimNode): void {
    if (!node.isUp) return;
    this.kills += 1;
    this.#options.tell(`SIGKILL broker ${node.nodeId}`);
    node.kill();
  }

  #startAgain(node: SimNode): void {
    if (node.isUp) return;
    this.#options.tell(`broker ${node.nodeId} starts`);
    node.start();
  }

  #shuffled(): readonly SimNode[] {
    const left = [...this.#options.nodes];
    return this.#options.nodes.map(() => left.splice(this.#options.random.nextInt(left.length), 1)[0] as SimNode);
  }

  /** The leader dies; its heir is cut off from a follower that may be behind, and dies as well (KIP-101, KIP-279). */
  #failOverTwice(): void {
    const { scheduler, nodes } = this.#options;
    const partition = this.#options.random.nextInt(this.#options.partitions);
    const first = this.#leader(partition);
    this.#kill(first);
    const strikeAgain = (triesLeft: number): void => {
      const heir = this.#leader(partition);
      if (this.#isHealing || triesLeft === 0) return;
      if (heir === first || !heir.isUp) return void scheduler.after(secondUs / 50, () => strikeAgain(triesLeft - 1));
      const other = nodes.find((node) => node !== heir && node !== first);
      if (other !== undefined) this.#cut(heir.nodeId, other.nodeId);
      this.#later(0, secondUs / 2, () => this.#kill(heir));
    };
    scheduler.after(secondUs / 50, () => strikeAgain(300));
  }

  /** Who leads the partition by the newest metadata of anybody; some node when nobody does. */
  #leader(partition = this.#options.random.nextInt(this.#options.partitions)): SimNode {
    const { nodes, topic } = this.#options;
    const views = nodes.flatMap((node) => {
      const metadata = node.inspect()?.metadata;
      const view = metadata?.topic(topic)?.partitions[partition];
      return metadata === undefined || view === undefined ? [] : [{ offset: metadata.offset, leaderId: view.leaderId }];
    });
    const newest = views.sort((a, b) => b.offset - a.offset)[0];
    return nodes.find(({ nodeId }) => nodeId === newest?.leaderId) ?? this.#pick(nodes);
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#options.random.nextInt(items.length)] as Item;
  }

  #later(atLeastUs: number, spreadUs: number, run: () => void): void {
    const { random } = this.#options;
    this.#after(atLeastUs + random.nextInt(spreadUs), run);
  }

  #after(delayUs: number, run: () => void): void {
    this.#options.scheduler.after(delayUs, () => {
      if (!this.#isHealing) run();
    });
  }
}

/** In sync on all its replicas, and none of them is on its way. */
function isInPlace({ isr, replicas, addingReplicas, removingReplicas }: PartitionView): boolean {
  return isr.length === replicas.length && addingReplicas.length === 0 && removingReplicas.length === 0;
}
