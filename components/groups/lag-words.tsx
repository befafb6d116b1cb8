// How a group reads, in words: its lag status, how old its oldest unread record is, and what a committed offset says that
// no number can.
'use client';

import { useTranslations } from 'next-intl';
import { Unknown } from '#components/ui/figure.tsx';
import { StateShape } from '#components/ui/state-shape.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { LagJudgement } from '#server/cluster/port.ts';
import { verdictState, verdictWord } from './group-view.ts';
import styles from './groups.module.css';

export function LagStatus({ judgement }: { readonly judgement: LagJudgement | null }): React.JSX.Element {
  const t = useTranslations('groups');
  const word = verdictWord(judgement);
  return (
    <span className={styles.verdict} title={t(`verdictMeans.${word}`)}>
      <StateShape state={verdictState(judgement)} size={11} />
      {t(`verdict.${word}`)}
    </span>
  );
}

export function TimeLag({ judgement }: { readonly judgement: LagJudgement | null }): React.JSX.Element {
  const t = useTranslations('groups');
  const format = useFormat();
  const timeLag = judgement?.timeLag ?? null;
  if (timeLag === null) return <Unknown reason={t(`verdictMeans.${judgement === null ? 'none' : 'unjudged'}`)} />;
  const age = format.duration(timeLag.ms);
  return <>{timeLag.isAtLeast ? t('timeLagAtLeast', { age }) : t('timeLag', { age })}</>;
}
