// What stands in the case when the record can't show the moment asked for, or shows it from afar.
'use client';

import { useTranslations } from 'next-intl';
import { Action } from '#components/ui/action.tsx';
import { useProblemWords } from '#components/ui/problem-words.ts';
import { useFormat } from '#components/ui/use-format.ts';
import styles from './past.module.css';
import type { LiveView } from './use-live-view.ts';
import type { Past, PastAnswer } from './use-past.ts';

export interface PastNoticeProps {
  readonly past: Past;
  readonly view: LiveView;
  /** In the flow of the page, where there is no case to stand in. */
  readonly isInline?: boolean;
}

export function PastNotice({ past, view, isInline = false }: PastNoticeProps): React.JSX.Element | null {
  const t = useTranslations('live.past');
  const format = useFormat();
  const wordsOf = useProblemWords();
  const { answer } = past;
  if (past.problem !== null)
    return <Notice title={t('failed')} text={wordsOf(past.problem).message} view={view} beginMs={null} isInline={isInline} />;
  if (answer === null)
    return (
      <p className={styles.awaited} data-inline={isInline || undefined}>
        {t('awaited', { time: format.clock(past.atMs) })}
      </p>
    );
  if (answer.kind === 'picture') return <Incomplete past={past} answer={answer} isInline={isInline} />;
  const { fromMs } = answer;
  return (
    <Notice
      title={t('unrecorded', { time: format.clock(past.atMs) })}
      text={fromMs === null ? t('noRecord') : t('begins', { time: format.clock(fromMs) })}
      view={view}
      beginMs={fromMs}
      isInline={isInline}
    />
  );
}

interface IncompleteProps {
  readonly past: Past;
  readonly answer: Extract<PastAnswer, { readonly kind: 'picture' }>;
  readonly isInline: boolean;
}

/** A picture that is older than its moment, or lacks something that was there, says so. */
function Incomplete({ past, answer, isInline }: IncompleteProps): React.JSX.Element | null {
  const t = useTranslations('live.past');
  const format = useFormat();
  const { topics, brokerIds, groups } = answer.missing;
  const named = [
    topics.length === 0 ? null : t('missingTopics', { count: topics.length, names: namesOf(topics) }),
    brokerIds.length === 0 ? null : t('missingBrokers', { count: brokerIds.length, names: namesOf(brokerIds) }),
    groups.length === 0 ? null : t('missingGroups', { count: groups.length, names: namesOf(groups) }),
  ].filter((one) => one !== null);
  const count = topics.length + brokerIds.length + groups.length;
  if (answer.isHeard && named.length === 0) return null;
  return (
    <p className={styles.hole} data-inline={isInline || undefined}>
      {answer.isHeard ? null : t('hole', { time: format.clock(past.atMs), known: format.clock(answer.keyframeMs) })}{' '}
      {named.length === 0 ? null : t('missing', { named: named.join(t('missingAnd')), count })}
    </p>
  );
}

const maxNames = 5;

function namesOf(names: readonly (string | number)[]): string {
  return `${names.slice(0, maxNames).join(', ')}${names.length > maxNames ? ', …' : ''}`;
}

interface NoticeProps {
  readonly title: string;
  readonly text: string;
  readonly view: LiveView;
  readonly beginMs: number | null;
  readonly isInline: boolean;
}

function Notice({ title, text, view, beginMs, isInline }: NoticeProps): React.JSX.Element {
  const t = useTranslations('live.past');
  return (
    <div className={styles.notice} data-inline={isInline || undefined}>
      <h2>{title}</h2>
      <p>{text}</p>
      <div>
        {beginMs === null ? null : (
          <Action tone="ink" onClick={() => view.goTo(beginMs)}>
            {t('toBegin')}
          </Action>
        )}
        <Action onClick={() => view.goTo(null)}>{t('toLive')}</Action>
      </div>
    </div>
  );
}
