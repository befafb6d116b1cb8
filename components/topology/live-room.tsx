// The Live page: sentence, case, event lane, drawer. What the lane and the demo panel are is the page's affair; this
// room only gives them their places and the feed.
'use client';

import { useEffect, useMemo, useRef, useState } from 'react';
import { useMediaQuery } from '@mantine/hooks';
import { useTranslations } from 'next-intl';
import { PageFrame } from '#components/shell/page-frame.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { useHealthWords, usePastHealthWords, type HealthWords } from '#components/shell/health-words.tsx';
import { useCapabilities } from '#components/shell/use-capabilities.ts';
import { EmptyCase } from './empty-case.tsx';
import { IdleStrip } from './idle-strip.tsx';
import { Inspector } from './inspector/inspector.tsx';
import { Legend } from './legend.tsx';
import { LiveBadge } from './live-badge.tsx';
import { OffsetRates } from './offset-rates.ts';
import { PastBadge } from './past-badge.tsx';
import { PastNews } from './past-news.tsx';
import { PastNotice } from './past-notice.tsx';
import { partitionRows, type PartitionRow, type RatesByPartition } from './partition-rows.ts';
import { PhoneList } from './phone-list.tsx';
import { PoliteNews } from './polite-news.tsx';
import { TableTwin } from './table-twin.tsx';
import { TopologyView, useIsStill } from './topology-view.tsx';
import { Transport } from './transport.tsx';
import { useFeedRevision } from './use-live-feed.ts';
import styles from './live-room.module.css';
import pastStyles from './past.module.css';
import type { RingedCell } from './election-rings.tsx';
import type { LiveFeed } from './live-feed.ts';
import type { LiveView } from './use-live-view.ts';
import type { Past, PastAnswer, RecordSpan } from './use-past.ts';

const tableClockMs = 1_000;
/** Keyframes of a large cluster may be a minute apart. */
const maxFlowSpanMs = 130_000;

export interface LiveRoomProps {
  readonly feed: LiveFeed;
  readonly view: LiveView;
  /** The moment of the record that is shown instead of now; null: live. */
  readonly past: Past | null;
  readonly span: RecordSpan | null;
  /** The event lane under the case. */
  readonly lane: React.ReactNode;
  /** Stands in the legend's place while an election is told. */
  readonly plaque: React.ReactNode;
  /** Cells that lead since that election. */
  readonly rings: readonly RingedCell[];
  /** Opens the demo panel; null where this cluster has no demo traffic. */
  readonly onDemo: (() => void) | null;
  readonly demoButton: React.ReactNode;
  /** Stands in the drawer's place while nothing is selected. */
  readonly demoPanel: React.ReactNode;
}

export function LiveRoom(props: LiveRoomProps): React.JSX.Element {
  const { feed: live, view, past, span, lane, onDemo, demoButton, demoPanel } = props;
  const feed = past?.feed ?? live;
  const revision = useFeedRevision(feed);
  const health = useHealthWords();
  const pastHealth = usePastHealth(past);
  const unknown = usePastUnknown(past);
  const words = past === null ? health : (pastHealth ?? { ...health, state: 'unknown' as const, sentence: unknown, reasons: null });
  const capabilities = useCapabilities();
  const isTraced = capabilities?.trace.available ?? true;
  const isStill = useIsStill(view);
  useTableClock(live, view.isTable || past !== null);
  const isPhone = useMediaQuery('(max-width: 700px)') === true;
  const rows = usePartitionRows(feed, view, { revision, past, isPhone });
  const isEmpty =
    feed.scene.snapshot !== null && !lacksTopics(past) && ![...feed.scene.state.topics.values()].some((topic) => !topic.isInternal);
  const drawer = view.selection !== null ? <Inspector scene={feed.scene} view={view} rows={rows} /> : demoPanel;
  return (
    <PageFrame
      state={words.state}
      sentence={words.sentence}
      reasons={words.reasons}
      atMs={words.atMs}
      everyMs={null}
      drawer={drawer}
      actions={
        <Transport feed={live} view={view} past={past} span={span}>
          {demoButton}
        </Transport>
      }
      badge={
        past === null ? (
          <LiveBadge feed={live} isPaused={view.isPaused} isTraced={isTraced} isStill={isStill || view.isTable} />
        ) : (
          <PastBadge past={past} />
        )
      }
    >
      {view.isTable && past !== null && past.answer?.kind !== 'picture' ? (
        <PastNotice past={past} view={view} isInline />
      ) : view.isTable ? (
        <TableTwin rows={rows} view={view} />
      ) : (
        <TopologyCase {...props} feed={feed} isTraced={isTraced && past === null} isStill={isStill} isEmpty={isEmpty} />
      )}
      {view.isTable || !isPhone ? null : (
        <div className={styles.phone}>
          {past === null ? null : <PastNotice past={past} view={view} isInline />}
          {past !== null && past.answer?.kind !== 'picture' ? null : isEmpty ? (
            <EmptyCase brokers={feed.scene.state.brokers} onDemo={past === null ? onDemo : null} />
          ) : (
            <PhoneList scene={feed.scene} rows={rows} view={view} />
          )}
        </div>
      )}
      {lane}
      {past === null ? <PoliteNews feed={live} /> : props.plaque === null ? <PastNews atMs={past.atMs} sentence={words.sentence} /> : null}
    </PageFrame>
  );
}

/** A picture that lacks what was there is not one of an empty cluster. */
function lacksTopics(past: Past | null): boolean {
  return past?.answer?.kind === 'picture' && past.answer.missing.topics.length > 0;
}

function usePastHealth(past: Past | null): HealthWords | null {
  const answer = past?.answer ?? null;
  return usePastHealthWords(
    answer?.kind === 'picture' ? { health: answer.health, overview: answer.picture.overview, atMs: answer.atMs } : null,
  );
}

/** The sentence while the record has no picture to make one of. */
function usePastUnknown(past: Past | null): string {
  const t = useTranslations('live.past');
  const format = useFormat();
  if (past === null) return '';
  if (past.problem !== null) return t('failed');
  const time = format.clock(past.atMs);
  return past.answer?.kind === 'unrecorded' ? t('unrecorded', { time }) : t('awaited', { time });
}

interface CaseProps extends Omit<LiveRoomProps, 'demoButton' | 'demoPanel' | 'lane' | 'span'> {
  readonly isTraced: boolean;
  readonly isStill: boolean;
  readonly isEmpty: boolean;
}

function TopologyCase({ feed, view, past, plaque, rings, isTraced, isStill, isEmpty, onDemo }: CaseProps): React.JSX.Element {
  const t = useTranslations('live');
  return (
    <section className={styles.case} aria-label={t('label')} aria-busy={past?.isLoading || undefined}>
      <TopologyView
        key={past === null ? 'live' : 'past'}
        feed={feed}
        view={view}
        isTraced={isTraced}
        isTold={plaque !== null}
        rings={rings}
      />
      <IdleStrip folded={feed.scene.structure.folded} view={view} />
      {past === null ? null : <PastNotice past={past} view={view} />}
      {past === null && feed.scene.snapshot === null ? <p className={styles.awaited}>{t('awaited')}</p> : null}
      {isEmpty ? (
        <EmptyCase brokers={feed.scene.state.brokers} onDemo={past === null ? onDemo : null} />
      ) : (
        <div className={pastStyles.slot} data-told={plaque !== null || undefined}>
          <Legend scene={feed.scene} view={view} isTraced={isTraced} isStill={isStill} />
          {plaque}
        </div>
      )}
    </section>
  );
}

/** Without a stage nobody moves the scene on: facts would pile up, and clock and badge stand still beside live rows. */
function useTableClock(feed: LiveFeed, isStageless: boolean): void {
  useEffect(() => {
    if (!isStageless) return undefined;
    const timer = setInterval(() => {
      feed.scene.advance(Date.now(), false);
      feed.changed();
    }, tableClockMs);
    return () => clearInterval(timer);
  }, [feed, isStageless]);
}

/** Rows follow the figures, once a second; while paused they stand still like the picture. */
function usePartitionRows(
  feed: LiveFeed,
  view: LiveView,
  { revision, past, isPhone }: { readonly revision: number; readonly past: Past | null; readonly isPhone: boolean },
): readonly PartitionRow[] {
  const [liveRates] = useState(() => new OffsetRates());
  const frozen = useRef<readonly PartitionRow[] | null>(null);
  const { snapshot, state } = feed.scene;
  const answer = past?.answer ?? null;
  useEffect(() => {
    if (snapshot !== null && past === null) liveRates.take(snapshot);
  }, [liveRates, snapshot, past]);
  const isWhole = view.isTable || isPhone;
  const topic = view.selection?.kind === 'partition' ? view.selection.topic : null;
  const rows = useMemo(
    () => {
      // Neither the picture nor the drawers of other things have rows; a partition's drawer has those of its topic.
      if (!isWhole && topic === null) return [];
      const rates = answer === null ? liveRates.rates() : pastRates(answer);
      return partitionRows(state, {
        showInternal: view.showInternal,
        rates,
        topic: isWhole ? null : topic,
        hasCells: !view.isTable || topic !== null,
      });
    },
    // The scene is mutable: its revision is what says that it changed.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [state, view.showInternal, view.isTable, isWhole, topic, liveRates, answer, revision],
  );
  const isFrozen = view.isPaused && past === null;
  useEffect(() => {
    frozen.current = isFrozen ? (frozen.current ?? rows) : null;
  }, [isFrozen, rows]);
  return isFrozen ? (frozen.current ?? rows) : rows;
}

/** Between the two keyframes that the moment's flows are measured from. */
function pastRates(answer: PastAnswer): RatesByPartition {
  const rates = new OffsetRates(maxFlowSpanMs);
  if (answer.kind === 'picture' && answer.before !== null) {
    rates.take(answer.before);
    rates.take({ ...answer.picture, atMs: answer.keyframeMs });
  }
  return rates.rates();
}
