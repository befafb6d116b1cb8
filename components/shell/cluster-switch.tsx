// Which cluster one looks at, how many of its brokers answer, and the way to another.
'use client';

import { Menu } from '@mantine/core';
import { ChevronsUpDown } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { clusterHref, useOptionalClusterId } from './cluster-context.tsx';
import styles from './rail.module.css';
import { useClusters } from './use-clusters.ts';
import { useContact } from './use-contact.ts';

export function ClusterSwitch({ isFolded = false }: { readonly isFolded?: boolean }): React.JSX.Element {
  const t = useTranslations('shell');
  const router = useRouter();
  const clusterId = useOptionalClusterId();
  const { clusters, byId } = useClusters();
  const name = clusterId === null ? t('allClusters') : (byId(clusterId)?.name ?? clusterId);
  return (
    <Menu position="bottom-start" width={232} shadow="none" transitionProps={{ duration: 80 }}>
      <Menu.Target>
        <button
          type="button"
          className={styles.switch}
          aria-label={isFolded ? t('switchCluster', { name }) : undefined}
          title={t('switchCluster', { name })}
        >
          {isFolded ? (
            <span className={styles.initial}>{name.slice(0, 1).toUpperCase()}</span>
          ) : (
            <>
              <span>
                <b>{name}</b>
                <small>{clusterId === null ? t('clusterCount', { count: clusters.length }) : <BrokersUp />}</small>
              </span>
              <ChevronsUpDown size={14} aria-hidden />
            </>
          )}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {clusters.map((cluster) => (
          <Menu.Item
            key={cluster.id}
            onClick={() => router.push(clusterHref(cluster.id, 'live'))}
            aria-current={cluster.id === clusterId ? 'true' : undefined}
            fw={cluster.id === clusterId ? 700 : 500}
          >
            {cluster.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => router.push('/clusters')}>{t('manageClusters')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function BrokersUp(): React.JSX.Element {
  const t = useTranslations('shell');
  const { state, overview, lostParty } = useContact();
  if (state === 'connecting') return <>{t('connecting')}</>;
  if (state === 'lost' || overview === null) return <>{t(lostParty === 'cluster' ? 'noContact' : 'noConsole')}</>;
  const online = overview.brokers.filter((broker) => broker.state === 'online').length;
  return <>{t('brokersUp', { online, all: overview.brokers.length })}</>;
}
