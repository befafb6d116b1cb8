// All that this broker copies from others: which partition is copied from whom, over num.replica.fetchers connections a leader.
// Invariant: a partition is copied by one fetcher, from the leader the metadata names, and by none while this broker leads it.

import type { HostedPartition } from './hosted-partition.ts';
import { ReplicaFetcher, type ReplicaFetcherOptions } from './replica-fetcher.ts';

export interface ReplicaFetchersOptions extends Omit<ReplicaFetcherOptions, 'leaderId' | 'address'> {
  readonly addressOf: (brokerId: number) => ReturnType<ReplicaFetcherOptions['address']>;
}

export class ReplicaFetchers {
  readonly #options: ReplicaFetchersOptions;
  readonly #fetchers = new Map<string, ReplicaFetcher>();
  readonly #byPartition = new Map<string, ReplicaFetcher>();
  /** Connections a leader. */
  #count: number;

  constructor(options: ReplicaFetchersOptions) {
    this.#options = options;
    this.#count = options.config.get('num.replica.fetchers');
  }

  /** True when the number is a new one: then every partition has to be aligned anew. */
  spreadOver(count: number): boolean {
    if (count === this.#count) return false;
    this.#count = count;
    return true;
  }

  /** Brings the copying in line with the partition's role. */
  align(hosted: HostedPartition): void {
    const { role } = hosted;
    if (role.kind !== 'follower' || role.leaderId < 0) return this.drop(hosted);
    const fetcher = this.#fetcherFor(role.leaderId, hosted);
    const before = this.#byPartition.get(hosted.name);
    if (before !== undefined && before !== fetcher) before.unfollow(hosted);
    this.#byPartition.set(hosted.name, fetcher);
    fetcher.follow(hosted, role.leaderEpoch);
  }

  /** The replica's log begins elsewhere now. */
  restate(hosted: HostedPartition): void {
    this.#byPartition.get(hosted.name)?.restate(hosted);
  }

  drop(hosted: HostedPartition): void {
    this.#byPartition.get(hosted.name)?.unfollow(hosted);
    this.#byPartition.delete(hosted.name);
  }

  close(): void {
    for (const fetcher of this.#fetchers.values()) fetcher.close();
    this.#fetchers.clear();
    this.#byPartition.clear();
  }

  #fetcherFor(leaderId: number, hosted: HostedPartition): ReplicaFetcher {
    const share = spread(hosted.name) % this.#count;
    const key = `${leaderId}/${share}`;
    const known = this.#fetchers.get(key);
    if (known !== undefined) return known;
    const { addressOf, ...options } = this.#options;
    const fetcher = new ReplicaFetcher({ ...options, leaderId, address: () => addressOf(leaderId) });
    this.#fetchers.set(key, fetcher);
    return fetcher;
  }
}

/** Any even spread will do, as long as a partition stays where it is. */
function spread(name: string): number {
  let hash = 0;
  for (let at = 0; at < name.length; at += 1) hash = (Math.imul(31, hash) + name.charCodeAt(at)) >>> 0;
  return hash;
}
