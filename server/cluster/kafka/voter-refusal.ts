// What Kafka answers to a change of voters, as a cause that screens can word. Its own words stay beside it: one code stands
// for several things.

import { ClusterError } from '../cluster-error.ts';
import type { Advice, Trouble } from '../trouble.ts';

export function toVoterRefusal(name: string, serverMessage: string | null, nodeId: number): ClusterError {
  const [trouble, advice] = refusalOf(name, serverMessage ?? '', nodeId);
  return new ClusterError(name, trouble, { advice });
}

function refusalOf(name: string, words: string, node: number): readonly [Trouble, Advice | null] {
  switch (name) {
    case 'REQUEST_TIMED_OUT':
      return [{ kind: 'voters-late', params: { node, words } }, 'try-again'];
    case 'DUPLICATE_VOTER':
      return [{ kind: 'voter-already', params: { node } }, null];
    case 'VOTER_NOT_FOUND':
      return [{ kind: 'no-voter', params: { node } }, null];
    case 'UNSUPPORTED_VERSION':
      return [{ kind: 'voters-configured', params: {} }, 'raise-kraft-version'];
    default:
      return [{ kind: 'refused', params: { name, words } }, null];
  }
}
