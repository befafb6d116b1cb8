// Attaching a cluster: a name and addresses, a test that says what answered, then remembered.
'use client';

import { TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { bootstrapSchema, clusterNameSchema } from '#server/api/schemas/cluster.ts';
import { Action } from '#components/ui/action.tsx';
import { CodeBlock, ErrorNotice, Note } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape } from '#components/ui/state-shape.tsx';
import styles from './clusters.module.css';
import { useAttach, type Attach } from './use-cluster-actions.ts';

export function AttachForm(): React.JSX.Element {
  const t = useTranslations('clusters');
  const [name, setName] = useState('');
  const [bootstrap, setBootstrap] = useState('');
  const attach = useAttach(() => {
    setName('');
    setBootstrap('');
  });
  const isAddress = bootstrapSchema.safeParse(bootstrap).success;
  const isReady = isAddress && clusterNameSchema.safeParse(name).success && !attach.isBusy;
  const change =
    (set: (text: string) => void) =>
    (event: React.ChangeEvent<HTMLInputElement>): void => {
      attach.reset();
      set(event.currentTarget.value);
    };
  return (
    <form
      className={`${parts.form} ${styles.form}`}
      onSubmit={(event) => {
        event.preventDefault();
        attach.attach({ name, bootstrap });
      }}
    >
      <TextInput label={t('name')} value={name} onChange={change(setName)} maxLength={80} />
      <TextInput
        label={t('bootstrap')}
        description={t('bootstrapHint')}
        placeholder="127.0.0.1:9092"
        value={bootstrap}
        onChange={change(setBootstrap)}
        error={bootstrap !== '' && !isAddress ? t('bootstrapWrong') : null}
        spellCheck={false}
      />
      <Verdict attach={attach} />
      <div className={styles.acts}>
        <Action onClick={() => attach.test(bootstrap)} disabled={!isAddress || attach.isBusy}>
          {t('test')}
        </Action>
        <Action tone="ink" type="submit" disabled={!isReady}>
          {t('attachDeed')}
        </Action>
      </div>
      <Note>{t('plaintext')}</Note>
    </form>
  );
}

function Verdict({ attach }: { readonly attach: Attach }): React.JSX.Element {
  const t = useTranslations('clusters');
  if (attach.problem !== null) return <ErrorNotice title={t('failed')} problem={attach.problem} />;
  if (attach.tested !== null && !attach.isBusy && attach.tested.unreachable.length > 0) return <Unreachable tested={attach.tested} />;
  return (
    <p className={parts.verdict} role="status">
      {attach.isBusy ? (
        t('asking')
      ) : attach.tested === null ? null : (
        <>
          <StateShape state="good" size={13} checked />
          {t('answers', { brokers: attach.tested.brokerCount, id: attach.tested.clusterId ?? '–' })}
        </>
      )}
    </p>
  );
}

/** The address that was typed answers; the ones that the brokers tell their clients don't. */
function Unreachable({ tested: { brokerCount, unreachable } }: { readonly tested: NonNullable<Attach['tested']> }): React.JSX.Element {
  const t = useTranslations('clusters');
  return (
    <div role="status">
      <p className={parts.verdict}>
        <StateShape state="watch" size={13} checked />
        {t('reached', { count: Math.max(brokerCount, unreachable.length), reached: Math.max(0, brokerCount - unreachable.length) })}
      </p>
      <CodeBlock>{unreachable.map(({ brokerId, reason }) => t('unreached', { broker: brokerId, reason })).join('\n')}</CodeBlock>
      <p>{t('reachedAdvice')}</p>
    </div>
  );
}
