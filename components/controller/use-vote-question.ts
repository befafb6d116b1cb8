// Which change of voters is being asked about, in the address.
'use client';

import { parseAsInteger, parseAsStringLiteral, useQueryStates } from 'nuqs';
import type { VoteDeed } from './foresee-vote.ts';

export interface VoteQuestion {
  readonly deed: VoteDeed;
  readonly nodeId: number;
}

export function useVoteQuestion(): readonly [VoteQuestion | null, (question: VoteQuestion | null) => void] {
  const [{ deed, node }, set] = useQueryStates({
    deed: parseAsStringLiteral(['let-vote', 'take-vote'] as const),
    node: parseAsInteger,
  });
  const question = deed === null || node === null ? null : { deed, nodeId: node };
  return [question, (next) => void set({ deed: next?.deed ?? null, node: next?.nodeId ?? null })];
}
