// The window of replays: the list, newest first, or one job's report.
'use client';

import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Action } from '#components/ui/action.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { ErrorNotice, Skeleton } from '#components/ui/notice.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { JobReport, JobState } from './job-report.tsx';
import styles from './replay.module.css';
import { useReplayJob, useReplayJobs } from './use-replay.ts';

export interface ReplayWindowProps {
  readonly isOpen: boolean;
  readonly jobId: string | null;
  readonly onJob: (id: string | null) => void;
  readonly onClose: () => void;
}

export function ReplayWindow({ isOpen, jobId, onJob, onClose }: ReplayWindowProps): React.JSX.Element {
  const t = useTranslations('replay');
  return (
    <Dialog title={jobId === null ? t('jobs') : t('job')} isOpen={isOpen} onClose={onClose} size={600}>
      {jobId === null ? (
        <Jobs onJob={onJob} />
      ) : (
        <>
          <Action tone="link" onClick={() => onJob(null)}>
            <ArrowLeft size={14} aria-hidden />
            {t('allJobs')}
          </Action>
          <Job id={jobId} />
        </>
      )}
    </Dialog>
  );
}

function Job({ id }: { readonly id: string }): React.JSX.Element {
  const t = useTranslations('replay');
  const { job, problem } = useReplayJob(id);
  if (job === null) return problem === null ? <Skeleton width="70%" /> : <ErrorNotice title={t('jobUnread')} problem={problem} />;
  return <JobReport job={job} />;
}

function Jobs({ onJob }: { readonly onJob: (id: string) => void }): React.JSX.Element {
  const t = useTranslations('replay');
  const format = useFormat();
  const { jobs, problem } = useReplayJobs();
  if (problem !== null && jobs === null) return <ErrorNotice title={t('jobsUnread')} problem={problem} />;
  if (jobs === null) return <Skeleton width="70%" />;
  if (jobs.length === 0) return <p>{t('noJobs')}</p>;
  return (
    <ul className={styles.jobs}>
      {jobs.map((job) => (
        <li key={job.id}>
          <button type="button" className={styles.job} onClick={() => onJob(job.id)}>
            <JobState state={job.state} />
            {t('jobName', { from: job.fromTopic, to: job.toTopic })}
          </button>
          <p>
            {t(`state.${job.state}`)}, {t('records', { count: job.sentRecords, records: format.count(job.sentRecords) })},{' '}
            {format.moment(job.startedAtMs)} UTC
          </p>
        </li>
      ))}
    </ul>
  );
}
