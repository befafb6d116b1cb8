// Under each shelf: the broker's name, crown, shield, what it leads, and thin bars of disk, in and out.
'use client';

import { useTranslations } from 'next-intl';
import { foreignWords } from '#components/ui/foreign-text.ts';
import { useFormat } from '#components/ui/use-format.ts';
import { splitBytes } from '#components/ui/format.ts';
import { Crown, Lock, Shield } from './icons.tsx';
import styles from './cabinet-labels.module.css';
import type { BrokerSummary } from '#server/cluster/port.ts';
import type { CabinetPlace, Layout } from './scene/layout.ts';
import type { LiveView } from './use-live-view.ts';
import type { Scene } from './scene/scene.ts';

interface LabelProps {
  readonly scene: Scene;
  readonly layout: Layout;
  readonly view: LiveView;
}

export function CabinetLabels({ scene, layout, view }: LabelProps): React.JSX.Element {
  const busiest = busiestBytes(scene.state.brokers);
  return (
    <>
      {layout.cabinets.map((cabinet) => {
        const broker = scene.state.brokers.find((candidate) => candidate.brokerId === cabinet.brokerId);
        return broker === undefined ? null : <Lip key={cabinet.brokerId} {...{ broker, cabinet, scene, layout, view, busiest }} />;
      })}
      {layout.topics.map((place) => (
        <span
          key={place.key}
          className={styles.topic}
          data-small={layout.cell < 22 || undefined}
          style={{ left: place.x, top: place.y - (layout.cell < 22 ? 10.5 : 12), maxWidth: place.width }}
          title={place.topic}
        >
          {place.topic}
        </span>
      ))}
    </>
  );
}

function busiestBytes(brokers: readonly BrokerSummary[]): number {
  return Math.max(1_000, ...brokers.map((broker) => Math.max(broker.rates?.bytesInPerSecond ?? 0, broker.rates?.bytesOutPerSecond ?? 0)));
}

interface LipProps extends LabelProps {
  readonly broker: BrokerSummary;
  readonly cabinet: CabinetPlace;
  readonly busiest: number;
}

function Lip(props: LipProps): React.JSX.Element {
  const { broker, cabinet, layout, view } = props;
  const t = useTranslations('live.broker');
  const isSelected = view.selection?.kind === 'broker' && view.selection.brokerId === broker.brokerId;
  return (
    <>
      {cabinet.rack === null || cabinet.plate.x > layout.brokersX + 2 ? null : (
        <span className={styles.rack} style={{ left: cabinet.plate.x - 8, top: cabinet.plate.y - 13 }}>
          {t('rack', { rack: foreignWords(cabinet.rack) })}
        </span>
      )}
      <div
        className={styles.lip}
        style={{ left: cabinet.plate.x, top: cabinet.plate.y - 15, width: layout.level === 'class' ? 300 : cabinet.width }}
      >
        <button
          type="button"
          className={`${styles.plate} ${cabinet.isStopped ? styles.struck : ''}`}
          aria-pressed={isSelected}
          onClick={() => view.select(isSelected ? null : { kind: 'broker', brokerId: broker.brokerId })}
        >
          {t('name', { id: broker.brokerId })}
        </button>
        <BrokerSigns broker={broker} />
        <BrokerWords {...props} />
      </div>
      {layout.level === 'class' ? <ClassFacts {...props} /> : <TeamFacts {...props} />}
    </>
  );
}

function BrokerSigns({ broker }: { readonly broker: BrokerSummary }): React.JSX.Element {
  const t = useTranslations('live.broker');
  return (
    <>
      {broker.isController ? <Crown title={t('controller')} /> : null}
      {broker.isVoter === true ? <Shield title={t('voter')} /> : null}
      {broker.state === 'fenced' ? <Lock title={t('fenced')} /> : null}
    </>
  );
}

function BrokerWords({ broker, cabinet, scene, layout }: LipProps): React.JSX.Element {
  const t = useTranslations('live.broker');
  if (cabinet.isStopped)
    return (
      <span className={styles.lipText}>
        <b>{t(`state.${broker.state}`)}</b>
      </span>
    );
  const leads = layout.cells.filter((place) => place.cell.brokerId === broker.brokerId && place.cell.state === 'leader').length;
  return (
    <span className={`${styles.lipText} ${layout.level === 'team' ? styles.lipEnd : ''}`}>
      {layout.level === 'class' ? <b>{t('leads', { count: leads })}</b> : t('leads', { count: leads })}
      {broker.isController && scene.state.controllerEpoch !== null && layout.level === 'class' ? (
        <span className={styles.epoch}>{t('epoch', { epoch: scene.state.controllerEpoch })}</span>
      ) : null}
    </span>
  );
}

function ClassFacts({ broker, cabinet, busiest }: LipProps): React.JSX.Element | null {
  const t = useTranslations('live.broker');
  if (cabinet.isStopped) return null;
  const { x, y } = cabinet.facts;
  return (
    <>
      <DiskFact broker={broker} at={{ x, y }} />
      {broker.rates === null ? null : (
        <RateFact word={t('in')} bytes={broker.rates.bytesInPerSecond} busiest={busiest} at={{ x: x + 66, y, width: 70 }} />
      )}
      {broker.rates === null ? null : (
        <RateFact word={t('out')} bytes={broker.rates.bytesOutPerSecond} busiest={busiest} at={{ x: x + 150, y, width: 78 }} />
      )}
    </>
  );
}

function diskRatio(broker: BrokerSummary): number | null {
  if (broker.diskTotalBytes === null || broker.diskUsableBytes === null || broker.diskTotalBytes === 0) return null;
  return 1 - broker.diskUsableBytes / broker.diskTotalBytes;
}

function DiskFact({
  broker,
  at,
}: {
  readonly broker: BrokerSummary;
  readonly at: { readonly x: number; readonly y: number };
}): React.JSX.Element | null {
  const t = useTranslations('live.broker');
  const format = useFormat();
  const ratio = diskRatio(broker);
  if (ratio !== null)
    return <LipFact text={t.rich('disk', { percent: format.percent(ratio), b: bold })} share={ratio} at={{ ...at, width: 54 }} />;
  if (broker.diskUsedBytes === null) return null;
  return <LipFact text={t.rich('used', { size: format.bytes(broker.diskUsedBytes), b: bold })} share={null} at={{ ...at, width: 54 }} />;
}

const bold = (chunks: React.ReactNode): React.ReactNode => <b>{chunks}</b>;

function RateFact({
  word,
  bytes,
  busiest,
  at,
}: {
  readonly word: string;
  readonly bytes: number;
  readonly busiest: number;
  readonly at: { readonly x: number; readonly y: number; readonly width: number };
}): React.JSX.Element {
  const { figure, unit } = splitBytes(bytes);
  return (
    <LipFact
      text={
        <>
          {word} <b>{figure}</b> {unit}/s
        </>
      }
      share={bytes / busiest}
      at={at}
    />
  );
}

function LipFact({
  text,
  share,
  at,
}: {
  readonly text: React.ReactNode;
  readonly share: number | null;
  readonly at: { readonly x: number; readonly y: number; readonly width: number };
}): React.JSX.Element {
  return (
    <div className={styles.lipFact} style={{ left: at.x, top: at.y - 13, width: at.width }}>
      <span>{text}</span>
      {share === null ? null : <i style={{ '--share': Math.min(1, Math.max(0, share)) } as React.CSSProperties} />}
    </div>
  );
}

function TeamFacts({ broker, cabinet }: LipProps): React.JSX.Element | null {
  const ratio = diskRatio(broker);
  if (cabinet.isStopped || ratio === null) return null;
  return (
    <div className={styles.lipFact} style={{ left: cabinet.facts.x, top: cabinet.facts.y, width: cabinet.width - 2 }}>
      <i style={{ '--share': ratio } as React.CSSProperties} />
    </div>
  );
}
