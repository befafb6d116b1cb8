// The marks of the lane as buttons over the drawing: one tab stop, arrows go from mark to mark, Enter shows that moment.
'use client';

import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { useFormat } from '#components/ui/use-format.ts';
import { momentOf, type LaneMark } from './lane-model.ts';
import { markWords } from './lane-words.ts';
import { preciseClock } from './precise-clock.ts';
import styles from './event-lane.module.css';

/** Targets are 24 pixels though the marks are smaller. */
const half = 12;

export interface LaneMarkButtonsProps {
  readonly marks: readonly LaneMark[];
  readonly onMoment: (atMs: number) => void;
}

export function LaneMarkButtons({ marks, onMoment }: LaneMarkButtonsProps): React.JSX.Element | null {
  const t = useTranslations('timeline');
  const format = useFormat();
  const ref = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string | null>(null);
  if (marks.length === 0) return null;
  const current = Math.max(0, focused === null ? marks.length - 1 : marks.findIndex((mark) => mark.key === focused));
  const move = (event: React.KeyboardEvent): void => {
    const to = targetOf(event.key, current, marks.length);
    if (to === null) return;
    event.preventDefault();
    ref.current?.querySelectorAll('button')[to]?.focus();
  };
  return (
    <div ref={ref} role="toolbar" aria-label={t('marks')} className={styles.marks} onKeyDown={move}>
      {marks.map((mark, index) => {
        const words = markWords(mark, t);
        return (
          <button
            key={mark.key}
            type="button"
            tabIndex={index === current ? 0 : -1}
            aria-label={t('mark', { time: preciseClock(momentOf(mark), format), ...words })}
            title={`${words.title}: ${words.detail}`}
            style={{ left: mark.x - half, top: (mark.isLow ? 44 : 26) - half }}
            onFocus={() => setFocused(mark.key)}
            onClick={() => onMoment(momentOf(mark))}
          />
        );
      })}
    </div>
  );
}

function targetOf(key: string, current: number, count: number): number | null {
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, current - 1);
    case 'ArrowRight':
      return Math.min(count - 1, current + 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
