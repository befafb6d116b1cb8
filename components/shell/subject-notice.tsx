// What the page of a thing says beside its figures: that the thing is gone, was made anew, or that the last answer failed.
'use client';

import { useTranslations } from 'next-intl';
import { Caution, ErrorNotice } from '#components/ui/notice.tsx';
import { Paper } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { Subject } from './use-subject.ts';

export interface SubjectNoticeProps {
  readonly subject: Omit<Subject<unknown>, 'atMs'>;
  /** The thing in words, e.g. "Topic orders". */
  readonly name: string;
  /** Over an error that came before anything was known. */
  readonly failed: string;
}

export function SubjectNotice({ subject, name, failed }: SubjectNoticeProps): React.JSX.Element | null {
  const t = useTranslations('shell.subject');
  const format = useFormat();
  const { problem, data, seenAtMs, renewedAtMs, retry } = subject;
  if (problem !== null && data === null)
    return (
      <Paper>
        <ErrorNotice
          title={seenAtMs === null ? failed : t('gone', { name, time: format.moment(seenAtMs) })}
          problem={problem}
          onRetry={retry}
        />
      </Paper>
    );
  return (
    <>
      {problem === null ? null : <ErrorNotice title={t('unanswered', { name })} problem={problem} onRetry={retry} />}
      {renewedAtMs === null ? null : <Caution>{t('renewed', { name, time: format.moment(renewedAtMs) })}</Caution>}
    </>
  );
}
