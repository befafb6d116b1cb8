// The client's errors in the port's words, with what a person can do next where that is known.

import { ClientError, ClusterUnreachableError, ServerError, type ClientErrorCode } from '#engine/client/errors.ts';
import { ClusterError, isClusterError } from '../cluster-error.ts';
import type { Advice, LinkTrouble } from '../trouble.ts';

const adviceByName: Readonly<Record<string, Advice>> = {
  TOPIC_ALREADY_EXISTS: 'other-name',
  INVALID_REPLICATION_FACTOR: 'fewer-replicas',
  NON_EMPTY_GROUP: 'stop-consumers',
  MESSAGE_TOO_LARGE: 'send-less',
  TOPIC_DELETION_DISABLED: 'deletion-disabled',
  NOT_ENOUGH_REPLICAS: 'look-at-brokers',
};

export function toClusterError(error: unknown): unknown {
  if (isClusterError(error)) return error;
  if (error instanceof ServerError) return fromServerError(error);
  if (error instanceof ClusterUnreachableError) {
    const options = { advice: 'check-brokers', tries: error.tries, cause: error } as const;
    return new ClusterError('CLUSTER_LOST', { kind: 'no-broker-answers', params: { words: error.message } }, options);
  }
  return error instanceof ClientError ? fromClientError(error) : error;
}

function fromServerError(error: ServerError): ClusterError {
  const { errorName: name, serverMessage } = error;
  const options = { advice: adviceByName[name] ?? null, cause: error };
  return new ClusterError(name, { kind: 'refused', params: { name, words: serverMessage ?? '' } }, options);
}

interface LinkFault {
  readonly kind: LinkTrouble;
  readonly code: string;
  readonly advice: Advice | null;
}

const unavailable = { code: 'UNAVAILABLE', advice: 'try-again' } as const;
const linkFaults: Readonly<Record<ClientErrorCode, LinkFault>> = {
  'timed-out': { kind: 'link-timed-out', code: 'TIMED_OUT', advice: null },
  'unsupported-version': { kind: 'link-versions', code: 'UNSUPPORTED_VERSION', advice: 'versions-apart' },
  'connect-failed': { kind: 'link-connect-failed', ...unavailable, advice: 'advertised-address' },
  disconnected: { kind: 'link-disconnected', ...unavailable },
  closed: { kind: 'link-closed', ...unavailable },
  overloaded: { kind: 'link-overloaded', ...unavailable },
  'no-route': { kind: 'link-no-route', ...unavailable },
  'malformed-response': { kind: 'link-malformed', ...unavailable },
};

function fromClientError(error: ClientError): ClusterError {
  const { kind, code, advice } = linkFaults[error.code];
  return new ClusterError(code, { kind, params: { words: error.message } }, { advice, cause: error });
}
