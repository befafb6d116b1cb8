// The lane's table twin: every event of its stretch in words, newest first. A row's time leads to that moment.
'use client';

import { useTranslations } from 'next-intl';
import { useCauseWords } from '#components/shell/use-cause-words.ts';
import { ForeignText } from '#components/ui/foreign-text.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { LaneMarkShape } from './lane-mark.tsx';
import { laneKind, type LaneEvent } from './lane-model.ts';
import { eventWords } from './lane-words.ts';
import { preciseClock } from './precise-clock.ts';
import styles from './event-lane.module.css';

export interface EventTableProps {
  readonly events: readonly LaneEvent[];
  /** The moment of the record that is shown; null: now. */
  readonly atMs: number | null;
  readonly onMoment: (atMs: number) => void;
}

export function EventTable({ events, atMs, onMoment }: EventTableProps): React.JSX.Element {
  const t = useTranslations('timeline');
  const format = useFormat();
  const causeWords = useCauseWords();
  if (events.length === 0) return <p className={styles.none}>{t('none')}</p>;
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('title')}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('time')}</th>
            <th scope="col">{t('what')}</th>
            <th scope="col">{t('subject')}</th>
            <th scope="col">{t('cause')}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event, index) => {
            const words = eventWords(event, t);
            return (
              <tr key={`${event.atMs}-${index}`} aria-current={event.atMs === atMs ? 'time' : undefined}>
                <td>
                  <button
                    type="button"
                    className={styles.moment}
                    aria-label={t('show', { time: preciseClock(event.atMs, format) })}
                    onClick={() => onMoment(event.atMs)}
                  >
                    {preciseClock(event.atMs, format)}
                  </button>
                </td>
                <td>
                  <svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">
                    <LaneMarkShape kind={laneKind(event)} />
                  </svg>{' '}
                  {words.title}
                </td>
                <td>
                  <ForeignText text={words.detail} />
                </td>
                <td data-of="cause">{causeWords(event)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
