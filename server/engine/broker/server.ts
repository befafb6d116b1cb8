// The listening side of a broker: accepts connections, counts them, closes those that are idle or too many.
// One instance serves one listener (clients, or the controller's peers).

import type { ByteStream, Listener, TimerHandle } from '#engine/world/ports.ts';
import type { ListenerKind } from '#engine/protocol/schema.ts';
import type { BrokerConfig } from './config.ts';
import { Connection, type ConnectionLimits } from './connection.ts';
import { currentSetting } from './current-setting.ts';
import type { BrokerContext } from './context.ts';
import type { Dispatch } from './dispatch.ts';
import { defaultMaxRequestBytes, RequestMemory } from './request-memory.ts';

/** Requests of one connection that may be in flight, at most. librdkafka pipelines without limit; more than this gains nothing. */
const mostInFlight = 128;
/** Unsent bytes of one connection at which no further request is started. A single answer may be larger. */
const maxUnsentBytes = 4 * 1024 * 1024;
/** Memory that the requests of one connection may hold; a single one may be as large as socket.request.max.bytes. */
const maxRequestBytesOfConnection = 32 * 1024 * 1024;
const sweepEveryMs = 1000;
/** Whoever is refused comes back at once, in crowds: one line for so long says how many there were. */
const refusalLineEveryUs = 10_000_000;

/** What the listeners of one kind share: the bounds are the broker's, not each listener's. */
export interface SharedBounds {
  readonly requestMemory: RequestMemory;
  /** Accepted and not yet closed. */
  openConnections: number;
  /** Of those, the ones that count for max.connections. */
  countedConnections: number;
  /** What the process has descriptors for: beyond it a connection would take one from the logs. */
  readonly maxConnections: number;
}

export function createSharedBounds(config: BrokerConfig, maxConnections = Infinity): SharedBounds {
  const configured = config.get('queued.max.request.bytes');
  return {
    requestMemory: new RequestMemory(configured > 0 ? configured : defaultMaxRequestBytes, queueMicrotask),
    openConnections: 0,
    countedConnections: 0,
    maxConnections,
  };
}

export interface ServerOptions {
  readonly listener: ListenerKind;
  readonly host: string;
  readonly port: number;
  /** max.connections holds here: for clients. The quorum and, where they have a listener of their own, the brokers are beyond it. */
  readonly isCounted: boolean;
  readonly broker: BrokerContext;
  readonly dispatch: Dispatch;
  /** Shared by the listeners of a process, so that connection ids are unique in it. */
  readonly nextConnectionId: () => number;
  readonly bounds: SharedBounds;
}

export class Server {
  readonly #options: ServerOptions;
  readonly #connections = new Set<Connection>();
  readonly #limits: ConnectionLimits;
  readonly #maxIdleUs: number;
  #listener: Listener | undefined;
  /** Accepted before the broker was ready to serve: they wait, unread. */
  #held: ByteStream[] | undefined = [];
  #sweep: TimerHandle | undefined;
  #refusedSinceLine = 0;
  #nextRefusalLineUs = 0;
  /** While set, nobody is served here. */
  #isTurningAway = false;

  constructor(options: ServerOptions) {
    const { config } = options.broker;
    this.#options = options;
    this.#limits = {
      maxFrameBytes: config.get('socket.request.max.bytes'),
      maxInFlight: Math.min(mostInFlight, config.get('queued.max.requests')),
      maxUnsentBytes,
      maxRequestBytes: maxRequestBytesOfConnection,
    };
    this.#maxIdleUs = config.get('connections.max.idle.ms') * 1000;
  }

  /** Takes the address; who connects waits until open(). Rejects with NetworkError when the address can't be had. */
  async listen(): Promise<Listener> {
    const { host, port, broker } = this.#options;
    const backlog = broker.config.get('socket.listen.backlog.size');
    this.#listener = await broker.world.network.listen({ host, port, backlog }, (stream) => {
      this.#accept(stream);
    });
    this.#planSweep();
    return this.#listener;
  }

  /** Serves whoever has connected, and all that follow. */
  open(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const stream of held) this.#serve(stream);
  }

  /** Lets go of every client and takes none, until it is called with false: they are better off with another broker. */
  turnAway(isTurningAway: boolean, reason: string): void {
    this.#isTurningAway = isTurningAway;
    if (isTurningAway) for (const connection of this.#connections) connection.close(reason);
  }

  /** Stops accepting, lets go of every client, and waits until the port is free. */
  async close(): Promise<void> {
    if (this.#sweep !== undefined) this.#options.broker.world.timers.clearTimer(this.#sweep);
    const closed = this.#listener?.close();
    for (const stream of this.#held ?? []) stream.destroy();
    for (const connection of this.#connections) connection.end('the broker is stopping');
    await closed;
  }

  #accept(stream: ByteStream): void {
    const whyFull = this.#whyFull();
    if (whyFull !== null) {
      this.#logRefusal(stream.remoteAddress, whyFull);
      stream.destroy();
    } else if (this.#isTurningAway) {
      stream.destroy();
    } else {
      this.#count(1);
      if (this.#held === undefined) this.#serve(stream);
      else this.#held.push(stream);
    }
  }

  #count(change: 1 | -1): void {
    const { bounds, isCounted } = this.#options;
    bounds.openConnections += change;
    if (isCounted) bounds.countedConnections += change;
  }

  /** null while there is room for one more. */
  #whyFull(): string | null {
    const { broker, bounds, isCounted } = this.#options;
    if (bounds.openConnections >= bounds.maxConnections)
      return `the operating system's limit on open files leaves room for ${bounds.maxConnections} connections; raise it (ulimit -n)`;
    const configured = isCounted ? currentSetting('max.connections', broker.config, broker.metadata) : Infinity;
    return bounds.countedConnections < configured ? null : `max.connections is ${configured}`;
  }

  #logRefusal(address: string, reason: string): void {
    const { log, world } = this.#options.broker;
    this.#refusedSinceLine += 1;
    const nowUs = world.clock.monotonicUs();
    if (nowUs < this.#nextRefusalLineUs) return;
    log.warn('connection-refused', { address, reason, refused: this.#refusedSinceLine });
    this.#refusedSinceLine = 0;
    this.#nextRefusalLineUs = nowUs + refusalLineEveryUs;
  }

  #serve(stream: ByteStream): void {
    const { broker, dispatch, nextConnectionId, bounds } = this.#options;
    const { counters } = broker.metrics;
    const connection = new Connection({
      connectionId: nextConnectionId(),
      stream,
      limits: this.#limits,
      requestMemory: bounds.requestMemory,
      allocate: broker.buffers.take as (sizeBytes: number) => Buffer,
      serve: dispatch,
      onClosed: (closed, reason) => {
        this.#onClosed(closed, reason);
      },
      onBytesIn: (count) => {
        counters.bytesIn += count;
      },
      onBytesOut: (count) => {
        counters.bytesOut += count;
      },
      nowUs: () => broker.world.clock.monotonicUs(),
      afterTurn: queueMicrotask,
    });
    this.#connections.add(connection);
    counters.connections += 1;
  }

  #onClosed(connection: Connection, reason: string): void {
    const { broker } = this.#options;
    this.#connections.delete(connection);
    this.#count(-1);
    broker.metrics.counters.connections -= 1;
    const client = { connectionId: connection.id, clientId: connection.clientId, address: connection.remoteAddress };
    this.#logEnd(connection, reason);
    if (connection.wasIntroduced) broker.trace({ kind: 'client-disconnected', client, reason });
  }

  /** Clients come and go all day; only one that we had to send away is worth a person's look. */
  #logEnd(connection: Connection, reason: string): void {
    const { broker, listener } = this.#options;
    const { remoteAddress: address, clientId, software } = connection;
    const fields = { listener, connection: connection.id, address, clientId, software, reason };
    if (connection.wasRefused) broker.log.warn('connection-refused', fields);
    else broker.log.debug('connection-closed', fields);
  }

  #planSweep(): void {
    const { timers } = this.#options.broker.world;
    this.#sweep = timers.setTimer(sweepEveryMs, () => {
      this.#closeIdle();
      this.#planSweep();
    });
  }

  #closeIdle(): void {
    const oldestUs = this.#options.broker.world.clock.monotonicUs() - this.#maxIdleUs;
    for (const connection of this.#connections) {
      if (connection.lastActivityUs < oldestUs) connection.close(`idle for more than ${this.#maxIdleUs / 1000} ms`);
    }
  }
}
