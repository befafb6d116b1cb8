// One replay: how far it is, how to stop it, and which offsets became which.
'use client';

import { useTranslations } from 'next-intl';
import { Action } from '#components/ui/action.tsx';
import { DrawerSection } from '#components/ui/drawer.tsx';
import { Facts } from '#components/ui/facts.tsx';
import { ErrorNotice } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape, type State } from '#components/ui/state-shape.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { ReplayJob, ReplayState } from '#server/messages/replay-model.ts';
import { progressOf } from './replay-draft.ts';
import styles from './replay.module.css';
import { useCancelReplay } from './use-replay.ts';

export const stateOfJob: Readonly<Record<ReplayState, State>> = {
  running: 'unknown',
  done: 'good',
  cancelled: 'watch',
  failed: 'offline',
  interrupted: 'watch',
};

export function JobReport({ job }: { readonly job: ReplayJob }): React.JSX.Element {
  const t = useTranslations('replay');
  const format = useFormat();
  const { cancel, isBusy } = useCancelReplay();
  const progress = progressOf(job);
  return (
    <>
      <DrawerSection title={t(`state.${job.state}`)} note={`${format.moment(job.startedAtMs)} UTC`}>
        <div
          className={styles.progress}
          role="progressbar"
          aria-label={t('progress')}
          aria-valuenow={Math.round(progress * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <i style={{ width: `${progress * 100}%` }} />
        </div>
        <Facts
          facts={[
            {
              name: t('sent'),
              value: t('records', { count: job.sentRecords, records: format.count(job.sentRecords) }),
              note: format.bytes(job.sentBytes),
            },
            {
              name: t('covered'),
              value: t('coveredOf', { covered: format.count(job.coveredOffsets), total: format.count(job.totalOffsets) }),
              note: t('skipped', { count: job.skippedOffsets }),
            },
            {
              name: t('to'),
              value: job.request.target.topic,
              note: t(job.request.target.keepPartitions ? 'partitionsKept' : 'partitionsByKey'),
            },
          ]}
        />
        {job.error === null ? null : <ErrorNotice title={t('jobFailed')} problem={job.error} />}
        {job.state === 'running' ? (
          <div className={parts.acts}>
            <Action onClick={() => cancel(job.id)} disabled={isBusy}>
              {t('cancelJob')}
            </Action>
          </div>
        ) : null}
      </DrawerSection>
      <DrawerSection title={t('report')} note={t('reportNote')}>
        <Mapping job={job} />
      </DrawerSection>
    </>
  );
}

function Mapping({ job }: { readonly job: ReplayJob }): React.JSX.Element {
  const t = useTranslations('replay');
  const format = useFormat();
  if (job.summaries.length === 0) return <p>{t('nothingSent')}</p>;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('column.source')}</th>
          <th scope="col">{t('column.target')}</th>
          <th scope="col">{t('column.records')}</th>
        </tr>
      </thead>
      <tbody>
        {job.summaries.map((one) => (
          <tr key={`${one.sourcePartition}-${one.targetPartition}`}>
            <td>
              {one.sourcePartition}: {format.count(one.firstSourceOffset)}–{format.count(one.lastSourceOffset)}
            </td>
            <td>
              {one.targetPartition}: {format.count(one.firstTargetOffset)}–{format.count(one.lastTargetOffset)}
            </td>
            <td>{format.count(one.count)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td>{t('all')}</td>
          <td />
          <td>{format.count(job.sentRecords)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

export function JobState({ state }: { readonly state: ReplayState }): React.JSX.Element {
  return <StateShape state={stateOfJob[state]} size={12} checked />;
}
