// Who may lead though it is not in sync, each with a shape of its own and a word: a ring with a dot is eligible, a diamond
// with a clock's hands led last. Colour only repeats it.
'use client';

import { useTranslations } from 'next-intl';
import type { Standing } from './partition-view.ts';
import styles from './partitions.module.css';

export function StandingMark({ standing }: { readonly standing: Standing }): React.JSX.Element {
  return (
    <svg className={styles.mark} width="13" height="13" viewBox="0 0 18 18" aria-hidden="true" focusable="false" data-standing={standing}>
      {standing === 'eligible' ? (
        <>
          <circle cx="9" cy="9" r="7.4" />
          <circle cx="9" cy="9" r="2.6" data-filled="" />
        </>
      ) : (
        <path d="M9 .9L17.1 9L9 17.1L.9 9zM9 5.2V9.4L11.6 11" />
      )}
    </svg>
  );
}

export function StandingWords({ standings }: { readonly standings: readonly Standing[] }): React.JSX.Element | null {
  const t = useTranslations('partition.standing');
  if (standings.length === 0) return null;
  return (
    <span className={styles.standings}>
      {standings.map((standing) => (
        <span key={standing}>
          <StandingMark standing={standing} />
          {t(standing)}
        </span>
      ))}
    </span>
  );
}
