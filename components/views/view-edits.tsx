// A view's row while it is renamed or about to be deleted.
'use client';

import { TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { viewNameSchema } from '#server/api/schemas/view.ts';
import { Action } from '#components/ui/action.tsx';
import { ErrorNotice } from '#components/ui/notice.tsx';
import { maxNameLength } from './save-view.tsx';
import { useRemoveView, useRenameView, type SavedView } from './use-views.ts';
import styles from './views.module.css';

interface EditProps {
  readonly view: SavedView;
  readonly onDone: () => void;
}

export function RenameView({ view, onDone }: EditProps): React.JSX.Element {
  const t = useTranslations('views');
  const [text, setText] = useState(view.name);
  const rename = useRenameView(view.id, onDone);
  const isReady = viewNameSchema.safeParse(text).success && !rename.isBusy;
  return (
    <li>
      <form
        className={styles.edit}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) rename.run(text.trim());
        }}
      >
        <TextInput
          aria-label={t('newNameOf', { name: view.name })}
          value={text}
          onChange={(event) => {
            rename.reset();
            setText(event.currentTarget.value);
          }}
          maxLength={maxNameLength}
          autoFocus
        />
        <Action type="submit" disabled={!isReady}>
          {t('renameDeed')}
        </Action>
        <Action tone="link" onClick={onDone}>
          {t('keepName')}
        </Action>
      </form>
      {rename.problem === null ? null : <ErrorNotice title={t('renameFailed')} problem={rename.problem} />}
    </li>
  );
}

export function DeleteView({ view, onDone }: EditProps): React.JSX.Element {
  const t = useTranslations('views');
  const remove = useRemoveView(view.id, onDone);
  return (
    <li>
      <div className={styles.edit} role="group" aria-label={t('deleteTitle', { name: view.name })}>
        <p>{t('deleteTitle', { name: view.name })}</p>
        <Action onClick={() => remove.run()} disabled={remove.isBusy}>
          {t('deleteDeed', { name: view.name })}
        </Action>
        <Action tone="link" onClick={onDone} autoFocus>
          {t('keep')}
        </Action>
      </div>
      {remove.problem === null ? null : <ErrorNotice title={t('deleteFailed')} problem={remove.problem} />}
    </li>
  );
}
