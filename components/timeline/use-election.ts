// The election to tell beside the picture, if there is one at this moment and nobody has put it away.
'use client';

import { useMemo, useState } from 'react';
import { electionAt, electionsOf, newLeadersAt, type Election } from './election.ts';
import type { LaneEvent } from './lane-model.ts';

export interface ToldElection {
  readonly election: Election | null;
  readonly rings: ReturnType<typeof newLeadersAt>;
  readonly close: () => void;
}

export function useElection(events: readonly LaneEvent[], at: { readonly atMs: number | null; readonly nowMs: number }): ToldElection {
  const elections = useMemo(() => electionsOf(events), [events]);
  const [closed, setClosed] = useState<string | null>(null);
  const found = electionAt(elections, at);
  const key = found === null ? null : `${found.brokerId} ${found.startMs}`;
  const election = key === closed ? null : found;
  const rings = useMemo(() => (election === null ? [] : newLeadersAt(election, at.atMs ?? Infinity)), [election, at.atMs]);
  return { election, rings, close: () => setClosed(key) };
}
