// The phone's twin of the picture: partitions by topic, a column of cells for each broker, rate and lag.
'use client';

import { useTranslations } from 'next-intl';
import { Cell, type CellLook } from '#components/ui/cell.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import hidden from '#components/ui/sr.module.css';
import type { BrokerSummary } from '#server/cluster/port.ts';
import { Crown } from './icons.tsx';
import { FlowMark } from './flow-mark.tsx';
import styles from './phone-list.module.css';
import type { CellState } from './scene/cells.ts';
import type { LiveView } from './use-live-view.ts';
import type { PartitionRow } from './partition-rows.ts';
import type { Scene } from './scene/scene.ts';

/** Cells that fit beside a name at 320 pixels; more brokers are told in words. */
const maxColumns = 4;
const looks: Readonly<Record<CellState, CellLook | null>> = {
  leader: 'solid',
  follower: 'hollow',
  'out-of-sync': 'hatched',
  'no-leader': 'leaderless',
  stopped: 'gone',
  absent: null,
};

export function PhoneList({
  scene,
  rows,
  view,
}: {
  readonly scene: Scene;
  readonly rows: readonly PartitionRow[];
  readonly view: LiveView;
}): React.JSX.Element {
  const t = useTranslations('live.phone');
  const topics = [...new Set(rows.map((row) => row.topic))];
  const brokers = scene.state.brokers.slice(0, maxColumns);
  return (
    <section className={styles.list} aria-label={t('label')} style={{ '--columns': brokers.length } as React.CSSProperties}>
      <FlowStrip scene={scene} />
      <div className={styles.head}>
        <span />
        {brokers.map((broker) => (
          <span key={broker.brokerId} className={styles.broker}>
            {broker.isController ? <Crown title={t('controller')} /> : null}
            {broker.state === 'online' ? <b>{broker.brokerId}</b> : <Struck broker={broker} />}
          </span>
        ))}
        <span className={styles.right}>{t('rate')}</span>
        <span className={styles.right}>{t('lag')}</span>
      </div>
      {topics.map((topic) => (
        <TopicRows key={topic} topic={topic} rows={rows.filter((row) => row.topic === topic)} view={view} />
      ))}
      {topics.length === 0 ? <p className={styles.none}>{t('none')}</p> : null}
    </section>
  );
}

/** A broker that doesn't serve keeps its column, as it keeps its place in the picture. */
function Struck({ broker }: { readonly broker: BrokerSummary }): React.JSX.Element {
  const t = useTranslations('live.broker.state');
  return (
    <>
      <s>{broker.brokerId}</s>
      <span className={hidden.sr}>{t(broker.state)}</span>
    </>
  );
}

function FlowStrip({ scene }: { readonly scene: Scene }): React.JSX.Element {
  const t = useTranslations('live.heads');
  const format = useFormat();
  const { figures } = scene;
  const show = (value: number | null | undefined): string =>
    value === null || value === undefined ? t('unknown') : t('perSecond', { rate: format.rate(value) });
  return (
    <p className={styles.flows}>
      <span>
        <FlowMark kind="produce" />
        {t('produce')} <b>{show(figures?.producePerSecond)}</b>
      </span>
      {scene.structure.edges.some((edge) => edge.kind === 'replicate') ? (
        <span>
          <FlowMark kind="replicate" />
          {t('replicate')} <b>{show(figures?.replicatePerSecond)}</b>
        </span>
      ) : null}
      <span>
        <FlowMark kind="consume" />
        {t('consume')} <b>{show(figures?.consumePerSecond)}</b>
      </span>
    </p>
  );
}

function TopicRows({
  topic,
  rows,
  view,
}: {
  readonly topic: string;
  readonly rows: readonly PartitionRow[];
  readonly view: LiveView;
}): React.JSX.Element {
  const t = useTranslations('live.phone');
  const format = useFormat();
  const perSecond = rows.reduce((sum, row) => sum + (row.recordsPerSecond ?? 0), 0);
  return (
    <>
      <div className={styles.topic}>
        <h2>{topic}</h2>
        <span>{t('topic', { count: rows.length, rate: format.rate(perSecond) })}</span>
      </div>
      {rows.map((row) => (
        <Row key={row.key} row={row} view={view} />
      ))}
    </>
  );
}

function Row({ row, view }: { readonly row: PartitionRow; readonly view: LiveView }): React.JSX.Element {
  const t = useTranslations('live.phone');
  const format = useFormat();
  const hidden = row.cells.length - maxColumns;
  return (
    <button
      type="button"
      className={styles.row}
      onClick={() => view.select({ kind: 'partition', topic: row.topic, partition: row.partition, brokerId: null })}
    >
      <span className={styles.name}>
        {row.key}
        {hidden > 0 ? <em>{t('moreBrokers', { leader: row.leaderId ?? '–', count: hidden })}</em> : null}
      </span>
      {row.cells.slice(0, maxColumns).map((cell) => {
        const look = looks[cell.state];
        return (
          <span key={cell.brokerId} className={styles.cell}>
            {look === null ? null : <Cell look={look} text={String(row.partition)} />}
          </span>
        );
      })}
      <span className={styles.right}>{row.recordsPerSecond === null ? '–' : format.rate(row.recordsPerSecond)}</span>
      <span className={styles.right}>{row.lag === null ? '–' : format.count(row.lag)}</span>
    </button>
  );
}
