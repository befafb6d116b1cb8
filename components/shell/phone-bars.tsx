// On a phone the rail becomes two bars: the cluster and Find above, four places and the rest below.
'use client';

import { Menu } from '@mantine/core';
import { Ellipsis, Search } from 'lucide-react';
import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useClusterHref, useOptionalClusterId } from './cluster-context.tsx';
import { ClusterSwitch } from './cluster-switch.tsx';
import { openHelp } from './help.tsx';
import { Mark } from './mark.tsx';
import { openPalette } from './palette.tsx';
import styles from './phone-bars.module.css';
import { phonePlaces, placeGroups, placeOf } from './places.ts';
import { useLanguage } from './use-language.ts';
import { useTheme } from './use-theme.ts';

export function PhoneBars(): React.JSX.Element {
  const t = useTranslations('shell');
  const hasCluster = useOptionalClusterId() !== null;
  return (
    <>
      <header className={styles.top}>
        <Link href="/" className={styles.brand} aria-label="Logarium">
          <Mark />
          <b>Logarium</b>
        </Link>
        <div className={styles.cluster}>
          <ClusterSwitch />
        </div>
        {hasCluster ? (
          <button type="button" className={styles.icon} onClick={openPalette} aria-label={t('find')}>
            <Search size={20} aria-hidden />
          </button>
        ) : null}
      </header>
      {hasCluster ? <PhoneNav /> : null}
    </>
  );
}

function PhoneNav(): React.JSX.Element {
  const t = useTranslations('shell');
  const href = useClusterHref();
  const current = placeOf(usePathname());
  const places = placeGroups.flat();
  return (
    <nav className={styles.nav} aria-label={t('phonePlaces')}>
      {phonePlaces.map((id) => {
        const Icon = places.find((place) => place.id === id)?.icon ?? Ellipsis;
        return (
          <Link key={id} href={href(id)} aria-current={id === current ? 'page' : undefined}>
            <Icon size={20} aria-hidden />
            <span>{t(`place.${id}`)}</span>
          </Link>
        );
      })}
      <More />
    </nav>
  );
}

function More(): React.JSX.Element {
  const t = useTranslations('shell');
  const router = useRouter();
  const href = useClusterHref();
  const { isDark, toggle } = useTheme();
  const { other, change } = useLanguage();
  const rest = placeGroups.flat().filter((place) => !phonePlaces.includes(place.id));
  return (
    <Menu position="top-end" width={220} shadow="none">
      <Menu.Target>
        <button type="button">
          <Ellipsis size={20} aria-hidden />
          <span>{t('more')}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {rest.map((place) => (
          <Menu.Item key={place.id} onClick={() => router.push(href(place.id))}>
            {t(`place.${place.id}`)}
          </Menu.Item>
        ))}
        <Menu.Item onClick={() => router.push('/clusters')}>{t('manageClusters')}</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={toggle}>{t(isDark ? 'toLight' : 'toDark')}</Menu.Item>
        <Menu.Item onClick={() => change(other)} lang={other}>
          {t('language')}
        </Menu.Item>
        <Menu.Item onClick={() => openHelp(t('help.title'))}>{t('help.title')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
