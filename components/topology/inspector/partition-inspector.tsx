// One partition: who leads, which copies are in step, where the log begins and ends, who reads it and how far behind.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { withQuery } from '#components/shell/addresses.ts';
import { ActionLink } from '#components/ui/action.tsx';
import { Cell, type CellLook } from '#components/ui/cell.tsx';
import { Drawer, DrawerSection } from '#components/ui/drawer.tsx';
import { Facts, type Fact } from '#components/ui/facts.tsx';
import { Unknown } from '#components/ui/figure.tsx';
import { ForeignText } from '#components/ui/foreign-text.tsx';
import { useFormat, type Format } from '#components/ui/use-format.ts';
import { useClusterHref, useClusterId } from '#components/shell/cluster-context.tsx';
import { useTRPC } from '#components/shell/trpc.ts';
import styles from './inspector.module.css';
import type { CellState } from '../scene/cells.ts';
import type { LiveView } from '../use-live-view.ts';
import type { PartitionDetail, GroupDetail } from '#server/cluster/port.ts';
import type { PartitionRow } from '../partition-rows.ts';
import type { Scene } from '../scene/scene.ts';

interface Props {
  readonly scene: Scene;
  readonly rows: readonly PartitionRow[];
  readonly topic: string;
  readonly partition: number;
  readonly view: LiveView;
  readonly onClose: () => void;
}

const looks: Readonly<Record<CellState, CellLook>> = {
  leader: 'solid',
  follower: 'hollow',
  'out-of-sync': 'hatched',
  'no-leader': 'leaderless',
  stopped: 'gone',
  absent: 'empty',
};
const detailEveryMs = 3_000;

export function PartitionInspector({ scene, rows, topic, partition, view, onClose }: Props): React.JSX.Element {
  const t = useTranslations('live.partition');
  const href = useClusterHref();
  const row = rows.find((candidate) => candidate.topic === topic && candidate.partition === partition);
  // What the cluster answers now says nothing of a moment that has passed.
  const detail = usePartitionDetail(topic, { partition, isAsked: view.atMs === null });
  const readers = scene.state.groups.filter((group) =>
    group.offsets.some((offset) => offset.topic === topic && offset.partition === partition),
  );
  const foot = (
    <ActionLink tone="ink" href={href(withQuery('messages', { topic, p: partition }))}>
      {t('read')}
    </ActionLink>
  );
  return (
    <Drawer
      title={`${topic}-${partition}`}
      sub={t('sub', { partition, topic })}
      label={t('label', { name: `${topic}-${partition}` })}
      onClose={onClose}
      foot={foot}
    >
      {row === undefined ? (
        <p className={styles.prose}>{t('gone')}</p>
      ) : (
        <>
          <StateLine row={row} view={view} />
          <DrawerSection title={t('copies', { count: row.replicas.length })}>
            <Copies row={row} />
          </DrawerSection>
          <NowSection row={row} detail={detail} isRecord={scene.isRecord} />
          <DrawerSection title={t('readBy')}>
            <Readers readers={readers} topic={topic} partition={partition} />
          </DrawerSection>
        </>
      )}
    </Drawer>
  );
}

function usePartitionDetail(
  topic: string,
  { partition, isAsked }: { readonly partition: number; readonly isAsked: boolean },
): PartitionDetail | null {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.topics.get.queryOptions({ clusterId: useClusterId(), name: topic }, { refetchInterval: detailEveryMs, enabled: isAsked }),
  );
  if (!isAsked) return null;
  return data?.partitions.find((candidate) => candidate.partition === partition) ?? null;
}

function StateLine({ row, view }: { readonly row: PartitionRow; readonly view: LiveView }): React.JSX.Element {
  const t = useTranslations('live.partition');
  const pointed =
    view.selection?.kind === 'partition'
      ? row.cells.find((cell) => cell.brokerId === (view.selection as { brokerId: number | null }).brokerId)
      : undefined;
  const leader = row.cells.find((cell) => cell.state === 'leader');
  const state = pointed?.state ?? leader?.state ?? 'no-leader';
  const b = (chunks: React.ReactNode): React.ReactNode => <b>{chunks}</b>;
  return (
    <div className={styles.state}>
      <Cell look={looks[state]} text={String(row.partition)} />
      <span>
        {row.leaderId === null ? t.rich('leaderless', { b }) : t.rich('inSync', { inSync: row.isr.length, count: row.replicas.length, b })}
      </span>
    </div>
  );
}

function Copies({ row }: { readonly row: PartitionRow }): React.JSX.Element {
  const t = useTranslations('live.partition');
  const states = useTranslations('live.grid.state');
  return (
    <ul className={styles.copies}>
      {row.replicas.map((brokerId, index) => (
        <li key={brokerId}>
          <b>{t('broker', { id: brokerId })}</b>
          <span>
            {states(row.cells.find((cell) => cell.brokerId === brokerId)?.state ?? 'stopped')}
            {index === 0 && row.replicas.length > 1 ? `, ${t('firstChoice')}` : ''}
          </span>
        </li>
      ))}
    </ul>
  );
}

interface NowProps {
  readonly row: PartitionRow;
  readonly detail: PartitionDetail | null;
  readonly isRecord: boolean;
}

function NowSection({ row, detail, isRecord }: NowProps): React.JSX.Element {
  const t = useTranslations('live.partition');
  const format = useFormat();
  return (
    <DrawerSection title={t(isRecord ? 'then' : 'now')}>
      <Facts facts={nowFacts(row, detail, { t, format })} />
    </DrawerSection>
  );
}

function orUnknown(value: number | null | undefined, show: (value: number) => React.ReactNode): React.ReactNode {
  return value === null || value === undefined ? <Unknown /> : show(value);
}

function nowFacts(
  row: PartitionRow,
  detail: PartitionDetail | null,
  words: { readonly t: ReturnType<typeof useTranslations<'live.partition'>>; readonly format: Format },
): readonly Fact[] {
  const { t, format } = words;
  return [
    {
      name: t('leader'),
      value: orUnknown(row.leaderId, (id) => t('broker', { id })),
      ...(row.leaderEpoch === null ? {} : { note: t('epoch', { epoch: row.leaderEpoch }) }),
    },
    { name: t('inSyncSet'), value: row.isr.join(', '), note: t('ofReplicas', { replicas: row.replicas.join(', ') }) },
    { name: t('arriving'), value: orUnknown(row.recordsPerSecond, (rate) => t('perSecond', { rate: format.rate(rate) })) },
    {
      name: t('offsets'),
      value: orUnknown(detail?.startOffset ?? row.endOffset, () => {
        const end = orText(detail?.endOffset ?? row.endOffset, format);
        return detail?.startOffset == null ? t('upTo', { end }) : `${format.count(detail.startOffset)} – ${end}`;
      }),
    },
    { name: t('onDisk'), value: orUnknown(detail?.sizeBytes, format.bytes) },
  ];
}

function orText(value: number | null | undefined, format: Format): string {
  return value === null || value === undefined ? '?' : format.count(value);
}

function Readers({
  readers,
  topic,
  partition,
}: {
  readonly readers: readonly GroupDetail[];
  readonly topic: string;
  readonly partition: number;
}): React.JSX.Element {
  const t = useTranslations('live.partition');
  const format = useFormat();
  if (readers.length === 0) return <p className={styles.prose}>{t('unread')}</p>;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('group')}</th>
          <th scope="col">{t('committed')}</th>
          <th scope="col">{t('lag')}</th>
        </tr>
      </thead>
      <tbody>
        {readers.map((group) => {
          const offset = group.offsets.find((candidate) => candidate.topic === topic && candidate.partition === partition);
          return (
            <tr key={group.groupId}>
              <th scope="row">
                <ForeignText text={group.groupId} />
              </th>
              <td>{orUnknown(offset?.committedOffset, format.count)}</td>
              <td>{orUnknown(offset?.lag, format.count)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
