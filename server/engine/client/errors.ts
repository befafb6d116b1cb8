// What can go wrong between two ends of the Kafka protocol. A ClientError is the environment's failure: no
// usable answer came. A ServerError is an answer: the other end said no, with one of Kafka's error codes.
// Callers decide by `code` and `errorCode`, never by the text.

import { errorName } from '#engine/protocol/error-codes.ts';
import { NetworkError } from '#engine/world/ports.ts';

export type ClientErrorCode =
  /** Nobody listens there, or the handshake did not complete. */
  | 'connect-failed'
  /** No answer within the request's time; the connection is given up, as the order of answers is lost. */
  | 'timed-out'
  /** The other end closed, or the network broke, with requests under way. Their outcome is unknown. */
  | 'disconnected'
  /** This side closed. */
  | 'closed'
  /** More requests wait than the connection's bound allows. */
  | 'overloaded'
  /** The two ends share no version of this request. */
  | 'unsupported-version'
  /** The answer could not be read. */
  | 'malformed-response'
  /** The metadata names no leader, coordinator or broker for the request now. */
  | 'no-route';

export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: ClientErrorCode;
  constructor(code: ClientErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Nobody listens at the address: whoever did is gone, or not there yet. */
export function isRefusedConnection(error: unknown): boolean {
  return error instanceof ClientError && error.cause instanceof NetworkError && error.cause.code === 'refused';
}

export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly errorCode: number;
  readonly errorName: string;
  /** What the other end said of it in its own words; null when it gave its code alone. */
  readonly serverMessage: string | null;
  constructor(errorCode: number, about: string, serverMessage: string | null = null) {
    const name = errorName(errorCode);
    super(`${about}: ${serverMessage ?? name}`);
    this.errorCode = errorCode;
    this.errorName = name;
    this.serverMessage = serverMessage;
  }
}

/** One bootstrap address or broker that was tried in vain. */
export interface FailedTry {
  readonly address: string;
  readonly reason: string;
}

/** No broker of the cluster could be reached: every address, with what happened there. */
export class ClusterUnreachableError extends Error {
  override readonly name = 'ClusterUnreachableError';
  readonly tries: readonly FailedTry[];
  constructor(tries: readonly FailedTry[]) {
    super(`no broker answers: ${tries.map((one) => `${one.address} (${one.reason})`).join(', ')}`);
    this.tries = tries;
  }
}

/** What may come of asking a broker: no usable answer, or one that says no. Anything else that is thrown is a mistake of ours. */
export function isFailedRequest(error: unknown): error is ClientError | ServerError | ClusterUnreachableError {
  return error instanceof ClientError || error instanceof ServerError || error instanceof ClusterUnreachableError;
}

/** For a `catch` that can do without the answer. */
export function nullIfFailed(error: unknown): null {
  if (isFailedRequest(error)) return null;
  throw error;
}

/** Throws unless `errorCode` is 0; the plain way for requests whose only good answer is NONE. */
export function throwUnlessNone(errorCode: number, about: string, serverMessage: string | null = null): void {
  if (errorCode !== 0) throw new ServerError(errorCode, about, serverMessage);
}
