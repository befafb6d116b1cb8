// Every event of the stored timeline in words, newest first.
'use client';

import { useTranslations } from 'next-intl';
import { useCauseWords } from '#components/shell/use-cause-words.ts';
import { useFormat } from '#components/ui/use-format.ts';
import { LaneMarkShape } from './lane-mark.tsx';
import { laneKind, type LaneEvent } from './lane-model.ts';
import { eventWords } from './lane-words.ts';
import styles from './event-lane.module.css';

export function EventTable({ events }: { readonly events: readonly LaneEvent[] }): React.JSX.Element {
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
              <tr key={`${event.atMs}-${index}`}>
                <td>{format.clock(event.atMs)}</td>
                <td>
                  <svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">
                    <LaneMarkShape kind={laneKind(event)} />
                  </svg>{' '}
                  {words.title}
                </td>
                <td>{words.detail}</td>
                <td>{causeWords(event)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
