// Saved views of a page: the button among its actions says which one is shown; behind it stands the list.
'use client';

import { Bookmark } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { parseAsBoolean, useQueryState } from 'nuqs';
import { Action } from '#components/ui/action.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { SaveView } from './save-view.tsx';
import { usePresentSearch, useViews } from './use-views.ts';
import { ViewList } from './view-list.tsx';
import type { ViewPage } from './view-search.ts';
import styles from './views.module.css';

export function SavedViews({ page }: { readonly page: ViewPage }): React.JSX.Element {
  const t = useTranslations('views');
  const [isOpen, setOpen] = useQueryState('views', parseAsBoolean.withDefault(false));
  const { views, problem, retry } = useViews(page);
  const present = usePresentSearch(page);
  const shown = views?.find((view) => view.search === present) ?? null;
  return (
    <>
      <Action
        tone="wall"
        onClick={() => void setOpen(true)}
        aria-haspopup="dialog"
        aria-label={shown === null ? undefined : t('openShown', { name: shown.name })}
      >
        <Bookmark size={15} aria-hidden fill={shown === null ? 'none' : 'currentColor'} />
        <span className={styles.shown}>{shown?.name ?? t('open')}</span>
      </Action>
      <Dialog title={t(`title.${page}`)} isOpen={isOpen} onClose={() => void setOpen(null)} size={560}>
        <SaveView page={page} search={present} views={views} />
        <ViewList page={page} present={present} views={views} problem={problem} onRetry={retry} />
      </Dialog>
    </>
  );
}
