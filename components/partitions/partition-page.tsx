// One partition: its replicas side by side as tapes, who leads and who lags, and which epoch wrote what.
'use client';

import { useTranslations } from 'next-intl';
import { topicPath, withQuery } from '#components/shell/addresses.ts';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { PageFrame } from '#components/shell/page-frame.tsx';
import { SubjectNotice } from '#components/shell/subject-notice.tsx';
import { ActionLink } from '#components/ui/action.tsx';
import { FactStrip } from '#components/ui/facts.tsx';
import { Unknown } from '#components/ui/figure.tsx';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { PartitionReplicas } from '#server/cluster/partition-replicas.ts';
import { EpochTable } from './epoch-table.tsx';
import { healthOf, standingsOf, stateOf, type Standing } from './partition-view.ts';
import { ReplicaTable, ReplicaTableLoading } from './replica-table.tsx';
import { ReplicaTapes } from './replica-tapes.tsx';
import styles from './partitions.module.css';
import { partitionEveryMs, usePartition } from './use-partition.ts';

export interface PartitionPageProps {
  readonly topic: string;
  readonly number: number;
  /** What can be done to it, and what is being done: rooms of their own. */
  readonly actions?: (partition: PartitionReplicas) => React.ReactNode;
  readonly underWay?: React.ReactNode;
}

export function PartitionPage({ topic, number, actions, underWay }: PartitionPageProps): React.JSX.Element {
  const t = useTranslations('partition');
  const href = useClusterHref();
  const subject = usePartition(topic, number);
  const { data: partition, problem, atMs } = subject;
  const name = `${topic}-${number}`;
  return (
    <PageFrame
      state={partition === null ? 'unknown' : stateOf(healthOf(partition))}
      sentence={<Sentence name={name} partition={partition} />}
      reasons={<Reasons partition={partition} />}
      actions={
        <>
          {partition === null ? null : actions?.(partition)}
          {subject.isGone ? null : (
            <ActionLink tone="wall" href={href(withQuery('messages', { topic, p: number }))}>
              {t('read')}
            </ActionLink>
          )}
          <ActionLink tone="wall" href={href(topicPath(topic))}>
            {t('topic')}
          </ActionLink>
        </>
      }
      atMs={atMs}
      everyMs={partitionEveryMs}
    >
      <SubjectNotice subject={subject} name={t('named', { name })} failed={t('failed', { name })} />
      {partition === null && problem === null ? (
        <Paper>
          <ReplicaTableLoading name={name} />
        </Paper>
      ) : null}
      {underWay}
      {partition === null ? null : <Body partition={partition} />}
    </PageFrame>
  );
}

function Sentence({ name, partition }: { readonly name: string; readonly partition: PartitionReplicas | null }): React.JSX.Element {
  const t = useTranslations('partition.sentence');
  if (partition === null) return <>{name}</>;
  const { leaderId, isr, replicas } = partition;
  const first = replicas.find((replica) => replica.isPreferred)?.brokerId ?? -1;
  return <>{t(healthOf(partition), { name, leader: leaderId ?? -1, first, inSync: isr.length, all: replicas.length })}</>;
}

function Reasons({ partition }: { readonly partition: PartitionReplicas | null }): React.JSX.Element | null {
  const t = useTranslations('partition.reason');
  const format = useFormat();
  if (partition === null) return null;
  const leader = partition.replicas.find((replica) => replica.isLeader);
  const silent = partition.replicas.filter((replica) => !replica.answers).map(({ brokerId }) => brokerId);
  const records = leader?.logEndOffset == null || leader.logStartOffset === null ? null : leader.logEndOffset - leader.logStartOffset;
  return (
    <>
      {records === null ? null : t('records', { count: records, records: format.count(records) })}{' '}
      {partition.leaderEpoch === null ? null : t('epoch', { epoch: partition.leaderEpoch })}{' '}
      {silent.length === 0 ? null : t('silent', { count: silent.length, brokers: silent.join(', ') })} <Heirs partition={partition} />{' '}
      {partition.move === null ? null : t('moves')}
    </>
  );
}

/** Who may lead though it is not in sync. */
function Heirs({ partition }: { readonly partition: PartitionReplicas }): React.JSX.Element {
  const t = useTranslations('partition.reason');
  const those = (standing: Standing): readonly number[] =>
    partition.replicas.map(({ brokerId }) => brokerId).filter((id) => standingsOf(partition, id).includes(standing));
  const [eligible, last] = [those('eligible'), those('last-known')];
  const isLastAlone = partition.leaderId === null && eligible.length === 0 && last.length > 0;
  return (
    <>
      {eligible.length === 0 ? null : t('eligible', { count: eligible.length, brokers: eligible.join(', ') })}
      {isLastAlone ? t('lastKnown', { brokers: last.join(', ') }) : null}
    </>
  );
}

function Body({ partition }: { readonly partition: PartitionReplicas }): React.JSX.Element {
  const t = useTranslations('partition');
  return (
    <>
      <Strip partition={partition} />
      <ReplicaTapes partition={partition} />
      <div className={styles.two}>
        <Paper label={t('replicas')}>
          <SectionHead title={t('replicas')} note={t('replicasNote')} />
          <ReplicaTable partition={partition} />
        </Paper>
        <Paper label={t('epochs')}>
          <SectionHead title={t('epochs')} note={t('epochsNote')} />
          <EpochTable partition={partition} />
        </Paper>
      </div>
    </>
  );
}

function Strip({ partition }: { readonly partition: PartitionReplicas }): React.JSX.Element {
  const t = useTranslations('partition.strip');
  const format = useFormat();
  const { leaderId, leaderEpoch, isr, replicas } = partition;
  const leader = replicas.find((replica) => replica.isLeader);
  const count = (value: number | null | undefined): React.ReactNode => (value == null ? <Unknown size={16} /> : format.count(value));
  const lags = replicas.flatMap(({ lag }) => (lag === null ? [] : [lag]));
  return (
    <FactStrip
      facts={[
        {
          name: t('leader'),
          value: leaderId === null ? t('nobody') : t('broker', { broker: leaderId }),
          note: t('first', { broker: replicas[0]?.brokerId ?? -1 }),
        },
        { name: t('epoch'), value: count(leaderEpoch), note: t('epochNote') },
        { name: t('inSync'), value: `${isr.length} / ${replicas.length}`, note: isr.join(', ') },
        { name: t('watermark'), value: count(leader?.highWatermark), note: t('watermarkNote') },
        { name: t('end'), value: count(leader?.logEndOffset), note: t('endNote') },
        { name: t('lag'), value: lags.length === 0 ? <Unknown size={16} /> : format.count(Math.max(...lags)), note: t('lagNote') },
      ]}
    />
  );
}
