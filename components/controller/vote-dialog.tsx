// The question before a vote is given or taken: which node, what the majority is before and after, and the call that is made.
// The address holds the question, so that it can be sent to somebody; it stands only as long as the node is in its place.
'use client';

import { useTranslations } from 'next-intl';
import { Confirm } from '#components/ui/dialog.tsx';
import { Caution, CodeBlock } from '#components/ui/notice.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { QuorumView } from '#server/cluster/quorum-view.ts';
import styles from './controller.module.css';
import { foreseeVote, type Foresight, type VoteDeed } from './foresee-vote.ts';
import type { VoteQuestion } from './use-vote-question.ts';
import { useVote, useVotersRefusal, type Candidates } from './use-voters.ts';

export interface VoteDialogProps {
  readonly question: VoteQuestion;
  readonly quorum: QuorumView;
  readonly candidates: Candidates;
  readonly nowMs: number;
  readonly onClose: () => void;
}

export function VoteDialog({ question, quorum, candidates, nowMs, onClose }: VoteDialogProps): React.JSX.Element | null {
  const t = useTranslations('controller.vote');
  const { deed, nodeId } = question;
  const vote = useVote(deed, onClose);
  const refusal = useVotersRefusal(quorum);
  const directoryId = directoryOf(question, quorum, candidates);
  if (refusal !== null || directoryId === null) return null;
  const foresight = foreseeVote(quorum, { deed, nodeId, nowMs });
  const address = candidates.candidates?.find((one) => one.nodeId === nodeId)?.address ?? '';
  return (
    <Confirm
      title={t(`title.${deed}`, { node: nodeId })}
      isOpen
      onClose={onClose}
      deed={t(`deed.${deed}`, { node: nodeId })}
      keep={t('keep')}
      onConfirm={() => vote.run(nodeId)}
      isBusy={vote.isBusy || foresight.outlook === 'stalls'}
      problem={vote.problem}
      failed={t(`failed.${deed}`, { node: nodeId })}
    >
      <p>{t(`text.${deed}`, { node: nodeId })}</p>
      <BeforeAndAfter foresight={foresight} />
      <Consequences deed={deed} nodeId={nodeId} foresight={foresight} />
      <CodeBlock>{t(`call.${deed}`, { node: nodeId, directory: directoryId, address })}</CodeBlock>
      <p role="status">{vote.isBusy ? t('busy') : ''}</p>
    </Confirm>
  );
}

/** null: the node isn't where the question has it, e.g. because it votes by now. */
function directoryOf({ deed, nodeId }: VoteQuestion, { voters }: QuorumView, { candidates }: Candidates): string | null {
  const voter = voters.find((one) => one.nodeId === nodeId);
  if (deed === 'take-vote') return voters.length === 1 ? null : (voter?.directoryId ?? null);
  return voter === undefined ? (candidates?.find((one) => one.nodeId === nodeId)?.directoryId ?? null) : null;
}

function BeforeAndAfter({ foresight: { before, after } }: { readonly foresight: Foresight }): React.JSX.Element {
  const t = useTranslations('controller.vote');
  const format = useFormat();
  const rows = [
    { name: t('voters'), of: (one: typeof before) => one.voters.join(', ') },
    { name: t('majority'), of: (one: typeof before) => format.count(one.majority) },
    { name: t('mayFail'), of: (one: typeof before) => format.count(one.mayFail) },
  ];
  return (
    <table className={styles.change} aria-label={t('change')}>
      <thead>
        <tr>
          <td />
          <th scope="col">{t('now')}</th>
          <th scope="col">{t('then')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, of }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{of(before)}</td>
            <td>
              <b>{of(after)}</b>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const cautious: ReadonlySet<Foresight['outlook']> = new Set(['stalls', 'alone', 'pair']);

function Consequences({
  deed,
  nodeId,
  foresight,
}: {
  readonly deed: VoteDeed;
  readonly nodeId: number;
  readonly foresight: Foresight;
}): React.JSX.Element {
  const t = useTranslations('controller.vote');
  const { outlook, after, followingAfter, isLeader, isSilent } = foresight;
  const values = { voters: after.voters.length, majority: after.majority, mayFail: after.mayFail, following: followingAfter };
  const words = outlook === 'same' ? t(`same.${deed}`, values) : t(`outlook.${outlook}`, values);
  const isTaken = deed === 'take-vote';
  return (
    <>
      {cautious.has(outlook) ? <Caution>{words}</Caution> : <p>{words}</p>}
      {isTaken && isLeader ? <p>{t('handsOver', { node: nodeId })}</p> : null}
      {isTaken && isSilent ? <p>{t('silent', { node: nodeId })}</p> : null}
    </>
  );
}
