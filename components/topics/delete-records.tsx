// Deleting records from the front of partitions: which lose how many, a button that says so with the topic's name, and
// what became of each. A topic that Kafka would refuse is told why before anything is asked.
'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Action } from '#components/ui/action.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Caution, CodeBlock, ErrorNotice, Skeleton, Waiting } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { useFormat } from '#components/ui/use-format.ts';
import type { TopicDetail } from '#server/cluster/port.ts';
import { CutResults } from './cut-results.tsx';
import { CutTable } from './cut-table.tsx';
import {
  isPlanReady,
  lostInAll,
  planCuts,
  refusalCodes,
  refusalOf,
  toCuts,
  upToTheEnd,
  type CutDraft,
  type LogRange,
  type Refusal,
} from './delete-records-draft.ts';
import { useDeleteRecords, useLogRanges } from './use-delete-records.ts';
import { useTopicConfigs } from './use-topic.ts';

export interface DeleteRecordsProps {
  readonly name: string;
  readonly topic: TopicDetail;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function DeleteRecords({ name, topic, isOpen, onClose }: DeleteRecordsProps): React.JSX.Element {
  const t = useTranslations('topics.deleteRecords');
  return (
    <Dialog title={t('title', { name })} isOpen={isOpen} onClose={onClose} size={640}>
      {isOpen ? <Question name={name} topic={topic} onClose={onClose} /> : null}
    </Dialog>
  );
}

type QuestionProps = Omit<DeleteRecordsProps, 'isOpen'>;

function Question({ name, topic, onClose }: QuestionProps): React.JSX.Element {
  const t = useTranslations('topics.deleteRecords');
  const { configs, problem: configProblem, retry: askConfigsAgain } = useTopicConfigs(name);
  const refusal = configs === null ? null : refusalOf({ isInternal: topic.isInternal, configs });
  const { ranges, problem, retry } = useLogRanges(name, configs !== null && refusal === null);
  if (refusal !== null) return <Refused name={name} refusal={refusal} onClose={onClose} />;
  if (configProblem !== null && configs === null)
    return <ErrorNotice title={t('unread', { name })} problem={configProblem} onRetry={askConfigsAgain} />;
  if (problem !== null && ranges === null) return <ErrorNotice title={t('unread', { name })} problem={problem} onRetry={retry} />;
  if (ranges === null)
    return (
      <>
        <Skeleton width="70%" />
        <Waiting>{t('waiting', { name })}</Waiting>
      </>
    );
  return <Form name={name} ranges={ranges} missing={missingOf(topic, ranges)} onClose={onClose} />;
}

/** Partitions that did not tell their offsets, e.g. for want of a leader. */
function missingOf(topic: TopicDetail, ranges: readonly LogRange[]): readonly number[] {
  const told = new Set(ranges.map((range) => range.partition));
  return topic.partitions.map((one) => one.partition).filter((partition) => !told.has(partition));
}

interface RefusedProps {
  readonly name: string;
  readonly refusal: Refusal;
  readonly onClose: () => void;
}

function Refused({ name, refusal, onClose }: RefusedProps): React.JSX.Element {
  const t = useTranslations('topics.deleteRecords');
  return (
    <div className={parts.form}>
      <Caution>{t(`refused.${refusal}`, { name })}</Caution>
      <CodeBlock>{refusalCodes[refusal]}</CodeBlock>
      <div className={parts.acts}>
        <Action onClick={onClose} data-autofocus>
          {t('close')}
        </Action>
      </div>
    </div>
  );
}

interface FormProps {
  readonly name: string;
  readonly ranges: readonly LogRange[];
  readonly missing: readonly number[];
  readonly onClose: () => void;
}

const none: CutDraft = new Map();

function Form({ name, ranges, missing, onClose }: FormProps): React.JSX.Element {
  const t = useTranslations('topics.deleteRecords');
  const format = useFormat();
  const [draft, setDraft] = useState(none);
  const deed = useDeleteRecords(name);
  const plan = planCuts(ranges, draft);
  const lost = lostInAll(plan);
  if (deed.outcomes !== null) return <CutResults plan={plan} outcomes={deed.outcomes} onClose={onClose} />;
  return (
    <form
      className={parts.form}
      onSubmit={(event) => {
        event.preventDefault();
        deed.run(toCuts(plan));
      }}
    >
      <p>{t('text')}</p>
      <div className={parts.filters}>
        <Action onClick={() => setDraft(upToTheEnd(ranges))}>{t('all')}</Action>
        <Action onClick={() => setDraft(none)} disabled={draft.size === 0}>
          {t('none')}
        </Action>
        <span className={parts.count} role="status">
          {t('sum', { count: lost, records: format.count(lost) })}
        </span>
      </div>
      <CutTable plan={plan} onCut={(partition, beforeOffset) => setDraft(new Map([...draft, [partition, beforeOffset]]))} />
      {missing.length === 0 ? null : <Caution>{t('missing', { count: missing.length, partitions: missing.join(', ') })}</Caution>}
      {deed.problem === null ? null : <ErrorNotice title={t('failed', { name })} problem={deed.problem} />}
      <div className={parts.acts}>
        <Action onClick={onClose}>{t('keep')}</Action>
        <Action tone="ink" type="submit" disabled={!isPlanReady(plan) || deed.isBusy}>
          {lost === 0 ? t('deedBare', { name }) : t('deed', { count: lost, records: format.count(lost), name })}
        </Action>
      </div>
    </form>
  );
}
