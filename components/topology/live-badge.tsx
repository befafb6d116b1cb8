// The truth badge of the live picture: is it live, how many records is a dot, how old is it if it isn't.
'use client';

import { useTranslations } from 'next-intl';
import { TruthBadge } from '#components/ui/truth-badge.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { useNow } from '#components/shell/use-now.ts';
import type { LiveFeed } from './live-feed.ts';

/** The stream speaks at least once a second; silence for three is staleness. */
const staleAfterMs = 4_000;

export interface LiveBadgeProps {
  readonly feed: LiveFeed;
  readonly isPaused: boolean;
  readonly isTraced: boolean;
  readonly isStill: boolean;
}

export function LiveBadge({ feed, isPaused, isTraced, isStill }: LiveBadgeProps): React.JSX.Element {
  const t = useTranslations('live.badge');
  const truth = useTranslations('shell.truth');
  const format = useFormat();
  const now = useNow();
  const { scene } = feed;
  const heardMs = feed.lastBatchMs;
  // Before the first word of the cluster nothing is known to be live.
  if (heardMs === 0 || now === null) return <TruthBadge kind="stale" word={truth('asking')} detail={truth('waiting')} wide />;
  const isLost = feed.reachability !== null && !feed.reachability.isReachable;
  if (isLost || now - heardMs > staleAfterMs)
    return (
      <TruthBadge
        kind="stale"
        word={t('stale')}
        detail={t('asOf', { time: format.clock(isLost ? feed.reachability.sinceMs : heardMs) })}
        wide
      />
    );
  if (isPaused)
    return (
      <TruthBadge
        kind="paused"
        word={t('paused')}
        detail={isTraced ? t('since', { count: format.count(scene.pausedRecords) }) : t('asOf', { time: format.clock(scene.shownMs) })}
        wide
      />
    );
  return <TruthBadge kind="live" word={t('live')} detail={detail()} wide />;

  function detail(): string {
    if (!isTraced) return t('measured');
    if (scene.ledger.records === 0) return t('noRecords');
    return isStill || (scene.layout?.map ?? null) !== null
      ? t('still')
      : t('ratio', { count: format.count(scene.ratio), ratio: scene.ratio });
  }
}
