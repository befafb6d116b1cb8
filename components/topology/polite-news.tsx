// One polite line for screen readers: what changed in the cluster, at most one sentence in five seconds, and
// never the traffic itself.
'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { newsOf, type News } from './news.ts';
import styles from '#components/ui/sr.module.css';
import type { LiveFeed } from './live-feed.ts';

const quietMs = 5_000;

export function PoliteNews({ feed }: { readonly feed: LiveFeed }): React.JSX.Element {
  const t = useTranslations('live.news');
  const [news, setNews] = useState<News | null>(null);
  const pending = useRef<News | null>(null);
  useEffect(() => {
    let spokenMs = 0;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const speak = (): void => {
      timer = null;
      spokenMs = Date.now();
      setNews(pending.current);
      pending.current = null;
    };
    const stop = feed.onFacts((events) => {
      pending.current = newsOf(events, pending.current);
      if (pending.current === null || timer !== null) return;
      timer = setTimeout(speak, Math.max(300, quietMs - (Date.now() - spokenMs)));
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [feed]);
  return (
    <p className={styles.sr} aria-live="polite">
      {news === null
        ? ''
        : news.brokerId === null
          ? t('leaders', { count: news.leadersMoved })
          : t(news.kind, { broker: news.brokerId, count: news.leadersMoved })}
    </p>
  );
}
