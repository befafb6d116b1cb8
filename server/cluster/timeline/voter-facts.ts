// A change of voters on the timeline, as the console made it: whose vote, who asked, and who votes from then on.

import type { ConsoleWhy, TimelineFact } from './entry.ts';

export interface VoterDeed {
  readonly atMs: number;
  readonly by: string;
  /** Afterwards, ascending; empty: the quorum didn't tell in time. */
  readonly voters: readonly number[];
}

export function voterChanged(
  { nodeId, shallVote }: { readonly nodeId: number; readonly shallVote: boolean },
  { atMs, by, voters }: VoterDeed,
): TimelineFact {
  const names = voters.join(', ');
  const why: ConsoleWhy = { kind: 'voter-deed', params: { by, voters: names } };
  return {
    atMs,
    kind: shallVote ? 'voter-added' : 'voter-removed',
    subject: `node ${nodeId}`,
    cause: names === '' ? `by ${by}` : `by ${by}; ${names} vote`,
    detail: { nodeId, voters, by, why },
  };
}
