// A change that a person asked for, as the screens see it: run it, is it under way, what went wrong. And the way to
// leave the page of a thing that was just deleted, which every such page goes alike.
'use client';

import { notifications } from '@mantine/notifications';
import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import type { Problem } from '#components/ui/notice.tsx';
import { useClusterHref } from './cluster-context.tsx';
import { toProblem } from './problem.ts';

export interface Deed<Input> {
  readonly run: (input: Input) => void;
  readonly isBusy: boolean;
  readonly problem: Problem | null;
  readonly reset: () => void;
}

/** What of a mutation a deed is made of. */
interface Sending<Sent> {
  readonly mutate: (sent: Sent) => void;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly reset: () => void;
}

/** `toSent` adds what the person needn't say, e.g. the cluster. */
export function toDeed<Input, Sent>(sending: Sending<Sent>, toSent: (input: Input) => Sent): Deed<Input> {
  return {
    run: (input) => sending.mutate(toSent(input)),
    isBusy: sending.isPending,
    problem: problemOf(sending.error),
    reset: sending.reset,
  };
}

export function problemOf(error: unknown): Problem | null {
  return error === null || error === undefined ? null : toProblem(error);
}

export interface Farewell {
  readonly title: string;
  readonly message: string;
  /** The list that held the thing; it is read anew. */
  readonly list: QueryKey;
  /** The page of that list. */
  readonly place: string;
}

/** For `onSuccess` of a deletion: says the result, reads the list anew and goes back to it. */
export function useFarewell({ title, message, list, place }: Farewell): () => void {
  const queryClient = useQueryClient();
  const router = useRouter();
  const href = useClusterHref();
  return () => {
    notifications.show({ title, message });
    void queryClient.invalidateQueries({ queryKey: list });
    router.push(href(place));
  };
}
