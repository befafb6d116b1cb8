// How the page of one thing stands on its answers. "It is not there" is an answer and is told apart from "nobody answers": the
// first takes the thing's figures off the page, the second leaves them with the time they were read. A thing that was
// deleted and made anew under its name is another thing, and is named as such.
'use client';

import { useState } from 'react';
import type { Problem } from '#components/ui/notice.tsx';
import { isContactLost, isNotFound } from './problem.ts';
import { problemOf } from './use-deed.ts';

/** What of a query a page stands on. */
export interface Asking<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly dataUpdatedAt: number;
  readonly errorUpdatedAt: number;
  readonly refetch: () => unknown;
}

export interface Subject<Data> {
  /** null before the first answer, and of a thing that is not there. */
  readonly data: Data | null;
  readonly problem: Problem | null;
  /** The cluster answers, and knows no such thing. */
  readonly isGone: boolean;
  /** When it was last seen, of a thing that is gone after it had been there; else null. */
  readonly seenAtMs: number | null;
  /** When this page met another thing of the same name than the one it first showed; else null. */
  readonly renewedAtMs: number | null;
  /** When what the page says was answered. */
  readonly atMs: number;
  readonly retry: () => void;
}

/** `idOf` tells two things of one name apart; null where the cluster doesn't. */
export function useSubject<Data>(query: Asking<Data>, idOf: (data: Data) => string | null = () => null): Subject<Data> {
  const renewedAtMs = useRenewal(query, idOf);
  const isGone = isNotFound(query.error);
  const seen = query.data === undefined ? null : query.dataUpdatedAt;
  // A refusal is an answer too, unless older figures stay on the page: then it is they that the stamp is about.
  const isRefusal = query.error != null && !isContactLost(query.error) && (isGone || query.data === undefined);
  return {
    data: isGone ? null : (query.data ?? null),
    problem: problemOf(query.error),
    isGone,
    seenAtMs: isGone ? seen : null,
    renewedAtMs: isGone ? null : renewedAtMs,
    atMs: isRefusal ? query.errorUpdatedAt : query.dataUpdatedAt,
    retry: () => void query.refetch(),
  };
}

function useRenewal<Data>({ data, dataUpdatedAt }: Asking<Data>, idOf: (data: Data) => string | null): number | null {
  const [met, setMet] = useState<{ readonly id: string | null; readonly renewedAtMs: number | null }>({ id: null, renewedAtMs: null });
  const id = data === undefined ? null : idOf(data);
  if (id === null || id === met.id) return met.renewedAtMs;
  const renewedAtMs = met.id === null ? null : dataUpdatedAt;
  setMet({ id, renewedAtMs });
  return renewedAtMs;
}

/** The stamp of a page that stands on several answers is the oldest one's; what was never answered has no say. */
export function oldestOf(...atMs: readonly number[]): number {
  const answered = atMs.filter((ms) => ms > 0);
  return answered.length === 0 ? 0 : Math.min(...answered);
}
