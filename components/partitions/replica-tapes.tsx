// The replicas laid side by side on one scale: solid up to the high watermark, dashed up to the log's end, dotted where the
// leader has more. Tints are leader epochs; each carries its number, and the words beside say leader, sync and lag.
'use client';

import { Crown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Unknown } from '#components/ui/figure.tsx';
import { StateShape } from '#components/ui/state-shape.tsx';
import { Case, SectionHead } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { PartitionReplica, PartitionReplicas } from '#server/cluster/partition-replicas.ts';
import {
  partsOf,
  placeOf,
  presentStandings,
  replicaState,
  scaleOf,
  standingsOf,
  tintOf,
  type Scale,
  type Standing,
  type TapePart,
} from './partition-view.ts';
import styles from './partitions.module.css';
import { StandingMark, StandingWords } from './standing-mark.tsx';

/** A number fits into a part this wide, of the whole. */
const numberShare = 0.035;
const wordShare = 0.12;
const untoldShare = 0.3;

export function ReplicaTapes({ partition }: { readonly partition: PartitionReplicas }): React.JSX.Element {
  const t = useTranslations('partition.tapes');
  const format = useFormat();
  const scale = scaleOf(partition);
  return (
    <Case label={t('title')}>
      <SectionHead title={t('title')} note={scale.isPressed ? t('note', { window: format.count(scale.window) }) : t('noteWhole')}>
        <Legend standings={presentStandings(partition)} />
      </SectionHead>
      <ul className={styles.tapes}>
        {partition.replicas.map((replica) => (
          <Tape key={replica.brokerId} replica={replica} scale={scale} standings={standingsOf(partition, replica.brokerId)} />
        ))}
      </ul>
      <Axis scale={scale} />
    </Case>
  );
}

function Legend({ standings }: { readonly standings: readonly Standing[] }): React.JSX.Element {
  const t = useTranslations('partition.tapes');
  const standingWords = useTranslations('partition.standing');
  return (
    <div className={styles.legend} aria-hidden="true">
      <span>
        <i className={styles.key} data-kind="committed" data-tint="2" />
        {t('committed')}
      </span>
      <span>
        <i className={styles.key} data-kind="uncommitted" data-tint="2" />
        {t('uncommitted')}
      </span>
      <span>
        <i className={styles.key} data-kind="missing" />
        {t('missing')}
      </span>
      <span>
        <i className={styles.tick} />
        {t('watermark')}
      </span>
      {standings.map((standing) => (
        <span key={standing}>
          <StandingMark standing={standing} />
          {standingWords(standing)}
        </span>
      ))}
    </div>
  );
}

interface TapeProps {
  readonly replica: PartitionReplica;
  readonly scale: Scale;
  readonly standings: readonly Standing[];
}

function Tape({ replica, scale, standings }: TapeProps): React.JSX.Element {
  const t = useTranslations('partition.tapes');
  const { highWatermark } = replica;
  return (
    <li className={styles.tape}>
      <ReplicaName replica={replica} standings={standings} />
      <div className={styles.track} aria-hidden="true">
        {partsOf(replica, scale).map((part) => (
          <Part key={`${part.kind}-${part.left}`} part={part} />
        ))}
        {scale.isPressed ? <i className={styles.break} style={{ left: percent(placeOf(scale, scale.windowFrom) - 0.0125) }} /> : null}
        {highWatermark === null || replica.logEndOffset === null ? null : (
          <i className={styles.watermark} style={{ left: percent(placeOf(scale, highWatermark)) }} />
        )}
        {replica.answers ? null : <span className={styles.silent}>{t('silent')}</span>}
      </div>
      <Ends replica={replica} />
    </li>
  );
}

function Part({ part }: { readonly part: TapePart }): React.JSX.Element {
  const t = useTranslations('partition.tapes');
  const { epoch, width, kind, left } = part;
  const words = kind === 'untold' ? (width > untoldShare ? t('untold') : null) : numberOf(part, t);
  return (
    <span
      className={styles.part}
      data-kind={kind}
      data-tint={tintOf(epoch)}
      style={{ left: percent(left), width: percent(width) }}
      title={epoch === null ? undefined : t('epoch', { epoch })}
    >
      {words}
    </span>
  );
}

function numberOf({ epoch, width }: TapePart, t: ReturnType<typeof useTranslations<'partition.tapes'>>): string | null {
  if (epoch === null || width <= numberShare) return null;
  return width > wordShare ? t('epoch', { epoch }) : String(epoch);
}

function ReplicaName({ replica, standings }: Pick<TapeProps, 'replica' | 'standings'>): React.JSX.Element {
  const t = useTranslations('partition.tapes');
  const words = [
    replica.isLeader ? t('leads') : t('follows'),
    replica.isInSync ? t('inSync') : t('outOfSync'),
    replica.isPreferred ? t('firstChoice') : null,
  ].filter((word) => word !== null);
  return (
    <div className={styles.who}>
      <StateShape state={replicaState(replica)} size={13} />
      <div>
        <b>
          {t('broker', { broker: replica.brokerId })}
          {replica.isLeader ? <Crown size={13} aria-hidden className={styles.crown} /> : null}
        </b>
        <small>{words.join(t('comma'))}</small>
        <StandingWords standings={standings} />
      </div>
    </div>
  );
}

function Ends({ replica }: { readonly replica: PartitionReplica }): React.JSX.Element {
  const t = useTranslations('partition.tapes');
  const format = useFormat();
  const { logEndOffset, lag, sizeBytes } = replica;
  return (
    <div className={styles.ends}>
      <b>{logEndOffset === null ? <Unknown /> : format.count(logEndOffset)}</b>
      <small>
        {lag === null ? t('lagUnknown') : replica.isLeader ? t('theEnd') : lag === 0 ? t('level') : t('behind', { lag: format.count(lag) })}
        {sizeBytes === null ? '' : `${t('comma')}${format.bytes(sizeBytes)}`}
      </small>
    </div>
  );
}

function Axis({ scale }: { readonly scale: Scale }): React.JSX.Element {
  const format = useFormat();
  const t = useTranslations('partition.tapes');
  const ticks = scale.isPressed
    ? [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(scale.windowFrom + scale.window * share))
    : [0, 0.5, 1].map((share) => Math.round(scale.from + (scale.to - scale.from) * share));
  const shown = scale.isPressed ? [scale.from, ...ticks] : ticks;
  return (
    <div className={styles.axis} aria-hidden="true">
      <span>{t('axis')}</span>
      <div>
        {[...new Set(shown)].map((offset) => (
          <span key={offset} style={{ left: percent(placeOf(scale, offset)) }}>
            {format.count(offset)}
          </span>
        ))}
      </div>
      <span />
    </div>
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
