// How a problem is put into words. Whoever knows what can go wrong (the shell) gives the words to everything below it;
// without such a one, a problem is shown as it was told.
'use client';

import { createContext, useContext } from 'react';
import type { Problem } from './notice.tsx';

export interface ProblemSaid {
  readonly message: string;
  readonly advice: string | null;
}

export type ProblemWords = (problem: Problem) => ProblemSaid;

export const ProblemWordsContext = createContext<ProblemWords>(({ message, advice }) => ({ message, advice }));

export function useProblemWords(): ProblemWords {
  return useContext(ProblemWordsContext);
}
