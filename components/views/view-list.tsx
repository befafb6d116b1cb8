// The views by name: a link opens one (its address knows nothing of this list, which so closes), and each can be renamed and deleted where it stands.
'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Action } from '#components/ui/action.tsx';
import { EmptyNotice, ErrorNotice, Skeleton, Waiting, type Problem } from '#components/ui/notice.tsx';
import type { SavedView } from './use-views.ts';
import { DeleteView, RenameView } from './view-edits.tsx';
import { describeSearch, viewHref, type ViewPage } from './view-search.ts';
import styles from './views.module.css';

export interface ViewListProps {
  readonly page: ViewPage;
  readonly present: string;
  readonly views: readonly SavedView[] | null;
  readonly problem: Problem | null;
  readonly onRetry: () => void;
}

export function ViewList({ page, present, views, problem, onRetry }: ViewListProps): React.JSX.Element {
  const t = useTranslations('views');
  if (views === null) return problem === null ? <Loading /> : <ErrorNotice title={t('failed')} problem={problem} onRetry={onRetry} />;
  if (views.length === 0) return <EmptyNotice title={t('emptyTitle')}>{t('emptyText')}</EmptyNotice>;
  return (
    <ul className={styles.list} aria-label={t(`title.${page}`)}>
      {views.map((view) => (
        <ViewItem key={view.id} page={page} view={view} isShown={view.search === present} />
      ))}
    </ul>
  );
}

function Loading(): React.JSX.Element {
  const t = useTranslations('views');
  return (
    <div className={styles.list} aria-busy="true">
      {[60, 45, 70].map((width) => (
        <p key={width}>
          <Skeleton width={`${width}%`} />
        </p>
      ))}
      <Waiting>{t('waiting')}</Waiting>
    </div>
  );
}

interface ViewItemProps {
  readonly page: ViewPage;
  readonly view: SavedView;
  readonly isShown: boolean;
}

function ViewItem({ page, view, isShown }: ViewItemProps): React.JSX.Element {
  const t = useTranslations('views');
  const path = usePathname();
  const [edit, setEdit] = useState<'none' | 'rename' | 'delete'>('none');
  const stop = (): void => setEdit('none');
  if (edit === 'rename') return <RenameView view={view} onDone={stop} />;
  if (edit === 'delete') return <DeleteView view={view} onDone={stop} />;
  return (
    <li className={styles.item}>
      <div className={styles.what}>
        <Link href={viewHref(path, page, view.search)} aria-current={isShown ? 'true' : undefined}>
          {view.name}
        </Link>
        {isShown ? <small>{t('isShown')}</small> : null}
        <p title={describeSearch(view.search)}>{view.search === '' ? t('plain') : describeSearch(view.search)}</p>
      </div>
      <Action tone="link" onClick={() => setEdit('rename')} aria-label={t('renameNamed', { name: view.name })}>
        {t('rename')}
      </Action>
      <Action tone="link" onClick={() => setEdit('delete')} aria-label={t('deleteNamed', { name: view.name })}>
        {t('delete')}
      </Action>
    </li>
  );
}
