// The clusters this console knows, with one live adapter a cluster however many browsers look. Attached clusters
// are remembered in the database; the embedded one is registered by whoever started it and is known while it runs.
// Invariant: an adapter that nobody used for idleCloseMs, and nobody holds, is closed; the next use opens it anew.

import type { BrokerContact } from './broker-contact.ts';
import type { Clock, TimerHandle, Timers } from '#engine/world/ports.ts';
import { ClusterError } from './cluster-error.ts';
import type { ClusterPort } from './port.ts';

/** The id of the cluster that this program runs itself. */
export const embeddedClusterId = 'embedded';

const idleCloseMs = 10 * 60_000;
const idleCheckMs = 60_000;

export interface KnownCluster {
  readonly id: string;
  readonly name: string;
  readonly bootstrap: string;
  readonly kind: 'embedded' | 'attached';
}

export interface ListedCluster extends KnownCluster {
  /** null: nobody has looked since the console started or the adapter was closed. */
  readonly isReachable: boolean | null;
}

type Remembered = Omit<KnownCluster, 'kind'>;

/** Where attached clusters are remembered: `server/db/clusters.ts` in the product. */
export interface ClusterBook {
  list(): Promise<readonly Remembered[]>;
  find(id: string): Promise<Remembered | null>;
  save(
    name: string,
    bootstrap: string,
  ): Promise<{ readonly kind: 'saved'; readonly cluster: Remembered } | { readonly kind: 'name-taken' | 'too-many' }>;
  rename(id: string, name: string): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}

export interface RegistryOptions {
  readonly book: ClusterBook;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Makes the adapter of an attached cluster; it connects on first use. */
  readonly openAttached: (cluster: KnownCluster) => ClusterPort;
  /** Called with each adapter that opens, e.g. to write its timeline; the answer is called before it closes. */
  readonly watch: (cluster: KnownCluster, port: ClusterPort) => () => void;
}

export interface EmbeddedCluster {
  readonly name: string;
  readonly bootstrap: string;
  open(): ClusterPort;
}

/** A port that stays open until `release`, however long nothing is asked of it. */
export interface Lease {
  readonly port: ClusterPort;
  release(): void;
}

export interface TestedCluster {
  readonly clusterId: string | null;
  /** Those that the metadata names and the cluster knows to be up. */
  readonly brokerCount: number;
  /** Of those, which don't answer at the address that they advertise: records can't be read from them. */
  readonly unreachable: readonly { readonly brokerId: number; readonly address: string; readonly reason: string }[];
}

interface LiveAdapter {
  readonly port: ClusterPort;
  readonly unwatch: () => void;
  usedAtMs: number;
  holders: number;
}

export class ClusterRegistry {
  readonly #options: RegistryOptions;
  readonly #live = new Map<string, LiveAdapter>();
  #embedded: EmbeddedCluster | null = null;
  #timer: TimerHandle | null = null;
  #isClosed = false;

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  registerEmbedded(cluster: EmbeddedCluster): void {
    this.#embedded = cluster;
  }

  async list(): Promise<readonly ListedCluster[]> {
    const attached = (await this.#options.book.list()).map((cluster) => ({ ...cluster, kind: 'attached' as const }));
    const embedded = this.#embeddedEntry();
    return [...(embedded === null ? [] : [embedded]), ...attached].map((cluster) => this.#listed(cluster));
  }

  /** The port of a known cluster, opened on first use. Throws ClusterError UNKNOWN_CLUSTER. */
  async port(id: string): Promise<ClusterPort> {
    return (await this.#adapter(id)).port;
  }

  async lease(id: string): Promise<Lease> {
    const adapter = await this.#adapter(id);
    adapter.holders += 1;
    let isHeld = true;
    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      adapter.holders -= 1;
      adapter.usedAtMs = this.#options.clock.nowMs();
    };
    return { port: adapter.port, release };
  }

  /** Looks whether a cluster answers at these addresses, without remembering it. */
  async test(bootstrap: string): Promise<TestedCluster> {
    const port = this.#options.openAttached({ id: 'test', name: bootstrap, bootstrap, kind: 'attached' });
    try {
      const overview = await port.overview();
      const brokerCount = overview.brokers.filter((broker) => broker.state === 'online').length;
      return { clusterId: overview.clusterId, brokerCount, unreachable: unreachableOf(await port.contacts()) };
    } finally {
      await port.close();
    }
  }

  async attach(name: string, bootstrap: string): Promise<ListedCluster> {
    const outcome = await this.#options.book.save(name, bootstrap);
    if (outcome.kind === 'saved') return this.#listed({ ...outcome.cluster, kind: 'attached' });
    if (outcome.kind === 'too-many')
      throw new ClusterError('INVALID_INPUT', { kind: 'clusters-full', params: {} }, { advice: 'detach-one' });
    throw new ClusterError('INVALID_INPUT', { kind: 'cluster-name-taken', params: { name } }, { advice: 'other-name' });
  }

  async rename(id: string, name: string): Promise<ListedCluster> {
    if (!(await this.#options.book.rename(id, name))) throw new ClusterError('INVALID_INPUT', { kind: 'rename-refused', params: { name } });
    return this.#listed(await this.#known(id));
  }

  async detach(id: string): Promise<void> {
    if (!(await this.#options.book.remove(id))) throw unknownCluster(id);
    await this.#drop(id);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) this.#options.timers.clearTimer(this.#timer);
    await Promise.all([...this.#live.keys()].map((id) => this.#drop(id)));
  }

  async #adapter(id: string): Promise<LiveAdapter> {
    const known = this.#live.get(id) === undefined ? await this.#known(id) : null;
    const adapter = this.#live.get(id) ?? this.#open(known ?? (await this.#known(id)));
    adapter.usedAtMs = this.#options.clock.nowMs();
    return adapter;
  }

  #open(cluster: KnownCluster): LiveAdapter {
    if (this.#isClosed) throw new ClusterError('UNAVAILABLE', { kind: 'console-stopping', params: {} });
    const port = cluster.kind === 'embedded' && this.#embedded !== null ? this.#embedded.open() : this.#options.openAttached(cluster);
    const adapter = { port, unwatch: this.#options.watch(cluster, port), usedAtMs: this.#options.clock.nowMs(), holders: 0 };
    this.#live.set(cluster.id, adapter);
    this.#timer ??= this.#options.timers.setTimer(idleCheckMs, () => this.#closeIdle());
    return adapter;
  }

  #closeIdle(): void {
    const before = this.#options.clock.nowMs() - idleCloseMs;
    for (const [id, adapter] of this.#live) if (adapter.holders === 0 && adapter.usedAtMs < before) void this.#drop(id);
    this.#timer = this.#live.size === 0 ? null : this.#options.timers.setTimer(idleCheckMs, () => this.#closeIdle());
  }

  async #drop(id: string): Promise<void> {
    const adapter = this.#live.get(id);
    this.#live.delete(id);
    adapter?.unwatch();
    await adapter?.port.close();
  }

  async #known(id: string): Promise<KnownCluster> {
    if (id === embeddedClusterId) return this.#embeddedEntry() ?? raise(unknownCluster(id));
    const remembered = await this.#options.book.find(id);
    return remembered === null ? raise(unknownCluster(id)) : { ...remembered, kind: 'attached' };
  }

  #embeddedEntry(): KnownCluster | null {
    const embedded = this.#embedded;
    return embedded === null ? null : { id: embeddedClusterId, name: embedded.name, bootstrap: embedded.bootstrap, kind: 'embedded' };
  }

  #listed({ id, name, bootstrap, kind }: KnownCluster): ListedCluster {
    return { id, name, bootstrap, kind, isReachable: this.#live.get(id)?.port.reachability().isReachable ?? null };
  }
}

function unreachableOf(contacts: readonly BrokerContact[]): TestedCluster['unreachable'] {
  return contacts.flatMap(({ reason, ...contact }) => (reason === null ? [] : [{ ...contact, reason }]));
}

function unknownCluster(id: string): ClusterError {
  return new ClusterError('UNKNOWN_CLUSTER', { kind: 'unknown-cluster', params: { id } }, { advice: 'listed-cluster' });
}

function raise(error: Error): never {
  throw error;
}
