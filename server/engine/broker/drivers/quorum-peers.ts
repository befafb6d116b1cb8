// The road to the voters: one connection for fetches, which may be held back, and one for everything that must not wait
// behind them. Answers and failures come back as the state machine's inputs.

import { DecodeError } from '#engine/bytes/errors.ts';
import { ConnectionPool } from '#engine/client/pool.ts';
import { defaultConnectionLimits } from '#engine/client/connection.ts';
import { openConnection, thisSoftware } from '#engine/client/handshake.ts';
import { ClientError, isRefusedConnection } from '#engine/client/errors.ts';
import type { RaftInput, RaftRequest, UndeliveredCause } from '#engine/raft/messages.ts';
import { DecompressionError, type Compression, type World } from '#engine/world/ports.ts';
import type { BrokerConfig } from '../config.ts';
import { leaderAddressIn, toOutgoing, toReply } from './quorum-wire.ts';
import type { VoterAddresses } from './voter-addresses.ts';

export interface Outgoing {
  readonly to: number;
  readonly ticket: number;
  readonly request: RaftRequest;
}

export interface QuorumPeers {
  send(message: Outgoing): void;
  /** Resolves when what was sent before close() has left or failed. */
  close(): Promise<void>;
}

/** `give` receives exactly one input for every request sent, until close(). */
export class VoterConnections implements QuorumPeers {
  readonly #config: BrokerConfig;
  readonly #addresses: VoterAddresses;
  readonly #compression: Compression;
  readonly #give: (input: RaftInput) => void;
  readonly #fetches: ConnectionPool;
  readonly #votes: ConnectionPool;
  readonly #farewells = new Set<Promise<void>>();
  #isClosed = false;

  constructor(
    world: World,
    place: { readonly config: BrokerConfig; readonly addresses: VoterAddresses },
    give: (input: RaftInput) => void,
  ) {
    const { config } = place;
    this.#config = config;
    this.#addresses = place.addresses;
    this.#compression = world.compression;
    this.#give = give;
    const options = {
      clientId: `quorum-${config.nodeId}`,
      software: thisSoftware,
      connectTimeoutMs: config.get('controller.quorum.request.timeout.ms'),
      // The state machine paces its own retries; the pool only keeps a dead address from being tried in a tight loop.
      backOff: { initialMs: 5, maxMs: 50 },
      limits: { ...defaultConnectionLimits, requestTimeoutMs: config.get('controller.quorum.request.timeout.ms') },
    };
    this.#fetches = new ConnectionPool(world, options);
    this.#votes = new ConnectionPool(world, options);
  }

  send(message: Outgoing): void {
    const { to, ticket, request } = message;
    const exchange = this.#exchange(message).then(
      (input) => {
        if (!this.#isClosed) this.#give(input);
      },
      (error: unknown) => {
        if (!isPeersFault(error)) throw error;
        if (!this.#isClosed) this.#give({ kind: 'undelivered', to, ticket, request: request.kind, cause: causeOf(error) });
      },
    );
    if (request.kind !== 'end-epoch') return;
    this.#farewells.add(exchange);
    void exchange.then(() => {
      this.#farewells.delete(exchange);
    });
  }

  async #exchange({ to, ticket, request }: Outgoing): Promise<RaftInput> {
    const undelivered: RaftInput = { kind: 'undelivered', to, ticket, request: request.kind, cause: 'silent' };
    const voter = this.#addresses.find(to);
    if (voter === null) return undelivered;
    const pool = request.kind === 'fetch' || request.kind === 'fetch-snapshot' ? this.#fetches : this.#votes;
    const connection = await pool.connection({ host: voter.host, port: voter.port });
    const { api, body } = toOutgoing(request, this.#config.clusterId, to);
    // Each pair of API and body belongs together by construction; the union can't say so to a generic call.
    const answer: object = await connection.send(api as never, body as never);
    const leader = leaderAddressIn(answer);
    if (leader !== null) this.#addresses.learn(leader);
    const reply = toReply(request, answer, this.#compression);
    return reply === null ? undelivered : { kind: 'reply', from: to, ticket, reply };
  }

  /** A resignation is worth waiting for: the others need not time out. It ends with the request's own time-out. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#fetches.close();
    await Promise.all(this.#farewells);
    this.#votes.close();
  }
}

/** No usable answer came, or one whose records can't be read. Anything else is a mistake of ours. */
function isPeersFault(error: unknown): error is Error {
  return error instanceof ClientError || error instanceof DecodeError || error instanceof DecompressionError;
}

function causeOf(error: Error): UndeliveredCause {
  if (isRefusedConnection(error)) return 'refused';
  return error instanceof ClientError && error.code === 'disconnected' ? 'broken' : 'silent';
}

/** A connection with its first exchange says that something there speaks the protocol. */
export async function isReachable(
  world: World,
  { host, port }: { readonly host: string; readonly port: number },
  config: BrokerConfig,
): Promise<boolean> {
  const connectTimeoutMs = config.get('controller.quorum.request.timeout.ms');
  try {
    const connection = await openConnection(world, {
      host,
      port,
      clientId: `quorum-${config.nodeId}`,
      software: thisSoftware,
      connectTimeoutMs,
    });
    connection.close();
    return true;
  } catch (error) {
    if (error instanceof ClientError) return false;
    throw error;
  }
}
