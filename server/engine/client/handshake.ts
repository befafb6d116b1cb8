// Opens a connection and asks the broker what it speaks. A broker that doesn't know our version of ApiVersions
// answers error 35 in version 0's form with its own ranges; the question is then put again within them.

import { formatHostPort } from '#engine/base/host-port.ts';
import { apiVersionsApi } from '#engine/protocol/apis/18-api-versions.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import type { ResponseOf } from '#engine/protocol/schema.ts';
import { NetworkError, type ByteStream, type Network, type Timers } from '#engine/world/ports.ts';
import { Connection, defaultConnectionLimits, type Allocate, type ConnectionLimits } from './connection.ts';
import { ClientError, isFailedRequest, throwUnlessNone } from './errors.ts';
import { sharedVersion, toAbilities, type BrokerAbilities } from './negotiation.ts';

export interface ClientWorld {
  readonly network: Network;
  readonly timers: Timers;
}

export interface OpenOptions {
  readonly host: string;
  readonly port: number;
  /** Shown by brokers in their logs, metrics and quotas. */
  readonly clientId: string | null;
  readonly software: Software;
  readonly connectTimeoutMs: number;
  readonly limits?: ConnectionLimits;
  readonly allocate?: Allocate | undefined;
}

/** Name and version as brokers record them (KIP-511): letters, digits, dots and dashes. */
export interface Software {
  readonly name: string;
  readonly version: string;
}

export const thisSoftware: Software = { name: 'logarium', version: '0.1.0' };

/** A connection whose versions are negotiated. Rejects with ClientError `connect-failed` when that can't be reached. */
export async function openConnection(world: ClientWorld, options: OpenOptions): Promise<Connection> {
  const address = formatHostPort(options);
  const stream = await connect(world.network, options, address);
  const connection = new Connection(stream, world.timers, {
    address,
    clientId: options.clientId,
    limits: options.limits ?? defaultConnectionLimits,
    allocate: options.allocate,
  });
  try {
    connection.adoptAbilities(await askAbilities(connection, options));
    return connection;
  } catch (error) {
    const failure = isFailedRequest(error)
      ? new ClientError('connect-failed', `${address} did not complete the handshake: ${error.message}`, error)
      : null;
    connection.close(failure ?? undefined);
    throw failure ?? error;
  }
}

async function connect(network: Network, options: OpenOptions, address: string): Promise<ByteStream> {
  const stream = await network
    .connect({ host: options.host, port: options.port, timeoutMs: options.connectTimeoutMs })
    .catch((error: unknown) => {
      if (!(error instanceof NetworkError)) throw error;
      throw new ClientError('connect-failed', `no connection to ${address}: ${error.message}`, error);
    });
  if (!isOwnEcho(stream, options.port)) return stream;
  stream.destroy();
  const reason = 'nobody listens there';
  throw new ClientError('connect-failed', `no connection to ${address}: ${reason}`, new NetworkError('refused', reason));
}

/**
 * TCP lets a socket connect to itself: when nobody listens on a port of this machine and the system happens to give
 * the caller that very port. It would hold the port, and the broker that belongs there could not start.
 */
function isOwnEcho(stream: ByteStream, port: number): boolean {
  return stream.localPort === port && stream.remotePort === port;
}

async function askAbilities(connection: Connection, options: OpenOptions): Promise<BrokerAbilities> {
  const body = { clientSoftwareName: options.software.name, clientSoftwareVersion: options.software.version };
  const ask = (exactVersion: number): Promise<ResponseOf<typeof apiVersionsApi>> =>
    connection.send(apiVersionsApi, body, { exactVersion, timeoutMs: options.connectTimeoutMs });
  let answer = await ask(apiVersionsApi.advertised.max);
  if (answer.errorCode === errorCodes.UNSUPPORTED_VERSION) {
    answer = await ask(sharedVersion(apiVersionsApi, abilitiesOf(answer)) ?? 0);
  }
  throwUnlessNone(answer.errorCode, `${connection.address} refused ApiVersions`);
  return abilitiesOf(answer);
}

function abilitiesOf(answer: ResponseOf<typeof apiVersionsApi>): BrokerAbilities {
  return toAbilities(
    answer.apiKeys,
    answer.finalizedFeatures.map((feature) => ({ name: feature.name, maxVersionLevel: feature.maxVersionLevel })),
  );
}
