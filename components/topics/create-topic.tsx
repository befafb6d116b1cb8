// Creating a topic: a form, the cluster's own verdict on it, the call it will make, and then the deed.
'use client';

import { NumberInput, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { Action } from '#components/ui/action.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { CodeBlock, ErrorNotice } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape } from '#components/ui/state-shape.tsx';
import { toWhole } from '#components/ui/whole-number.ts';
import { ConfigRows } from './config-rows.tsx';
import { describeCreate, nameProblem } from './create-topic-draft.ts';
import styles from './topics.module.css';
import { useCreateTopic, type CreateTopicForm } from './use-create-topic.ts';

export function CreateTopic({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => Promise<unknown>;
}): React.JSX.Element {
  const t = useTranslations('topics.create');
  return (
    <Dialog title={t('title')} isOpen={isOpen} onClose={() => void onClose()} size={560}>
      <Form onClose={onClose} />
    </Dialog>
  );
}

function Form({ onClose }: { readonly onClose: () => Promise<unknown> }): React.JSX.Element {
  const t = useTranslations('topics.create');
  const tu = useTranslations('ui');
  const form = useCreateTopic(onClose);
  const { draft, change } = form;
  const fault = draft.name === '' ? null : nameProblem(draft.name);
  return (
    <form
      className={parts.form}
      onSubmit={(event) => {
        event.preventDefault();
        form.create();
      }}
    >
      <TextInput
        label={t('name')}
        description={t('nameHint')}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        error={fault === null ? null : t(`fault.${fault}`)}
        data-autofocus
        required
        spellCheck={false}
        autoComplete="off"
      />
      <div className={styles.pair}>
        <NumberInput
          label={t('partitions')}
          description={t('partitionsHint')}
          placeholder={t('brokersDefault')}
          min={1}
          max={100_000}
          allowDecimal={false}
          value={draft.partitionCount ?? ''}
          onChange={(value) => change({ partitionCount: toWhole(value) })}
        />
        <NumberInput
          label={t('copies')}
          description={t('copiesHint')}
          placeholder={t('brokersDefault')}
          min={1}
          max={32_767}
          allowDecimal={false}
          value={draft.replicationFactor ?? ''}
          onChange={(value) => change({ replicationFactor: toWhole(value) })}
        />
      </div>
      <ConfigRows rows={draft.configs} onRows={(configs) => change({ configs })} />
      <Verdict form={form} />
      <div>
        <p className={parts.heading}>{t('call')}</p>
        <CodeBlock>{describeCreate(draft)}</CodeBlock>
      </div>
      <div className={parts.acts}>
        <Action onClick={() => void onClose()}>{tu('cancel')}</Action>
        <Action onClick={form.preview} disabled={!form.isComplete || form.isBusy}>
          {t('preview')}
        </Action>
        <Action tone="ink" type="submit" disabled={!form.isComplete || form.isBusy}>
          {draft.name === '' ? t('submitBare') : t('submit', { name: draft.name })}
        </Action>
      </div>
    </form>
  );
}

function Verdict({ form }: { readonly form: CreateTopicForm }): React.JSX.Element {
  const t = useTranslations('topics.create');
  if (form.problem !== null) return <ErrorNotice title={t('refused')} problem={form.problem} />;
  return (
    <p className={parts.verdict} role="status">
      {form.isAccepted ? (
        <>
          <StateShape state="good" size={13} checked />
          {t('accepted')}
        </>
      ) : null}
    </p>
  );
}
