// Who could vote, and the two deeds: letting a node vote, taking a vote away.
'use client';

import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { useTRPC } from '#components/shell/trpc.ts';
import { useCapabilities } from '#components/shell/use-capabilities.ts';
import { problemOf, toDeed, type Deed } from '#components/shell/use-deed.ts';
import type { Problem } from '#components/ui/notice.tsx';
import type { UnavailableReason } from '#server/cluster/capabilities.ts';
import type { QuorumView } from '#server/cluster/quorum-view.ts';
import type { VoterCandidate } from '#server/cluster/quorum-voters.ts';
import type { VoteDeed } from './foresee-vote.ts';

const candidatesEveryMs = 4_000;

export interface Candidates {
  /** null: not known. */
  readonly candidates: readonly VoterCandidate[] | null;
  readonly problem: Problem | null;
}

/** Why nobody's vote can be changed here; null while it can, or while that isn't known. */
export function useVotersRefusal(quorum: QuorumView | null): UnavailableReason | 'configuration' | 'leaderless' | null {
  const capability = useCapabilities()?.voters ?? null;
  if (capability?.available === false) return capability.reason;
  if (quorum?.votersIn === 'configuration') return 'configuration';
  return quorum?.leaderId === null ? 'leaderless' : null;
}

export function useCandidates(quorum: QuorumView): Candidates {
  const trpc = useTRPC();
  const isServed = useCapabilities()?.voters?.available === true;
  const query = useQuery({
    ...trpc.voters.candidates.queryOptions({ clusterId: useClusterId() }),
    enabled: isServed && quorum.votersIn === 'log' && quorum.leaderId !== null && quorum.observers.length > 0,
    refetchInterval: candidatesEveryMs,
  });
  return { candidates: query.data ?? null, problem: problemOf(query.error) };
}

export function useVote(deed: VoteDeed, onDone: () => void): Deed<number> {
  const t = useTranslations('controller.vote');
  const trpc = useTRPC();
  const clusterId = useClusterId();
  const queryClient = useQueryClient();
  const options = {
    onSuccess: (_nothing: unknown, { nodeId }: { readonly nodeId: number }) => {
      notifications.show({ title: t(`done.${deed}`, { node: nodeId }), message: '' });
      onDone();
    },
    onSettled: () => {
      for (const queryKey of [trpc.cluster.quorum.queryKey(), trpc.cluster.quorumNodes.queryKey(), trpc.voters.candidates.queryKey()])
        void queryClient.invalidateQueries({ queryKey });
    },
  };
  const add = useMutation(trpc.voters.add.mutationOptions(options));
  const remove = useMutation(trpc.voters.remove.mutationOptions(options));
  return toDeed(deed === 'let-vote' ? add : remove, (nodeId: number) => ({ clusterId, nodeId }));
}
