// What happened, and why: the timeline as the console has stored it, cause before effect, the newest last.
'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { ErrorNotice, Skeleton, type Problem } from '#components/ui/notice.tsx';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { IncidentMark } from './incident-mark.tsx';
import styles from './incident-list.module.css';
import { foldIncidents, lookOf } from './incident-words.ts';
import type { TimelineEvent } from './use-overview.ts';
import { useIncidentText } from './use-incident-text.ts';

export interface IncidentListProps {
  readonly events: readonly TimelineEvent[] | null;
  readonly problem: Problem | null;
  readonly onRetry: () => void;
  readonly nowMs: number | null;
}

const shownAtMost = 8;

export function IncidentList({ events, problem, onRetry, nowMs }: IncidentListProps): React.JSX.Element {
  const t = useTranslations('overview.incidents');
  const shown = useMemo(
    () =>
      foldIncidents(events ?? [])
        .slice(0, shownAtMost)
        .toReversed(),
    [events],
  );
  return (
    <Paper label={t('title')} className={styles.paper}>
      <SectionHead title={t('title')} note={events === null ? undefined : t('note', { count: shown.length })} />
      {problem !== null ? <ErrorNotice title={t('failed')} problem={problem} onRetry={onRetry} /> : null}
      {events === null && problem === null ? <Skeleton width="60%" /> : null}
      {events !== null && shown.length === 0 ? <p className={styles.none}>{t('none')}</p> : null}
      <ol className={shown.length === 0 ? '' : styles.list}>
        {shown.map((event) => (
          <Incident key={event.id} event={event} nowMs={nowMs} />
        ))}
      </ol>
    </Paper>
  );
}

function Incident({ event, nowMs }: { readonly event: TimelineEvent; readonly nowMs: number | null }): React.JSX.Element {
  const t = useTranslations('overview.incidents');
  const format = useFormat();
  const look = lookOf(event);
  const text = useIncidentText(event);
  return (
    <li>
      <time dateTime={new Date(event.atMs).toISOString()} title={new Date(event.atMs).toISOString()}>
        {format.moment(event.atMs)}
      </time>
      <IncidentMark mark={look.mark} isTrouble={look.isTrouble} />
      <span className={styles.kind}>{t(`kind.${look.word}`)}</span>
      <span className={styles.text} title={text}>
        {text}
      </span>
      <span className={styles.ago}>{nowMs === null ? '' : t('ago', { age: format.age(Math.max(0, nowMs - event.atMs)) })}</span>
    </li>
  );
}
