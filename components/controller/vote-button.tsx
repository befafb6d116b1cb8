// The deed in a row of the quorum: letting an observer vote, or taking a voter's vote away. What can't be done is dashed, and
// says why.
'use client';

import { useTranslations } from 'next-intl';
import { Action } from '#components/ui/action.tsx';
import type { QuorumReplica, QuorumView } from '#server/cluster/quorum-view.ts';
import type { VoteDeed } from './foresee-vote.ts';
import { useVotersRefusal, type Candidates } from './use-voters.ts';

export interface VoteButtonProps {
  readonly deed: VoteDeed;
  readonly replica: QuorumReplica;
  readonly quorum: QuorumView;
  readonly candidates: Candidates;
  readonly onAsk: (nodeId: number) => void;
}

type Obstacle = 'last' | 'otherDisk' | 'staleDisk' | 'asking' | 'unknown' | 'brokerOnly';

export function VoteButton({ deed, replica, quorum, candidates, onAsk }: VoteButtonProps): React.JSX.Element {
  const t = useTranslations('controller.vote');
  const refusal = useVotersRefusal(quorum) ?? obstacleOf({ deed, replica, quorum, candidates });
  return (
    <Action
      onClick={() => onAsk(replica.nodeId)}
      disabled={refusal !== null}
      title={refusal === null ? undefined : t(`whyNot.${refusal}`)}
      aria-label={t(`ofNode.${deed}`, { node: replica.nodeId })}
    >
      {t(`do.${deed}`)}
    </Action>
  );
}

function obstacleOf({ deed, replica, quorum, candidates }: Omit<VoteButtonProps, 'onAsk'>): Obstacle | null {
  if (deed === 'take-vote') return quorum.voters.length === 1 ? 'last' : null;
  if (quorum.voters.some(({ nodeId }) => nodeId === replica.nodeId)) return 'otherDisk';
  if (candidates.candidates === null) return candidates.problem === null ? 'asking' : 'unknown';
  const candidate = candidates.candidates.find(({ nodeId }) => nodeId === replica.nodeId);
  if (candidate === undefined) return 'brokerOnly';
  return candidate.directoryId === replica.directoryId ? null : 'staleDisk';
}
