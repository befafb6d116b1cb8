// The client's errors in the port's words, with what a person can do next where that is known.

import { ClientError, ClusterUnreachableError, ServerError } from '#engine/client/errors.ts';
import { ClusterError, isClusterError } from '../cluster-error.ts';

const adviceByName: Readonly<Record<string, string>> = {
  TOPIC_ALREADY_EXISTS: 'Choose another name.',
  INVALID_REPLICATION_FACTOR: 'Use at most as many replicas as there are brokers.',
  NON_EMPTY_GROUP: 'Stop its consumers first.',
  MESSAGE_TOO_LARGE: 'Raise max.message.bytes of the topic, or send less.',
  TOPIC_DELETION_DISABLED: 'The brokers run with delete.topic.enable=false.',
  NOT_ENOUGH_REPLICAS: 'Fewer replicas are in sync than min.insync.replicas asks for: look at the brokers.',
};

export function toClusterError(error: unknown): unknown {
  if (isClusterError(error)) return error;
  if (error instanceof ServerError) {
    return new ClusterError(error.errorName, error.message, { advice: adviceByName[error.errorName] ?? null, cause: error });
  }
  if (error instanceof ClusterUnreachableError) {
    const advice = 'Check that the brokers run and that these addresses can be reached from this machine.';
    return new ClusterError('CLUSTER_LOST', error.message, { advice, tries: error.tries, cause: error });
  }
  return error instanceof ClientError ? fromClientError(error) : error;
}

function fromClientError(error: ClientError): ClusterError {
  switch (error.code) {
    case 'timed-out':
      return new ClusterError('TIMED_OUT', error.message, { cause: error });
    case 'unsupported-version':
      return new ClusterError('UNSUPPORTED_VERSION', error.message, {
        advice: "This cluster's brokers are too old, or too new, for this.",
        cause: error,
      });
    case 'connect-failed':
    case 'disconnected':
    case 'closed':
    case 'overloaded':
    case 'no-route':
    case 'malformed-response':
      return new ClusterError('UNAVAILABLE', error.message, { advice: 'Try again in a moment.', cause: error });
  }
}
