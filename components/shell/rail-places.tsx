// The places with their counts. A count is what the cluster last said; when contact is lost it becomes a
// dashed ring, because an old count would pass for a present one.
'use client';

import { Tooltip } from '@mantine/core';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { StateShape } from '#components/ui/state-shape.tsx';
import { useClusterHref } from './cluster-context.tsx';
import { placeGroups, placeOf, type Place, type PlaceId } from './places.ts';
import styles from './rail.module.css';
import { useContact } from './use-contact.ts';
import { useHealth, type Health } from './use-health.ts';

export function RailPlaces({ isFolded }: { readonly isFolded: boolean }): React.JSX.Element {
  const current = placeOf(usePathname());
  return (
    <>
      {placeGroups.map((places, index) => (
        <ul key={index}>
          {places.map((place) => (
            <li key={place.id}>
              <PlaceLink place={place} isFolded={isFolded} isCurrent={place.id === current} />
            </li>
          ))}
        </ul>
      ))}
    </>
  );
}

interface PlaceLinkProps {
  readonly place: Place;
  readonly isFolded: boolean;
  readonly isCurrent: boolean;
}

function PlaceLink({ place, isFolded, isCurrent }: PlaceLinkProps): React.JSX.Element {
  const t = useTranslations('shell');
  const href = useClusterHref();
  const Icon = place.icon;
  const name = t(`place.${place.id}`);
  const link = (
    <Link className={styles.place} href={href(place.id)} aria-current={isCurrent ? 'page' : undefined}>
      <Icon size={17} strokeWidth={1.75} aria-hidden />
      <span className={isFolded ? styles.hidden : styles.word}>{name}</span>
      <Count id={place.id} />
    </Link>
  );
  return isFolded ? (
    <Tooltip label={name} position="right">
      {link}
    </Tooltip>
  ) : (
    link
  );
}

function Count({ id }: { readonly id: PlaceId }): React.JSX.Element | null {
  const t = useTranslations('shell');
  const { state, overview } = useContact();
  const { health } = useHealth();
  const troubles = troubleCount(id, health);
  if (troubles > 0 && state === 'live') {
    return (
      <span className={`${styles.count} ${styles.trouble}`} title={t('inTrouble', { count: troubles })}>
        <StateShape state="watch" size={12} />
        <b>{troubles}</b>
      </span>
    );
  }
  if (overview === null || (id !== 'topics' && id !== 'brokers')) return null;
  if (state === 'lost')
    return (
      <span className={styles.count}>
        <StateShape state="unknown" size={12} />
      </span>
    );
  return <span className={styles.count}>{id === 'topics' ? overview.topicCount : overview.brokers.length}</span>;
}

const placeOfCode: Partial<Record<string, PlaceId>> = {
  OFFLINE_PARTITIONS: 'topics',
  UNDER_MIN_ISR: 'topics',
  UNDER_REPLICATED: 'topics',
  BROKERS_MISSING: 'brokers',
  BROKERS_UNREACHABLE: 'brokers',
  LOG_DIRECTORY_FAILED: 'brokers',
  DISK_FULL: 'brokers',
  LOGS_DAMAGED: 'brokers',
  LOGS_UNCLEANABLE: 'brokers',
  NO_QUORUM: 'controller',
  NO_CONTROLLER: 'controller',
  GROUPS_STOPPED: 'groups',
  GROUPS_STALLED: 'groups',
  GROUPS_FALLING_BEHIND: 'groups',
};

function troubleCount(id: PlaceId, health: Health | null): number {
  const reasons = health?.reasons.filter((reason) => placeOfCode[reason.code] === id) ?? [];
  return reasons.reduce((most, reason) => Math.max(most, typeof reason.values['count'] === 'number' ? reason.values['count'] : 1), 0);
}
