// The frame around every page: rail on a desk, bars on a phone, palette everywhere.
'use client';

import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { Suspense, useState } from 'react';
import { Palette } from './palette.tsx';
import { PhoneBars } from './phone-bars.tsx';
import { placeOf } from './places.ts';
import { Rail } from './rail.tsx';
import { foldCookie, type Fold } from './fold.ts';
import { useOptionalClusterId } from './cluster-context.tsx';
import styles from './shell.module.css';
import { useHeldNavigation } from './use-held-navigation.ts';
import { useLanguageFromLink } from './use-language.ts';

export function Shell({ fold: initial, children }: { readonly fold: Fold; readonly children: React.ReactNode }): React.JSX.Element {
  const t = useTranslations('shell');
  useHeldNavigation();
  const [fold, setFold] = useState<Fold>(initial);
  const isLive = placeOf(usePathname()) === 'live';
  const isFolded = fold === 'auto' ? isLive : fold === 'folded';
  const hasCluster = useOptionalClusterId() !== null;
  const onFold = (next: boolean): void => {
    const choice: Fold = next ? 'folded' : 'open';
    document.cookie = `${foldCookie}=${choice};path=/;max-age=31536000;samesite=lax`;
    setFold(choice);
  };
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {t('skip')}
      </a>
      <Suspense>
        <LanguageFromLink />
      </Suspense>
      <Rail isFolded={isFolded} onFold={onFold} />
      <PhoneBars />
      <main className={styles.main} id="content" tabIndex={-1}>
        {children}
      </main>
      {hasCluster ? <Palette /> : null}
    </div>
  );
}

function LanguageFromLink(): null {
  useLanguageFromLink();
  return null;
}
