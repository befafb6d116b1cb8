// What stands in the case when the record can't show the moment asked for, or shows it from afar.
'use client';

import { useTranslations } from 'next-intl';
import { Action } from '#components/ui/action.tsx';
import { useProblemWords } from '#components/ui/problem-words.ts';
import { useFormat } from '#components/ui/use-format.ts';
import styles from './past.module.css';
import type { LiveView } from './use-live-view.ts';
import type { Past } from './use-past.ts';

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
  if (answer.kind === 'picture')
    return answer.isHeard ? null : (
      <p className={styles.hole} data-inline={isInline || undefined}>
        {t('hole', { time: format.clock(past.atMs), known: format.clock(answer.keyframeMs) })}
      </p>
    );
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
