// The list of known clusters.
'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { clusterHref } from '#components/shell/cluster-context.tsx';
import type { KnownCluster } from '#components/shell/use-clusters.ts';
import { Action } from '#components/ui/action.tsx';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { LoadingTable } from '#components/ui/loading-table.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape, type State } from '#components/ui/state-shape.tsx';
import styles from './clusters.module.css';

export interface ClusterTableProps {
  readonly clusters: readonly KnownCluster[];
  readonly onRename: (cluster: KnownCluster) => void;
  readonly onDetach: (cluster: KnownCluster) => void;
}

const rowHeight = 48;

export function ClusterTable({ clusters, ...deeds }: ClusterTableProps): React.JSX.Element {
  const t = useTranslations('clusters');
  const columns = useColumns(deeds);
  return <DataTable label={t('list')} columns={columns} rows={clusters} rowKey={(cluster) => cluster.id} rowHeight={rowHeight} />;
}

const noDeeds = { onRename: () => undefined, onDetach: () => undefined };

export function ClusterTableLoading(): React.JSX.Element {
  const t = useTranslations('clusters');
  return <LoadingTable columns={useColumns(noDeeds)} rows={2} rowHeight={rowHeight} awaited={t('askingList')} />;
}

function useColumns({ onRename, onDetach }: Omit<ClusterTableProps, 'clusters'>): readonly Column<KnownCluster>[] {
  const t = useTranslations('clusters');
  return [
    { id: 'name', header: t('column.name'), cell: (cluster) => <Name cluster={cluster} /> },
    {
      id: 'bootstrap',
      header: t('column.bootstrap'),
      cell: (cluster) => <span className={`${parts.code} ${styles.address}`}>{cluster.bootstrap.replaceAll(',', ', ')}</span>,
    },
    {
      id: 'deeds',
      header: '',
      align: 'right',
      cell: (cluster) =>
        cluster.kind === 'embedded' ? (
          <small className={styles.reach}>{t('own')}</small>
        ) : (
          <span className={styles.right}>
            <Action tone="link" onClick={() => onRename(cluster)} aria-label={t('renameNamed', { name: cluster.name })}>
              {t('rename')}
            </Action>
            <Action tone="link" onClick={() => onDetach(cluster)} aria-label={t('detachNamed', { name: cluster.name })}>
              {t('detach')}
            </Action>
          </span>
        ),
    },
  ];
}

function Name({ cluster }: { readonly cluster: KnownCluster }): React.JSX.Element {
  const t = useTranslations('clusters');
  const state: State = cluster.isReachable === null ? 'unknown' : cluster.isReachable ? 'good' : 'offline';
  return (
    <span className={`${parts.name} ${parts.plate}`}>
      <StateShape state={state} />
      <span>
        <Link href={clusterHref(cluster.id, 'overview')}>{cluster.name}</Link>
        <span className={`${parts.why} ${styles.reach}`}>
          {t(`reach.${state === 'good' ? 'yes' : state === 'offline' ? 'no' : 'unknown'}`)}
        </span>
      </span>
    </span>
  );
}
