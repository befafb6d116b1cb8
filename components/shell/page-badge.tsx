// The truth badge of an ordinary page: live with the age of its data, recorded for what was read once, stale
// when three refreshes have passed without an answer.
'use client';

import { useTranslations } from 'next-intl';
import { TruthBadge } from '#components/ui/truth-badge.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { useNow } from './use-now.ts';

export interface PageBadgeProps {
  readonly atMs: number;
  readonly everyMs: number | null;
  readonly isStale?: boolean;
}

const staleAfterRefreshes = 3;
/** Milliseconds of age are noise: they would only make the badge flicker. */
const nowMs = 1_000;

export function PageBadge({ atMs, everyMs, isStale = false }: PageBadgeProps): React.JSX.Element {
  const t = useTranslations('shell.truth');
  const format = useFormat();
  const now = useNow();
  // Before the first answer nothing is known to be live: the dashed ring says so.
  if (atMs === 0 || now === null) return <TruthBadge kind="stale" word={t(isStale ? 'stale' : 'asking')} detail={t('waiting')} />;
  if (isStale || isOld(now - atMs, everyMs))
    return <TruthBadge kind="stale" word={t('stale')} detail={t('asOf', { time: format.moment(atMs) })} />;
  if (everyMs === null) return <TruthBadge kind="recorded" word={t('recorded')} detail={format.moment(atMs)} />;
  return (
    <TruthBadge kind="live" word={t('live')} detail={now - atMs < nowMs ? t('now') : t('age', { age: format.duration(now - atMs) })} />
  );
}

export function isOld(ageMs: number, everyMs: number | null): boolean {
  return everyMs !== null && ageMs > Math.max(everyMs, 1000) * staleAfterRefreshes;
}
