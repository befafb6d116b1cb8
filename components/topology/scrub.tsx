// The scrubber: the record's hour as a slider. Its thumb may be dragged, moved by arrows, or left alone for the buttons
// beside it, which step from event to event.
'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '#components/ui/use-format.ts';
import styles from './transport.module.css';
import type { RecordSpan } from './use-past.ts';

const stepMs = 1_000;

export interface ScrubProps {
  readonly span: RecordSpan;
  readonly atMs: number | null;
  readonly onMoment: (atMs: number | null) => void;
}

export function Scrub({ span, atMs, onMoment }: ScrubProps): React.JSX.Element | null {
  const t = useTranslations('live.past');
  const format = useFormat();
  if (span.fromMs === null || span.toMs === null || span.toMs - span.fromMs < stepMs) return null;
  const [from, to] = [Math.ceil(span.fromMs / stepMs) * stepMs, Math.floor(span.toMs / stepMs) * stepMs];
  // The end of the slider is now, not the last picture: who drags it there is back at the live picture.
  const value = atMs === null ? to : Math.min(to - stepMs, Math.max(from, Math.round(atMs / stepMs) * stepMs));
  return (
    <input
      type="range"
      className={styles.scrub}
      aria-label={t('scrub')}
      aria-valuetext={atMs === null ? t('now') : format.clock(atMs)}
      min={from}
      max={to}
      step={stepMs}
      value={value}
      onChange={(event) => onMoment(Number(event.currentTarget.value) >= to ? null : Number(event.currentTarget.value))}
      style={{ '--share': (value - from) / (to - from) } as React.CSSProperties}
    />
  );
}
