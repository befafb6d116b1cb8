// What goes wrong with a broker's disk in a simulated world, and what becomes of a process that its disk has failed: it ends
// by itself, as the product promises, and is started again. A supervisor does so at once, on the same mount, where the page cache
// still answers with what a failed fsync lost; an operator mounts the file system or boots the machine anew first.
// Invariant: a failed fsync loses the pages of one broker at a time, while all replicas of all partitions are in sync, unless the
// scenario acknowledges only what is on the device.

import type { FileErrorCode } from '../world/ports.ts';
import { asArranged, type DiskOperation } from './disk-faults.ts';
import type { SimNode } from './node.ts';
import type { SeededRandom } from './random.ts';
import type { Scheduler } from './scheduler.ts';

const secondUs = 1_000_000;
/** An fsync that was to fail fails within this, or not at all. */
const armedUs = 5 * secondUs;
const maxRoomBytes = 64 * 1024;
const maxSpareFiles = 8;
/** A process that gives up tells its parent so before it is gone. */
const lastWordsUs = 2_000;

export type DiskFaultKind = 'fail-sync' | 'stall-disk' | 'fill-disk' | 'fail-io' | 'no-descriptors';

export interface DiskStrikesOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly tell: (what: string) => void;
}

/** The last words of a process whose disk failed it. Anything else that ends one is a violation. */
const wordsOfDisks = new RegExp(`${asArranged}|disk (?:of log directory \\S+ )?is full|no space left on device|no file descriptor is left`);

export function isDiskToBlame(reason: string): boolean {
  return wordsOfDisks.test(reason);
}

const syncErrors: readonly FileErrorCode[] = ['io', 'io', 'no-space'];
const operations: readonly DiskOperation[] = ['open', 'read', 'write', 'truncate', 'create', 'rename', 'remove', 'sync-directory'];
/** Which files an fsync fails on: any at all, a partition's, the quorum's log, or the small ones. */
const syncPaths: readonly RegExp[] = [
  /./,
  /(?<!__cluster_metadata-0)\/\d+\.log$/,
  /__cluster_metadata-0\/\d+\.log$/,
  /checkpoint|quorum-state/,
];

export class DiskStrikes {
  readonly #options: DiskStrikesOptions;
  /** Brokers with an fsync that is about to fail, or has failed and not been rebooted. */
  readonly #armed = new Set<SimNode>();
  /** Processes that their disk has ended. */
  ends = 0;

  constructor(options: DiskStrikesOptions) {
    this.#options = options;
  }

  /** True while a broker has lost pages, or may at any moment. */
  get isArmed(): boolean {
    return this.#armed.size > 0;
  }

  strike(kind: DiskFaultKind, node: SimNode): void {
    const { tell, random } = this.#options;
    if (!node.isUp) return;
    tell(`disk of broker ${node.nodeId}: ${kind}`);
    switch (kind) {
      case 'fail-sync':
        return this.#failSync(node);
      case 'stall-disk':
        return node.disk.stall(secondUs / 2 + random.nextInt(8 * secondUs));
      case 'fill-disk':
        node.disk.setCapacity(node.disk.usedBytes + random.nextInt(maxRoomBytes));
        return this.#repairLater(node);
      case 'fail-io':
        return this.#failOperation(node);
      case 'no-descriptors':
        node.disk.limitOpenFiles(node.disk.openFiles + random.nextInt(maxSpareFiles));
        return this.#repairLater(node);
    }
  }

  /** The broker has ended by itself; it comes back, and finds what its disk has kept. */
  onEnd(node: SimNode, reason: string): void {
    const { tell, scheduler, random } = this.#options;
    const { life } = node;
    this.ends += 1;
    tell(`broker ${node.nodeId} ends: ${reason.split('\n')[0]}`);
    // Its last message goes out first.
    scheduler.after(random.nextInt(lastWordsUs), () => {
      if (node.life !== life) return;
      node.kill();
      if (random.oneIn(2)) return void scheduler.after(secondUs / 5 + random.nextInt(secondUs), () => this.#startAgain(node));
      if (this.#armed.has(node)) return; // its machine is about to be booted anew
      node.remount();
      scheduler.after(secondUs / 5 + random.nextInt(3 * secondUs), () => this.#startAgain(node));
    });
  }

  /** The next fsync of the same partition's log fails on all of them: whoever goes on has nothing of it anywhere. */
  failSyncsOf(nodes: readonly SimNode[], partition: string): void {
    this.#options.tell(`the next fsync of ${partition} fails on every broker`);
    for (const node of nodes)
      node.disk.failOnce({ operation: 'sync', code: this.#pick(syncErrors), path: new RegExp(`/${partition}/\\d+\\.log$`) });
  }

  #failSync(node: SimNode): void {
    const { scheduler, random } = this.#options;
    const before = node.disk.failures;
    this.#armed.add(node);
    node.disk.failOnce({ operation: 'sync', code: this.#pick(syncErrors), path: this.#pick(syncPaths) });
    const look = (leftUs: number): void => {
      if (node.disk.failures > before) return void scheduler.after(random.nextInt(4 * secondUs), () => this.#boot(node));
      if (leftUs > 0 && node.isUp) return void scheduler.after(secondUs / 10, () => look(leftUs - secondUs / 10));
      node.disk.repair();
      this.#armed.delete(node);
    };
    look(armedUs);
  }

  /** Whoever counted on what the failed fsync was to write, before the end or after a start, has promised what is no longer there. */
  #boot(node: SimNode): void {
    const { tell, scheduler, random } = this.#options;
    tell(`the machine of broker ${node.nodeId} boots anew`);
    if (random.oneIn(2)) node.losePower();
    else node.remount();
    this.#armed.delete(node);
    scheduler.after(random.nextInt(3 * secondUs), () => this.#startAgain(node));
  }

  #failOperation(node: SimNode): void {
    const { random } = this.#options;
    const fault = { operation: this.#pick(operations), code: 'io' } as const;
    if (random.oneIn(2)) return node.disk.failOnce(fault);
    node.disk.failAll(fault);
    this.#repairLater(node);
  }

  #repairLater(node: SimNode): void {
    const { scheduler, random, tell } = this.#options;
    scheduler.after(secondUs + random.nextInt(6 * secondUs), () => {
      tell(`disk of broker ${node.nodeId} is well again`);
      node.disk.repair();
    });
  }

  #startAgain(node: SimNode): void {
    if (node.isUp) return;
    this.#options.tell(`broker ${node.nodeId} starts`);
    node.start();
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#options.random.nextInt(items.length)] as Item;
  }
}
