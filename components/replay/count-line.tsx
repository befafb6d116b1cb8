// The exact count: offered, under way with a way to stop it, or failed. Starting the replay doesn't wait for it.
'use client';

import { useTranslations } from 'next-intl';
import { Action } from '#components/ui/action.tsx';
import { ErrorNotice } from '#components/ui/notice.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { Counting } from './use-replay.ts';

export function CountLine({ counting }: { readonly counting: Counting }): React.JSX.Element | null {
  const t = useTranslations('replay');
  const format = useFormat();
  const { job, problem, start, cancel } = counting;
  if (problem !== null) return <ErrorNotice title={t('previewFailed')} problem={problem} onRetry={start} />;
  if (job?.error != null) return <ErrorNotice title={t('previewFailed')} problem={job.error} onRetry={start} />;
  if (job?.state === 'done') return null;
  if (job?.state !== 'running')
    return (
      <Action tone="link" onClick={start}>
        {t('countExactly')}
      </Action>
    );
  return (
    <p role="status">
      {t('countedOf', { covered: format.count(job.coveredOffsets), total: format.count(job.totalOffsets) })}{' '}
      <Action tone="link" onClick={cancel}>
        {t('stopCounting')}
      </Action>
    </p>
  );
}
