// Tells an election at a pace one can read: it is over in a fraction of a second, its four steps are told one after the
// other. Only the words are paced. The picture beside them is live, or of the step's own moment, and its badge says which.
'use client';

import { useEffect, useState } from 'react';
import { stepAt, toldSteps, type Election } from './election.ts';

const paceMs = 2_600;

export interface Telling {
  /** The step told now. */
  readonly step: number;
  /** Where back and next lead; null: nowhere. */
  readonly previous: number | null;
  readonly next: number | null;
  /** Whether the steps come by themselves. */
  readonly isPaced: boolean;
  readonly hold: (step: number) => void;
}

/** @param atMs the moment of the record that is shown; null: now */
export function useTelling(election: Election, atMs: number | null): Telling {
  const key = `${election.brokerId} ${election.startMs}`;
  const [told, setTold] = useState({ key, step: 0, isHeld: false });
  const own = told.key === key ? told : { key, step: 0, isHeld: false };
  const steps = toldSteps(election);
  const last = steps.at(-1) ?? 0;
  const isPaced = atMs === null && !own.isHeld;
  const current = atMs === null ? Math.min(own.step, Math.max(0, last)) : Math.max(0, stepAt(election, atMs));
  const next = steps.find((step) => step > current) ?? null;
  // The page is drawn anew every second: the pace hangs on what is told, not on how often it is drawn.
  useEffect(() => {
    if (!isPaced || next === null) return undefined;
    const timer = setTimeout(() => setTold({ key, step: next, isHeld: false }), paceMs);
    return () => clearTimeout(timer);
  }, [isPaced, next, key]);
  return {
    step: current,
    previous: steps.findLast((step) => step < current) ?? null,
    next,
    isPaced,
    hold: (step) => setTold({ key, step, isHeld: true }),
  };
}
