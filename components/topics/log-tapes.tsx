// The logs of a topic laid side by side, aligned at their ends: what lies in the last records is drawn to scale,
// the rest is pressed behind a break. The reader stands where it has committed; what it has not read is marked.
'use client';

import { useTranslations } from 'next-intl';
import { useForeignWords } from '#components/ui/foreign-text.tsx';
import { Case, SectionHead } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { GroupDetail, PartitionDetail, TopicDetail } from '#server/cluster/port.ts';
import { lagsOf } from './partition-table.tsx';
import { recordsOf, tapeWindow } from './topic-health.ts';
import styles from './topics.module.css';

const maxTapes = 24;

export function LogTapes({ topic, reader }: { readonly topic: TopicDetail; readonly reader: GroupDetail | null }): React.JSX.Element {
  const t = useTranslations('topics.tapes');
  const format = useFormat();
  const words = useForeignWords();
  const lags = lagsOf(topic.name, reader);
  const shown = topic.partitions.slice(0, maxTapes);
  const window = tapeWindow(shown, [...lags.values()]);
  return (
    <Case label={t('title', { count: topic.partitions.length })}>
      <SectionHead title={t('title', { count: topic.partitions.length })} note={t('note', { window: format.count(window) })}>
        <div className={styles.legend} aria-hidden="true">
          <span>
            <i className={styles.key} style={{ background: 'var(--ep-7)' }} />
            {t('leader')}
          </span>
          {reader === null ? null : (
            <>
              <span>
                <svg width="9" height="8">
                  <path d="M0 0h9L4.5 8z" fill="var(--consume)" />
                </svg>
                {t('reads', { group: words(reader.groupId) })}
              </span>
              <span>
                <i className={styles.key} style={{ background: 'var(--mark)' }} />
                {t('unread')}
              </span>
            </>
          )}
        </div>
      </SectionHead>
      <div className={styles.tapes}>
        {shown.map((partition) => (
          <Tape
            key={partition.partition}
            topic={topic.name}
            partition={partition}
            lag={lags.get(partition.partition) ?? null}
            window={window}
          />
        ))}
      </div>
      <div className={styles.tapeAxis} aria-hidden="true">
        <span>{t('axis')}</span>
        <div>
          {[1, 0.75, 0.5, 0.25].map((part) => (
            <span key={part}>−{format.count(Math.round(window * part))}</span>
          ))}
          <span>{t('end')}</span>
        </div>
        <span />
      </div>
      {topic.partitions.length > maxTapes ? <p>{t('more', { count: topic.partitions.length - maxTapes })}</p> : null}
    </Case>
  );
}

interface TapeProps {
  readonly topic: string;
  readonly partition: PartitionDetail;
  readonly lag: number | null;
  readonly window: number;
}

function Tape({ topic, partition, lag, window }: TapeProps): React.JSX.Element {
  const t = useTranslations('topics.tapes');
  const format = useFormat();
  const records = recordsOf(partition);
  if (records === null || partition.endOffset === null)
    return (
      <div className={styles.tape}>
        <span>
          {topic}-{partition.partition}
        </span>
        <span>{t('unknown')}</span>
        <span />
      </div>
    );
  const percent = (count: number): string => `${(Math.min(count, window) / window) * 100}%`;
  const isLonger = records > window;
  const words = t('summary', {
    name: `${topic}-${partition.partition}`,
    start: partition.startOffset ?? 0,
    end: partition.endOffset,
    lag: lag ?? -1,
  });
  return (
    <div className={styles.tape} role="img" aria-label={words}>
      <span>
        {topic}-{partition.partition}
      </span>
      <div className={styles.tapeTrack}>
        <div>
          {isLonger ? <div className={styles.tapeOld} /> : <div className={styles.tapeNone} />}
          {isLonger ? <div className={styles.from}>{t('from', { offset: format.count(partition.startOffset ?? 0) })}</div> : null}
        </div>
        {isLonger ? <div className={styles.tapeBreak} /> : <div />}
        <div className={styles.tapeWindow}>
          {lag === null || lag <= 0 ? null : <div className={styles.unread} style={{ width: percent(lag) }} />}
          <div className={styles.tapeNew} style={{ width: percent(records) }} />
          {lag === null ? null : (
            <>
              <span className={styles.reader} style={{ left: `calc(100% - ${percent(Math.max(0, lag))})` }} />
              <span className={styles.readerLine} style={{ left: `calc(100% - ${percent(Math.max(0, lag))})` }} />
            </>
          )}
        </div>
      </div>
      <span className={styles.tapeEnd}>
        {format.count(partition.endOffset)}
        <small>{partition.leaderId === null ? t('noLeader') : t('ledBy', { broker: partition.leaderId })}</small>
      </span>
    </div>
  );
}
