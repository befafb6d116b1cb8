// A client of a whole cluster: knows its brokers from the metadata, routes a request to a node, to the controller
// or to any broker, and says which addresses it tried when nobody answers. What to send again is the caller's to
// decide: only it knows whether a request is safe to repeat.

import { formatHostPort } from '#engine/base/host-port.ts';
import { metadataApi } from '#engine/protocol/apis/03-metadata.ts';
import type { Api, RequestInput, ResponseOf } from '#engine/protocol/schema.ts';
import { defaultBackOff } from './back-off.ts';
import { toClusterMetadata, type BrokerNode, type ClusterMetadata } from './cluster-metadata.ts';
import { defaultConnectionLimits, type Connection, type SendOptions } from './connection.ts';
import { ClientError, ClusterUnreachableError, type FailedTry } from './errors.ts';
import { thisSoftware } from './handshake.ts';
import { ConnectionPool, type Address, type PoolOptions, type PoolWorld } from './pool.ts';

export interface KafkaClientOptions {
  /** At least one; tried in this order while nothing better is known. */
  readonly bootstrap: readonly Address[];
  readonly clientId: string;
  readonly pool?: Partial<PoolOptions>;
}

export type BrokerTarget = number | (SendOptions & { readonly brokerId: number });

const connectTimeoutMs = 5_000;
/** A broker that doesn't answer a question for metadata in this time stands still: another one is asked. */
export const metadataPatienceMs = 3_000;

export class KafkaClient {
  readonly #world: PoolWorld;
  readonly #bootstrap: readonly Address[];
  readonly #pool: ConnectionPool;
  #metadata: ClusterMetadata | null = null;
  #refreshing: Promise<ClusterMetadata> | null = null;
  /** What is known serves routing only: the next caller is answered by a question that is asked after this. */
  #isOutdated = false;
  #drops = 0;
  /** Addresses that stood still when they were last asked for metadata. */
  readonly #silent = new Set<string>();

  constructor(world: PoolWorld, options: KafkaClientOptions) {
    this.#world = world;
    this.#bootstrap = options.bootstrap;
    this.#pool = new ConnectionPool(world, {
      clientId: options.clientId,
      software: thisSoftware,
      connectTimeoutMs,
      backOff: defaultBackOff,
      limits: defaultConnectionLimits,
      ...options.pool,
    });
  }

  /** The last metadata that is known, however old. */
  get knownMetadata(): ClusterMetadata | null {
    return this.#metadata;
  }

  /** Metadata of all topics, less than `maxAgeMs` old; 0 always asks. Callers that come while it is fetched share the answer. */
  async metadata(maxAgeMs: number): Promise<ClusterMetadata> {
    const known = this.#metadata;
    if (known !== null && !this.#isOutdated && this.#world.clock.nowMs() - known.atMs < maxAgeMs) return known;
    if (this.#refreshing !== null) return this.#refreshing;
    const refreshing = this.#refresh().finally(() => {
      if (this.#refreshing === refreshing) this.#refreshing = null;
    });
    this.#refreshing = refreshing;
    return refreshing;
  }

  /** The caller changed the cluster: what was asked before now is no answer any more, though it may still be on its way. */
  dropMetadata(): void {
    this.#drops += 1;
    this.#isOutdated = true;
    this.#refreshing = null;
  }

  /** Sends to the broker with this id; given as an object where the request needs options. */
  async toBroker<A extends Api>(target: BrokerTarget, api: A, body: RequestInput<A>): Promise<ResponseOf<A>> {
    const { brokerId, ...options } = typeof target === 'number' ? { brokerId: target } : target;
    return (await this.connectionTo(brokerId)).send(api, body, options);
  }

  async connectionTo(brokerId: number): Promise<Connection> {
    const node = await this.#node(brokerId);
    return this.#pool.connection(node);
  }

  /** Sends to the broker that takes administration: the controller, or the broker that forwards to it. */
  async toController<A extends Api>(api: A, body: RequestInput<A>, options?: SendOptions): Promise<ResponseOf<A>> {
    const { controllerId } = await this.metadata(metadataMaxAgeMs);
    if (controllerId < 0) throw new ClientError('no-route', 'the cluster has no controller now');
    return this.toBroker({ ...options, brokerId: controllerId }, api, body);
  }

  /** Sends to whichever broker answers, connected ones first. Rejects with ClusterUnreachableError. */
  async toAny<A extends Api>(api: A, body: RequestInput<A>, options?: SendOptions): Promise<ResponseOf<A>> {
    return (await this.anyConnection()).send(api, body, options);
  }

  /** A connection to any broker; each address is tried once. */
  async anyConnection(): Promise<Connection> {
    const tries: FailedTry[] = [];
    for (const address of this.#candidates()) {
      try {
        return await this.#pool.connection(address);
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        tries.push({ address: formatHostPort(address), reason: error.message });
      }
    }
    throw new ClusterUnreachableError(tries);
  }

  close(): void {
    this.#pool.close();
  }

  async #refresh(): Promise<ClusterMetadata> {
    const askedMs = this.#world.clock.nowMs();
    const drops = this.#drops;
    const answer = await this.#askMetadata();
    const metadata = toClusterMetadata(answer, { askedMs, atMs: this.#world.clock.nowMs() });
    // Nor is an answer that was asked for before a change: it is the caller's, and nobody else's.
    if (drops !== this.#drops) return metadata;
    this.#isOutdated = false;
    this.#metadata = metadata;
    this.#pool.retain([...metadata.brokers.values(), ...this.#bootstrap]);
    return metadata;
  }

  /** A frozen process keeps its connections. It is passed over once it was silent, and from then on asked after all others. */
  async #askMetadata(): Promise<ResponseOf<typeof metadataApi>> {
    const body = { topics: null, allowAutoTopicCreation: false };
    for (const address of this.#candidates().slice(0, -1)) {
      try {
        const answer = await (await this.#pool.connection(address)).send(metadataApi, body, { timeoutMs: metadataPatienceMs });
        this.#silent.delete(formatHostPort(address));
        return answer;
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        // Whatever else was wrong with it, the last way below meets it again and tells.
        if (error.code === 'timed-out') this.#silent.add(formatHostPort(address));
      }
    }
    return this.toAny(metadataApi, body);
  }

  async #node(brokerId: number): Promise<BrokerNode> {
    const known = (await this.metadata(metadataMaxAgeMs)).brokers.get(brokerId) ?? (await this.metadata(0)).brokers.get(brokerId);
    if (known === undefined) throw new ClientError('no-route', `broker ${brokerId} is not in the cluster now`);
    return known;
  }

  /** Brokers known from the metadata, connected ones first, then the bootstrap addresses that aren't among them; silent ones last. */
  #candidates(): readonly Address[] {
    const nodes: readonly Address[] = [...(this.#metadata?.brokers.values() ?? []), ...this.#bootstrap];
    const distinct = [...new Map(nodes.map((node) => [formatHostPort(node), node])).values()];
    const rank = (node: Address): number => (this.#silent.has(formatHostPort(node)) ? 2 : this.#pool.isConnected(node) ? 0 : 1);
    return distinct.toSorted((left, right) => rank(left) - rank(right));
  }
}

/** Routing lives with metadata this old; a broker that says "not me" makes the caller ask anew. */
export const metadataMaxAgeMs = 30_000;
