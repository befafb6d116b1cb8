// Connections by address: opened when they are first needed, shared by all, opened again when they broke. A broker
// that refused is left alone for a growing while, so that a lost cluster costs its clients little.
// Invariant: at most one connection and one attempt an address.

import { formatHostPort } from '#engine/base/host-port.ts';
import type { Clock, Random } from '#engine/world/ports.ts';
import { backOffDelayMs, type BackOff } from './back-off.ts';
import type { Allocate, Connection, ConnectionLimits } from './connection.ts';
import { ClientError } from './errors.ts';
import { openConnection, type ClientWorld, type Software } from './handshake.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface PoolWorld extends ClientWorld {
  readonly clock: Clock;
  readonly random: Random;
}

export interface PoolOptions {
  readonly clientId: string | null;
  readonly software: Software;
  readonly connectTimeoutMs: number;
  readonly backOff: BackOff;
  readonly limits: ConnectionLimits;
  readonly allocate?: Allocate;
}

interface Link {
  connection: Connection | null;
  opening: Promise<Connection> | null;
  failures: number;
  /** Until then `lastFailure` is the answer, without a new attempt. */
  notBeforeUs: number;
  lastFailure: ClientError | null;
}

export class ConnectionPool {
  readonly #world: PoolWorld;
  readonly #options: PoolOptions;
  readonly #links = new Map<string, Link>();
  #isClosed = false;

  constructor(world: PoolWorld, options: PoolOptions) {
    this.#world = world;
    this.#options = options;
  }

  isConnected(address: Address): boolean {
    return this.#links.get(formatHostPort(address))?.connection?.isOpen ?? false;
  }

  /** Rejects with ClientError `connect-failed`; within the back-off at once, with the failure that caused it. */
  async connection(address: Address): Promise<Connection> {
    if (this.#isClosed) throw new ClientError('closed', 'this client is closed');
    const link = this.#link(formatHostPort(address));
    if (link.connection?.isOpen === true) return link.connection;
    if (link.opening !== null) return link.opening;
    if (link.lastFailure !== null && this.#world.clock.monotonicUs() < link.notBeforeUs) throw link.lastFailure;
    link.opening = this.#open(address, link).finally(() => {
      link.opening = null;
    });
    return link.opening;
  }

  /** Closes what is not among `addresses`: brokers that left the cluster or moved. */
  retain(addresses: readonly Address[]): void {
    const kept = new Set(addresses.map(formatHostPort));
    for (const [key, link] of this.#links) {
      if (kept.has(key) || link.opening !== null) continue;
      link.connection?.close();
      this.#links.delete(key);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const link of this.#links.values()) link.connection?.close();
    this.#links.clear();
  }

  #link(key: string): Link {
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    const link: Link = { connection: null, opening: null, failures: 0, notBeforeUs: 0, lastFailure: null };
    this.#links.set(key, link);
    return link;
  }

  async #open(address: Address, link: Link): Promise<Connection> {
    try {
      const connection = await openConnection(this.#world, { ...this.#options, ...address });
      if (this.#isClosed) connection.close();
      link.connection = connection;
      link.failures = 0;
      link.lastFailure = null;
      return connection;
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      const delayMs = backOffDelayMs(this.#options.backOff, link.failures, this.#world.random);
      link.failures += 1;
      link.notBeforeUs = this.#world.clock.monotonicUs() + delayMs * 1_000;
      link.lastFailure = error;
      throw error;
    }
  }
}
