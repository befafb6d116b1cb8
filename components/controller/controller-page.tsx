// The metadata quorum: who leads it, who votes, who only follows, and whether a change could be committed now.
'use client';

import { useTranslations } from 'next-intl';
import { PageFrame } from '#components/shell/page-frame.tsx';
import { FactStrip } from '#components/ui/facts.tsx';
import { Unknown } from '#components/ui/figure.tsx';
import { EmptyNotice, ErrorNotice, Note } from '#components/ui/notice.tsx';
import type { State } from '#components/ui/state-shape.tsx';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { QuorumView } from '#server/cluster/quorum-view.ts';
import { isTold, judgeQuorum } from './judge-quorum.ts';
import { QuorumNodes } from './quorum-nodes.tsx';
import { ReplicaTable, ReplicaTableLoading } from './replica-table.tsx';
import { quorumEveryMs, useQuorum, type AskedQuorum } from './use-quorum.ts';
import { useVoteQuestion } from './use-vote-question.ts';
import { useCandidates, useVotersRefusal } from './use-voters.ts';
import { VoteDialog } from './vote-dialog.tsx';

export function ControllerPage(): React.JSX.Element {
  const asked = useQuorum();
  // Ages are told against the moment the answer came, or those of a page that waits would grow by themselves.
  const nowMs = asked.atMs;
  return (
    <PageFrame
      {...useSentence(asked, nowMs)}
      atMs={asked.atMs}
      // Where there is nothing to ask, nothing can grow old.
      everyMs={asked.refusal === null ? quorumEveryMs : null}
      badge={asked.refusal === null ? undefined : <></>}
    >
      <Body asked={asked} nowMs={nowMs} />
    </PageFrame>
  );
}

function useSentence(
  { quorum, refusal, problem }: AskedQuorum,
  nowMs: number,
): { readonly state: State | null; readonly sentence: string; readonly reasons: string | null } {
  const t = useTranslations('controller');
  if (refusal !== null) return { state: null, sentence: t('none'), reasons: t(`why.${refusal}`) };
  if (problem !== null) return { state: 'offline', sentence: t('sentence.silent'), reasons: t('reason.silent') };
  if (quorum === null) return { state: 'unknown', sentence: t('asking'), reasons: null };
  const { verdict, state, following, voters, silent } = judgeQuorum(quorum, nowMs);
  const values = { leader: quorum.leaderId ?? -1, following, voters, epoch: quorum.epoch, names: silent.join(', '), count: silent.length };
  return { state, sentence: t(`sentence.${verdict}`, values), reasons: t(`reason.${verdict}`, values) };
}

function Body({ asked, nowMs }: { readonly asked: AskedQuorum; readonly nowMs: number }): React.JSX.Element {
  const t = useTranslations('controller');
  const { quorum, refusal, problem, retry } = asked;
  if (refusal !== null)
    return (
      <Paper>
        <EmptyNotice title={t('noneTitle')}>{t(`why.${refusal}`)}</EmptyNotice>
      </Paper>
    );
  return (
    <>
      {problem === null ? null : (
        <Paper>
          <ErrorNotice title={t('failed')} problem={problem} onRetry={retry} />
        </Paper>
      )}
      {quorum === null ? <Loading isFailed={problem !== null} /> : <Replicas quorum={quorum} nowMs={nowMs} />}
      <QuorumNodes />
    </>
  );
}

function Loading({ isFailed }: { readonly isFailed: boolean }): React.JSX.Element | null {
  if (isFailed) return null;
  return (
    <Paper>
      <ReplicaTableLoading />
    </Paper>
  );
}

function Replicas({ quorum, nowMs }: { readonly quorum: QuorumView; readonly nowMs: number }): React.JSX.Element {
  const t = useTranslations('controller');
  const refusal = useVotersRefusal(quorum);
  const candidates = useCandidates(quorum);
  const [question, ask] = useVoteQuestion();
  const shared = { quorum, nowMs, candidates };
  return (
    <>
      <Strip quorum={quorum} nowMs={nowMs} />
      <Paper label={t('voters')}>
        <SectionHead title={t('voters')} note={t('votersNote')} />
        <ReplicaTable
          label={t('voters')}
          rows={quorum.voters}
          deed="take-vote"
          onAsk={(nodeId) => ask({ deed: 'take-vote', nodeId })}
          {...shared}
        />
        {refusal === null ? null : <Note>{t(`vote.whyNot.${refusal}`)}</Note>}
      </Paper>
      <Paper label={t('observers')}>
        <SectionHead title={t('observers')} note={t('observersNote')} />
        {quorum.observers.length === 0 ? (
          <Note>{t('noObservers')}</Note>
        ) : (
          <ReplicaTable
            label={t('observers')}
            rows={quorum.observers}
            deed="let-vote"
            onAsk={(nodeId) => ask({ deed: 'let-vote', nodeId })}
            {...shared}
          />
        )}
        {candidates.problem === null ? null : <ErrorNotice title={t('vote.candidatesFailed')} problem={candidates.problem} />}
      </Paper>
      {question === null ? null : <VoteDialog question={question} onClose={() => ask(null)} {...shared} />}
    </>
  );
}

function Strip({ quorum, nowMs }: { readonly quorum: QuorumView; readonly nowMs: number }): React.JSX.Element {
  const t = useTranslations('controller.strip');
  const tc = useTranslations('controller');
  const format = useFormat();
  const { following, voters } = judgeQuorum(quorum, nowMs);
  const lags = [...quorum.voters, ...quorum.observers].filter(isTold).map(({ lag }) => lag);
  return (
    <FactStrip
      facts={[
        {
          name: t('leader'),
          value: quorum.leaderId === null ? t('nobody') : tc('node', { node: quorum.leaderId }),
          note: t('leaderNote'),
        },
        { name: t('epoch'), value: format.count(quorum.epoch), note: t('epochNote') },
        {
          name: t('highWatermark'),
          value: quorum.highWatermark < 0 ? <Unknown size={16} /> : format.count(quorum.highWatermark),
          note: t('highWatermarkNote'),
        },
        {
          name: t('following'),
          value: quorum.leaderId === null ? <Unknown size={16} /> : `${following} / ${voters}`,
          note: t('majority', { majority: Math.floor(voters / 2) + 1 }),
        },
        { name: t('observers'), value: format.count(quorum.observers.length), note: t('observersNote') },
        { name: t('worstLag'), value: lags.length === 0 ? <Unknown size={16} /> : format.count(Math.max(...lags)), note: t('records') },
      ]}
    />
  );
}
