// Keeping what the page shows now under a name. A name that is taken is written over only when the button says so.
'use client';

import { TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { viewNameSchema } from '#server/api/schemas/view.ts';
import { Action } from '#components/ui/action.tsx';
import { ErrorNotice } from '#components/ui/notice.tsx';
import { useSaveView, type SavedView } from './use-views.ts';
import { describeSearch, type ViewPage } from './view-search.ts';
import styles from './views.module.css';

export const maxNameLength = 80;

export interface SaveViewProps {
  readonly page: ViewPage;
  readonly search: string;
  /** null while they are not known; saving then never replaces. */
  readonly views: readonly SavedView[] | null;
}

export function SaveView({ page, search, views }: SaveViewProps): React.JSX.Element {
  const t = useTranslations('views');
  const [text, setText] = useState('');
  const save = useSaveView(page, () => setText(''));
  const name = text.trim();
  const isTaken = views?.some((view) => view.name === name) === true;
  const isReady = viewNameSchema.safeParse(text).success && !save.isBusy;
  return (
    <form
      className={styles.save}
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) save.run({ name, search, mayReplace: isTaken });
      }}
    >
      <TextInput
        label={t('name')}
        description={search === '' ? t('plain') : describeSearch(search)}
        value={text}
        onChange={(event) => {
          save.reset();
          setText(event.currentTarget.value);
        }}
        maxLength={maxNameLength}
        data-autofocus
      />
      <Action tone="ink" type="submit" disabled={!isReady}>
        {isTaken ? t('replace', { name }) : t('save')}
      </Action>
      {save.problem === null ? null : <ErrorNotice title={t('saveFailed')} problem={save.problem} />}
    </form>
  );
}
