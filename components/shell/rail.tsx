// The rail: where one is, where one can go, and whether a place is in trouble.
'use client';

import { Search } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { ClusterSwitch } from './cluster-switch.tsx';
import { useOptionalClusterId } from './cluster-context.tsx';
import { Mark } from './mark.tsx';
import { openPalette } from './palette.tsx';
import { RailFoot } from './rail-foot.tsx';
import { RailPlaces } from './rail-places.tsx';
import styles from './rail.module.css';

export interface RailProps {
  readonly isFolded: boolean;
  readonly onFold: (isFolded: boolean) => void;
}

export function Rail({ isFolded, onFold }: RailProps): React.JSX.Element {
  const t = useTranslations('shell');
  const clusterId = useOptionalClusterId();
  return (
    <nav className={styles.rail} aria-label={t('places')} data-folded={isFolded ? '' : undefined}>
      <Link className={styles.brand} href="/" aria-label="Logarium">
        <Mark />
        {isFolded ? null : <b>Logarium</b>}
      </Link>
      <ClusterSwitch isFolded={isFolded} />
      {clusterId === null ? (
        <div className={styles.places} />
      ) : (
        <>
          <button type="button" className={styles.find} onClick={openPalette} aria-label={isFolded ? t('find') : undefined}>
            <Search size={isFolded ? 17 : 15} strokeWidth={1.9} aria-hidden />
            {isFolded ? null : (
              <>
                <span>{t('find')}</span>
                <kbd>Ctrl K</kbd>
              </>
            )}
          </button>
          <div className={styles.places}>
            <RailPlaces isFolded={isFolded} />
          </div>
        </>
      )}
      <RailFoot isFolded={isFolded} onFold={onFold} />
    </nav>
  );
}
