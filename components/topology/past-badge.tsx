// The truth badge of a moment of the record: recorded, and how true the picture is of that moment.
'use client';

import { useTranslations } from 'next-intl';
import { TruthBadge } from '#components/ui/truth-badge.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { Past } from './use-past.ts';

export function PastBadge({ past }: { readonly past: Past }): React.JSX.Element {
  const t = useTranslations('live.past');
  const format = useFormat();
  const { answer } = past;
  const detail = (): string => {
    if (past.problem !== null) return t('badge.failed');
    if (past.isLoading || answer === null) return t('badge.loading');
    if (answer.kind === 'unrecorded') return t('badge.nothing');
    return answer.isHeard ? t('badge.at', { time: format.clock(answer.atMs) }) : t('badge.asOf', { time: format.clock(answer.keyframeMs) });
  };
  const isOld = answer?.kind === 'picture' && !answer.isHeard;
  return <TruthBadge kind={isOld ? 'stale' : 'recorded'} word={t('recorded')} detail={detail()} wide />;
}
