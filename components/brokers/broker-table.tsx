// The list of brokers. Columns that no broker can fill are left out rather than shown full of rings.
'use client';

import { Crown, Shield } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { Figure } from '#components/ui/figure.tsx';
import { foreignWords } from '#components/ui/foreign-text.ts';
import { LoadingTable } from '#components/ui/loading-table.tsx';
import { Meter } from '#components/ui/meter.tsx';
import parts from '#components/ui/page-parts.module.css';
import { StateShape } from '#components/ui/state-shape.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { formatAddress } from '#components/ui/format.ts';
import { useSortParam } from '#components/ui/use-sort-param.ts';
import type { BrokerSummary } from '#server/cluster/port.ts';
import { brokerState, diskRatio } from './broker-view.ts';
import styles from './brokers.module.css';

const rowHeight = 48;

export function BrokerTable({ brokers }: { readonly brokers: readonly BrokerSummary[] }): React.JSX.Element {
  const t = useTranslations('brokers');
  const router = useRouter();
  const href = useClusterHref();
  const [sort, setSort] = useSortParam();
  const columns = useBrokerColumns(
    brokers.some((broker) => broker.rates !== null),
    brokers.some((broker) => broker.process !== null),
    brokers.some((broker) => broker.rack !== null),
  );
  return (
    <DataTable
      label={t('list')}
      columns={columns}
      rows={brokers}
      rowKey={(broker) => String(broker.brokerId)}
      sort={sort}
      onSort={setSort}
      onOpen={(broker) => router.push(href(`brokers/${broker.brokerId}`))}
      rowHeight={rowHeight}
    />
  );
}

/** Before the answer it is not known what else the brokers tell: the columns that every cluster has. */
export function BrokerTableLoading(): React.JSX.Element {
  const t = useTranslations('brokers');
  return <LoadingTable columns={useBrokerColumns(false, false, false)} rows={3} rowHeight={rowHeight} awaited={t('waiting')} />;
}

function useBrokerColumns(hasRates: boolean, hasProcess: boolean, hasRack: boolean): readonly Column<BrokerSummary>[] {
  const t = useTranslations('brokers.column');
  const tu = useTranslations('ui.units');
  const format = useFormat();
  return useMemo(() => {
    const bytes = (value: number | null | undefined): React.JSX.Element => <Figure value={value == null ? null : format.bytes(value)} />;
    const all: (Column<BrokerSummary> | null)[] = [
      { id: 'broker', header: t('broker'), sortBy: (one) => one.brokerId, cell: (one) => <BrokerName broker={one} /> },
      {
        id: 'address',
        header: t('address'),
        isWide: true,
        sortBy: formatAddress,
        cell: (one) => <span className={parts.code}>{formatAddress(one)}</span>,
      },
      hasRack
        ? {
            id: 'rack',
            header: t('rack'),
            isWide: true,
            sortBy: (one) => one.rack,
            cell: (one) => <Figure value={one.rack === null ? null : foreignWords(one.rack)} />,
          }
        : null,
      {
        id: 'leads',
        header: t('leads'),
        align: 'right',
        sortBy: (one) => one.leaderCount,
        cell: (one) => <b>{format.count(one.leaderCount)}</b>,
      },
      {
        id: 'holds',
        header: t('holds'),
        align: 'right',
        isWide: true,
        sortBy: (one) => one.replicaCount,
        cell: (one) => format.count(one.replicaCount),
      },
      {
        id: 'used',
        header: t('used'),
        align: 'right',
        isWide: true,
        sortBy: (one) => one.diskUsedBytes,
        cell: (one) => bytes(one.diskUsedBytes),
      },
      { id: 'disk', header: t('disk'), align: 'right', isWide: true, sortBy: diskRatio, cell: (one) => <Disk broker={one} /> },
      hasRates
        ? {
            id: 'in',
            header: `${t('in')} /${tu('s')}`,
            align: 'right',
            sortBy: (one) => one.rates?.bytesInPerSecond ?? null,
            cell: (one) => bytes(one.rates?.bytesInPerSecond),
          }
        : null,
      hasRates
        ? {
            id: 'out',
            header: `${t('out')} /${tu('s')}`,
            align: 'right',
            isWide: true,
            sortBy: (one) => one.rates?.bytesOutPerSecond ?? null,
            cell: (one) => bytes(one.rates?.bytesOutPerSecond),
          }
        : null,
      hasRates
        ? {
            id: 'idle',
            header: t('idle'),
            align: 'right',
            isWide: true,
            sortBy: (one) => one.rates?.idleRatio ?? null,
            cell: (one) => <Figure value={one.rates === null ? null : format.percent(one.rates.idleRatio)} unit="%" />,
          }
        : null,
      hasProcess
        ? {
            id: 'pid',
            header: t('pid'),
            align: 'right',
            isWide: true,
            sortBy: (one) => one.process?.pid ?? null,
            cell: (one) => <Figure value={one.process === null ? null : String(one.process.pid)} />,
          }
        : null,
      hasProcess
        ? {
            id: 'memory',
            header: t('memory'),
            align: 'right',
            isWide: true,
            sortBy: (one) => one.process?.residentBytes ?? null,
            cell: (one) => bytes(one.process?.residentBytes),
          }
        : null,
    ];
    return all.filter((column) => column !== null);
  }, [t, tu, format, hasRates, hasProcess, hasRack]);
}

function BrokerName({ broker }: { readonly broker: BrokerSummary }): React.JSX.Element {
  const t = useTranslations('brokers');
  const href = useClusterHref();
  return (
    <span className={`${parts.name} ${parts.plate}`}>
      <StateShape state={brokerState(broker)} />
      <span>
        <Link href={href(`brokers/${broker.brokerId}`)}>{t('name', { broker: broker.brokerId })}</Link>
        {broker.state === 'online' ? null : <span className={parts.why}>{t(`state.${broker.state}`)}</span>}
      </span>
      {broker.isController ? <Crown size={15} fill="currentColor" aria-label={t('isController')} role="img" /> : null}
      {broker.isVoter === true ? <Shield size={14} aria-label={t('isVoter')} role="img" /> : null}
    </span>
  );
}

function Disk({ broker }: { readonly broker: BrokerSummary }): React.JSX.Element {
  const format = useFormat();
  const ratio = diskRatio(broker);
  if (ratio === null) return <Figure value={null} />;
  return (
    <span className={styles.disk}>
      <Meter ratio={ratio} short tone={ratio >= 0.95 ? 'offline' : ratio >= 0.7 ? 'watch' : 'ink'} />
      {format.percent(ratio)} %
    </span>
  );
}
