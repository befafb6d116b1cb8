// Pause and go on, step from event to event, scrub, jump to live. Pausing stops the drawing, never the cluster; going on
// jumps to now. In the record the same button lets it run on from the moment shown.
'use client';

import { Pause, Play, SkipForward, StepBack, StepForward, Table2, Waypoints } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useFormat } from '#components/ui/use-format.ts';
import { Scrub } from './scrub.tsx';
import { usePlaying, type Past, type RecordSpan } from './use-past.ts';
import styles from './transport.module.css';
import type { LiveFeed } from './live-feed.ts';
import type { LiveView } from './use-live-view.ts';

export interface TransportProps {
  readonly feed: LiveFeed;
  readonly view: LiveView;
  readonly past: Past | null;
  readonly span: RecordSpan | null;
  readonly children?: React.ReactNode;
}

export function Transport({ feed, view, past, span, children }: TransportProps): React.JSX.Element {
  const t = useTranslations('live.transport');
  const format = useFormat();
  const [isRunning, setRunning] = useState(false);
  usePlaying(past, { isOn: isRunning && past !== null, goTo: view.goTo });
  const shownMs = past?.atMs ?? feed.scene.shownMs;
  const goTo = (atMs: number | null): void => {
    setRunning(false);
    view.goTo(atMs);
  };
  const picture = past?.answer?.kind === 'picture' ? past.answer : null;
  const previousMs = past === null ? (span?.lastEventMs ?? null) : (picture?.previousMs ?? null);
  return (
    <div className={styles.transport}>
      <Step kind="previous" toMs={previousMs} onStep={goTo} />
      {past === null ? <PauseButton view={view} /> : <RunButton isRunning={isRunning} onRun={setRunning} />}
      <Step kind="next" toMs={picture?.nextMs ?? null} onStep={goTo} />
      {span === null ? null : <Scrub span={span} atMs={past?.atMs ?? null} onMoment={goTo} />}
      <time className={styles.clock}>{shownMs === 0 ? '' : t('clock', { time: format.clock(shownMs) })}</time>
      <button type="button" className={styles.toLive} disabled={past === null} onClick={() => goTo(null)}>
        <SkipForward size={15} />
        {t('live')}
      </button>
      <button type="button" className={styles.switchView} aria-pressed={view.isTable} onClick={() => view.setTable(!view.isTable)}>
        {view.isTable ? <Waypoints size={15} /> : <Table2 size={15} />}
        {view.isTable ? t('picture') : t('table')}
      </button>
      {children}
    </div>
  );
}

function PauseButton({ view }: { readonly view: LiveView }): React.JSX.Element {
  const t = useTranslations('live.transport');
  const word = view.isPaused ? t('resume') : t('pause');
  return (
    <button
      type="button"
      className={styles.play}
      aria-pressed={view.isPaused}
      aria-label={word}
      title={word}
      onClick={() => view.setPaused(!view.isPaused)}
    >
      {view.isPaused ? <Play size={16} strokeWidth={2.2} /> : <Pause size={16} strokeWidth={2.2} />}
    </button>
  );
}

function RunButton({ isRunning, onRun }: { readonly isRunning: boolean; readonly onRun: (isOn: boolean) => void }): React.JSX.Element {
  const t = useTranslations('live.transport');
  const word = isRunning ? t('hold') : t('run');
  return (
    <button type="button" className={styles.play} aria-pressed={isRunning} aria-label={word} title={word} onClick={() => onRun(!isRunning)}>
      {isRunning ? <Pause size={16} strokeWidth={2.2} /> : <Play size={16} strokeWidth={2.2} />}
    </button>
  );
}

interface StepProps {
  readonly kind: 'previous' | 'next';
  readonly toMs: number | null;
  readonly onStep: (atMs: number) => void;
}

function Step({ kind, toMs, onStep }: StepProps): React.JSX.Element {
  const t = useTranslations('live.transport');
  const Icon = kind === 'previous' ? StepBack : StepForward;
  return (
    <button
      type="button"
      className={styles.step}
      aria-label={t(kind)}
      title={t(kind)}
      disabled={toMs === null}
      onClick={() => (toMs === null ? undefined : onStep(toMs))}
    >
      <Icon size={17} />
    </button>
  );
}
