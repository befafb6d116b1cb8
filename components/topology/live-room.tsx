// The Live page: sentence, case, event lane, drawer. What the lane and the demo panel are is the page's affair; this
// room only gives them their places and the feed.
'use client';

import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'next-intl';
import { PageFrame } from '#components/shell/page-frame.tsx';
import { useHealthWords } from '#components/shell/health-words.tsx';
import { useCapabilities } from '#components/shell/use-capabilities.ts';
import { EmptyCase } from './empty-case.tsx';
import { Inspector } from './inspector/inspector.tsx';
import { Legend } from './legend.tsx';
import { LiveBadge } from './live-badge.tsx';
import { OffsetRates } from './offset-rates.ts';
import { partitionRows, type PartitionRow } from './partition-rows.ts';
import { PhoneList } from './phone-list.tsx';
import { PoliteNews } from './polite-news.tsx';
import { TableTwin } from './table-twin.tsx';
import { TopologyView, useIsStill } from './topology-view.tsx';
import { Transport } from './transport.tsx';
import { useFeedRevision } from './use-live-feed.ts';
import styles from './live-room.module.css';
import type { LiveFeed } from './live-feed.ts';
import type { LiveView } from './use-live-view.ts';

const tableClockMs = 1_000;

export interface LiveRoomProps {
  readonly feed: LiveFeed;
  readonly view: LiveView;
  /** The event lane under the case. */
  readonly lane: React.ReactNode;
  /** Opens the demo panel; null where this cluster has no demo traffic. */
  readonly onDemo: (() => void) | null;
  readonly demoButton: React.ReactNode;
  /** Stands in the drawer's place while nothing is selected. */
  readonly demoPanel: React.ReactNode;
}

export function LiveRoom({ feed, view, lane, onDemo, demoButton, demoPanel }: LiveRoomProps): React.JSX.Element {
  const revision = useFeedRevision(feed);
  const health = useHealthWords();
  const capabilities = useCapabilities();
  const isTraced = capabilities?.trace.available ?? true;
  const isStill = useIsStill(view);
  useTableClock(feed, view.isTable);
  const rows = usePartitionRows(feed, view, revision);
  const isEmpty = feed.scene.snapshot !== null && ![...feed.scene.state.topics.values()].some((topic) => !topic.isInternal);
  const drawer = view.selection !== null ? <Inspector scene={feed.scene} view={view} rows={rows} /> : demoPanel;
  return (
    <PageFrame
      state={health.state}
      sentence={health.sentence}
      reasons={health.reasons}
      atMs={health.atMs}
      everyMs={null}
      drawer={drawer}
      actions={
        <Transport feed={feed} view={view}>
          {demoButton}
        </Transport>
      }
      badge={<LiveBadge feed={feed} isPaused={view.isPaused} isTraced={isTraced} isStill={isStill || view.isTable} />}
    >
      {view.isTable ? (
        <TableTwin rows={rows} view={view} />
      ) : (
        <TopologyCase feed={feed} view={view} isTraced={isTraced} isStill={isStill} isEmpty={isEmpty} onDemo={onDemo} />
      )}
      {view.isTable ? null : (
        <div className={styles.phone}>
          {isEmpty ? (
            <EmptyCase brokers={feed.scene.state.brokers} onDemo={onDemo} />
          ) : (
            <PhoneList scene={feed.scene} rows={rows} view={view} />
          )}
        </div>
      )}
      {lane}
      <PoliteNews feed={feed} />
    </PageFrame>
  );
}

interface CaseProps {
  readonly feed: LiveFeed;
  readonly view: LiveView;
  readonly isTraced: boolean;
  readonly isStill: boolean;
  readonly isEmpty: boolean;
  readonly onDemo: (() => void) | null;
}

function TopologyCase({ feed, view, isTraced, isStill, isEmpty, onDemo }: CaseProps): React.JSX.Element {
  const t = useTranslations('live');
  return (
    <section className={styles.case} aria-label={t('label')}>
      <TopologyView feed={feed} view={view} isTraced={isTraced} />
      {feed.scene.snapshot === null ? <p className={styles.awaited}>{t('awaited')}</p> : null}
      {isEmpty ? (
        <EmptyCase brokers={feed.scene.state.brokers} onDemo={onDemo} />
      ) : (
        <Legend scene={feed.scene} view={view} isTraced={isTraced} isStill={isStill} />
      )}
    </section>
  );
}

/** Without a stage nobody moves the scene on: facts would pile up, and clock and badge stand still beside live rows. */
function useTableClock(feed: LiveFeed, isTable: boolean): void {
  useEffect(() => {
    if (!isTable) return undefined;
    const timer = setInterval(() => {
      feed.scene.advance(Date.now(), false);
      feed.changed();
    }, tableClockMs);
    return () => clearInterval(timer);
  }, [feed, isTable]);
}

/** Rows follow the figures, once a second; while paused they stand still like the picture. */
function usePartitionRows(feed: LiveFeed, view: LiveView, revision: number): readonly PartitionRow[] {
  const [rates] = useState(() => new OffsetRates());
  const frozen = useRef<readonly PartitionRow[] | null>(null);
  const { snapshot, state } = feed.scene;
  useEffect(() => {
    if (snapshot !== null) rates.take(snapshot);
  }, [rates, snapshot]);
  const rows = useMemo(
    () => partitionRows(state, { showInternal: view.showInternal, rates: rates.rates() }),
    // The scene is mutable: its revision is what says that it changed.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [state, view.showInternal, rates, revision],
  );
  useEffect(() => {
    frozen.current = view.isPaused ? (frozen.current ?? rows) : null;
  }, [view.isPaused, rows]);
  return view.isPaused ? (frozen.current ?? rows) : rows;
}
