// Pause and go on. Pausing stops the drawing, never the cluster; going on jumps to now.
'use client';

import { Pause, Play, Table2, Waypoints } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useFormat } from '#components/ui/use-format.ts';
import styles from './transport.module.css';
import type { LiveFeed } from './live-feed.ts';
import type { LiveView } from './use-live-view.ts';

export function Transport({
  feed,
  view,
  children,
}: {
  readonly feed: LiveFeed;
  readonly view: LiveView;
  readonly children?: React.ReactNode;
}): React.JSX.Element {
  const t = useTranslations('live.transport');
  const format = useFormat();
  return (
    <div className={styles.transport}>
      <button
        type="button"
        className={styles.play}
        aria-pressed={view.isPaused}
        aria-label={view.isPaused ? t('resume') : t('pause')}
        title={view.isPaused ? t('resume') : t('pause')}
        onClick={() => view.setPaused(!view.isPaused)}
      >
        {view.isPaused ? <Play size={16} strokeWidth={2.2} /> : <Pause size={16} strokeWidth={2.2} />}
      </button>
      <time className={styles.clock}>{feed.scene.shownMs === 0 ? '' : t('clock', { time: format.clock(feed.scene.shownMs) })}</time>
      <button type="button" className={styles.switchView} aria-pressed={view.isTable} onClick={() => view.setTable(!view.isTable)}>
        {view.isTable ? <Waypoints size={15} /> : <Table2 size={15} />}
        {view.isTable ? t('picture') : t('table')}
      </button>
      {children}
    </div>
  );
}
