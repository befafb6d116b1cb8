// Growing a topic, deleting its records and deleting it, each asked before it is done.
'use client';

import { NumberInput } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useState } from 'react';
import { useCapabilities } from '#components/shell/use-capabilities.ts';
import { Action } from '#components/ui/action.tsx';
import { Confirm } from '#components/ui/dialog.tsx';
import { CodeBlock } from '#components/ui/notice.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { toWhole } from '#components/ui/whole-number.ts';
import type { TopicDetail } from '#server/cluster/port.ts';
import { DeleteRecords } from './delete-records.tsx';
import { topicHealth } from './topic-health.ts';
import { useAddPartitions, useDeleteTopic } from './use-topic-actions.ts';

export interface TopicDeedsProps {
  readonly name: string;
  readonly topic: TopicDetail;
}

/** Which question is open is part of the address; answering it never is. */
const deeds = ['grow', 'records', 'delete'] as const;

export function TopicDeeds({ name, topic }: TopicDeedsProps): React.JSX.Element {
  const t = useTranslations('topics');
  const [open, setOpen] = useQueryState('deed', parseAsStringLiteral(deeds));
  const close = (): void => void setOpen(null);
  return (
    <>
      <Action onClick={() => void setOpen('grow')}>{t('grow.open')}</Action>
      <RecordsAction onClick={() => void setOpen('records')} />
      <Action onClick={() => void setOpen('delete')}>
        <Trash2 size={15} aria-hidden />
        {t('delete.open')}
      </Action>
      <Grow name={name} topic={topic} isOpen={open === 'grow'} onClose={close} />
      <DeleteRecords name={name} topic={topic} isOpen={open === 'records'} onClose={close} />
      <Delete name={name} topic={topic} isOpen={open === 'delete'} onClose={close} />
    </>
  );
}

function RecordsAction({ onClick }: { readonly onClick: () => void }): React.JSX.Element {
  const t = useTranslations('topics.deleteRecords');
  const isServed = useCapabilities()?.deleteRecords.available !== false;
  return (
    <Action onClick={onClick} disabled={!isServed} title={isServed ? undefined : t('notServed')}>
      {t('open')}
    </Action>
  );
}

interface DeedProps extends TopicDeedsProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

function Delete({ name, topic, isOpen, onClose }: DeedProps): React.JSX.Element {
  const t = useTranslations('topics.delete');
  const format = useFormat();
  const deed = useDeleteTopic(name);
  const { records } = topicHealth(topic.partitions);
  return (
    <Confirm
      title={t('title', { name })}
      isOpen={isOpen}
      onClose={onClose}
      deed={t('deed', { name })}
      keep={t('keep')}
      onConfirm={() => deed.run()}
      isBusy={deed.isBusy}
      problem={deed.problem}
      failed={t('failed', { name })}
    >
      <p>
        {t('text', {
          name,
          partitions: topic.partitions.length,
          records: records === null ? t('manyRecords') : t('records', { count: records, records: format.count(records) }),
        })}
      </p>
      {topic.groups.length > 0 ? <p>{t('readers', { groups: topic.groups.join(', ') })}</p> : null}
      <CodeBlock>{`DeleteTopics ${name}`}</CodeBlock>
    </Confirm>
  );
}

/** As the API takes it. */
const maxPartitions = 100_000;

function Grow({ name, topic, isOpen, onClose }: DeedProps): React.JSX.Element {
  const t = useTranslations('topics.grow');
  const now = topic.partitions.length;
  const [count, setCount] = useState(now + 1);
  const deed = useAddPartitions(name, onClose);
  return (
    <Confirm
      title={t('title', { name })}
      isOpen={isOpen}
      onClose={onClose}
      deed={t('deed', { count })}
      keep={t('keep')}
      onConfirm={() => deed.run(count)}
      isBusy={deed.isBusy || count <= now || count > maxPartitions}
      problem={deed.problem}
      failed={t('failed', { name })}
    >
      <NumberInput
        label={t('count')}
        description={t('hint', { now })}
        min={now + 1}
        max={maxPartitions}
        allowDecimal={false}
        value={count}
        onChange={(value) => setCount(toWhole(value) ?? now + 1)}
      />
      <p>{t('text')}</p>
      <CodeBlock>{`CreatePartitions ${name}\n  count ${count}`}</CodeBlock>
    </Confirm>
  );
}
