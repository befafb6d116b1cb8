// What stopped a job, as data that outlives it.

import { adviceOf, ClusterError, isClusterError, toldTrouble } from '#server/cluster/cluster-error.ts';
import type { ReplayError } from './replay-model.ts';

export function toReplayError(error: unknown): ReplayError {
  if (isClusterError(error)) return { code: error.code, message: error.message, advice: adviceOf(error), told: toldTrouble(error) };
  return toReplayError(new ClusterError('UNKNOWN_SERVER_ERROR', { kind: 'unexpected', params: { words: messageOf(error) } }));
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
