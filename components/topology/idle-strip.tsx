// The strip under the shelves: topics that lie idle and were folded away, by name, and the way back.
'use client';

import { useTranslations } from 'next-intl';
import styles from './idle-strip.module.css';
import type { LiveView } from './use-live-view.ts';

/** Names shown; the others are counted. */
const mostNames = 12;

export function IdleStrip({ folded, view }: { readonly folded: readonly string[]; readonly view: LiveView }): React.JSX.Element | null {
  const t = useTranslations('live.idle');
  if (folded.length === 0) return null;
  const rest = folded.length - mostNames;
  return (
    <div className={styles.strip}>
      <b>{t('title', { count: folded.length })}</b>
      <p title={t('note')}>
        {folded.slice(0, mostNames).join(', ')}
        {rest > 0 ? ` ${t('more', { count: rest })}` : ''}
      </p>
      <button type="button" onClick={() => view.setFoldIdle(false)}>
        {t('show')}
      </button>
    </div>
  );
}
