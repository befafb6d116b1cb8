// The event lane: what happened over what flowed, on one time axis; its table twin has every event in words.
'use client';

import { Rows3, Waves } from 'lucide-react';
import { parseAsBoolean, useQueryState } from 'nuqs';
import { useTranslations } from 'next-intl';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useFormat } from '#components/ui/use-format.ts';
import { EventTable } from './event-table.tsx';
import { LaneMarkShape } from './lane-mark.tsx';
import { axisTicks, curve, laneBox, laneMarks, scaleTop, timeX, type LaneEvent, type LaneFrame, type LaneMark } from './lane-model.ts';
import { markWords } from './lane-words.ts';
import { useLaneEvents, type FactSource } from './use-lane-events.ts';
import styles from './event-lane.module.css';
import type { RateSample } from '#server/cluster/port.ts';

/** What the lane needs of a live feed. */
export interface LaneFeed extends FactSource {
  readonly samples: readonly RateSample[];
  readonly subscribe: (listener: () => void) => () => void;
  readonly revision: () => number;
}

const spanMs = 300_000;

export interface EventLaneProps {
  readonly feed: LaneFeed;
  /** The moment shown, when the picture is paused; else null. */ readonly pausedAtMs: number | null;
}

export function EventLane({ feed, pausedAtMs }: EventLaneProps): React.JSX.Element {
  const t = useTranslations('timeline');
  useSyncExternalStore(feed.subscribe, feed.revision, () => 0);
  const events = useLaneEvents(feed);
  const [isTable, setTable] = useQueryState('events', parseAsBoolean.withDefault(false));
  const [width, ref] = useWidth();
  const lastMs = feed.samples.at(-1)?.atMs ?? 0;
  const toMs = pausedAtMs ?? lastMs;
  const frame = useMemo<LaneFrame>(() => ({ width, fromMs: toMs - spanMs, toMs }), [width, toMs]);
  return (
    <section className={styles.case} aria-label={t('label')} data-open={isTable || undefined}>
      <div ref={ref} className={styles.inner}>
        <div className={styles.heading}>
          <h2>{t('title')}</h2>
          <button
            type="button"
            className={styles.twin}
            aria-pressed={isTable}
            aria-label={isTable ? t('lane') : t('table')}
            title={isTable ? t('lane') : t('table')}
            onClick={() => void setTable(!isTable)}
          >
            {isTable ? <Waves size={15} /> : <Rows3 size={15} />}
          </button>
        </div>
        {isTable ? (
          <EventTable events={events} />
        ) : width === 0 || toMs === 0 ? null : (
          <LaneDrawing frame={frame} samples={feed.samples} events={events} />
        )}
      </div>
    </section>
  );
}

function useWidth(): readonly [number, React.RefObject<HTMLDivElement | null>] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [width, ref];
}

interface DrawingProps {
  readonly frame: LaneFrame;
  readonly samples: readonly RateSample[];
  readonly events: readonly LaneEvent[];
}

function LaneDrawing({ frame, samples, events }: DrawingProps): React.JSX.Element {
  const t = useTranslations('timeline');
  const format = useFormat();
  const marks = laneMarks(events, frame);
  const last = samples.at(-1);
  const show = (value: number | null | undefined): string => (value === null || value === undefined ? t('unknown') : format.rate(value));
  const summary = t('summary', {
    events: marks.reduce((sum, mark) => sum + mark.events.length, 0),
    minutes: Math.round((frame.toMs - frame.fromMs) / 60_000),
    in: show(last?.recordsInPerSecond),
    out: show(last?.recordsOutPerSecond),
  });
  return (
    <svg className={styles.lane} width={frame.width} height={laneBox.height} role="img" aria-label={summary}>
      <Throughput frame={frame} samples={samples} />
      {marks.map((mark) => (
        <Mark key={mark.key} mark={mark} />
      ))}
      <Axis frame={frame} samples={samples} />
      <NowLine frame={frame} last={last} />
    </svg>
  );
}

function Throughput({ frame, samples }: Omit<DrawingProps, 'events'>): React.JSX.Element {
  const t = useTranslations('timeline');
  const format = useFormat();
  const top = scaleTop(samples, frame.fromMs);
  const written = curve(samples, frame, { top, value: (sample) => sample.recordsInPerSecond });
  const read = curve(samples, frame, { top, value: (sample) => sample.recordsOutPerSecond });
  const right = frame.width - laneBox.right;
  const middle = (laneBox.base + laneBox.top) / 2;
  return (
    <>
      <text className={styles.unit} x="20" y="87">
        {t('unit')}
      </text>
      <text className={styles.scale} x="74" y={laneBox.top + 4} textAnchor="end">
        {format.count(top)}
      </text>
      <text className={styles.scale} x="74" y={laneBox.base + 1} textAnchor="end">
        0
      </text>
      <path className={styles.grid} d={`M${laneBox.left} ${middle}H${right}`} />
      <path className={styles.base} d={`M${laneBox.left} ${laneBox.base + 0.5}H${right}`} />
      <path className={styles.area} d={written.area} />
      <path className={styles.written} d={written.line} />
      <path className={styles.read} d={read.line} />
    </>
  );
}

function Mark({ mark }: { readonly mark: LaneMark }): React.JSX.Element {
  const t = useTranslations('timeline');
  const words = markWords(mark, t);
  const x = mark.words === 'left' ? mark.x - 11 : mark.x + 11;
  const y = mark.isLow ? 44 : 26;
  const anchor = mark.words === 'left' ? 'end' : 'start';
  return (
    <g>
      <title>{`${words.title}: ${words.detail}`}</title>
      <path className={styles.stem} d={`M${mark.x.toFixed(1)} ${y + 8}V${laneBox.base}`} />
      <g transform={`translate(${mark.x.toFixed(1)},${y})`}>
        <LaneMarkShape kind={mark.kind} />
      </g>
      {mark.words === null ? null : (
        <text className={styles.words} y="24" textAnchor={anchor}>
          <tspan className={styles.strong} x={x}>
            {cut(words.title)}
          </tspan>
          <tspan x={x} dy="14">
            {cut(words.detail)}
          </tspan>
        </text>
      )}
    </g>
  );
}

/** Words have about 140 pixels; the full ones are in the title and the table. */
function cut(words: string): string {
  return words.length > 26 ? `${words.slice(0, 25)}…` : words;
}

function Axis({ frame, samples }: Omit<DrawingProps, 'events'>): React.JSX.Element {
  const t = useTranslations('timeline');
  const format = useFormat();
  const first = samples[0]?.atMs;
  const right = frame.width - laneBox.right;
  const unknownTo = first === undefined ? right : timeX(frame, first);
  return (
    <>
      {unknownTo <= laneBox.left + 4 ? null : (
        <path className={styles.unknown} d={`M${laneBox.left} 90H${Math.min(right, unknownTo) - 8}`} />
      )}
      {unknownTo <= laneBox.left + 180 || first === undefined ? null : (
        <text className={styles.scale} x={laneBox.left + 4} y="82">
          {t('noData', { time: format.clock(first) })}
        </text>
      )}
      {axisTicks(frame)
        .filter((tick) => tick.x < right - 24)
        .map((tick) => (
          <g key={tick.atMs}>
            <path className={styles.tick} d={`M${tick.x.toFixed(1)} ${laneBox.base}v5`} />
            <text className={styles.scale} x={tick.x} y="121" textAnchor="middle">
              {format.clock(tick.atMs).slice(0, 5)}
            </text>
          </g>
        ))}
    </>
  );
}

function NowLine({ frame, last }: { readonly frame: LaneFrame; readonly last: RateSample | undefined }): React.JSX.Element {
  const t = useTranslations('timeline');
  const format = useFormat();
  const x = frame.width - laneBox.right;
  const out = last?.recordsOutPerSecond ?? null;
  return (
    <>
      <path className={styles.now} d={`M${x} 12V108`} />
      <path className={styles.knob} d={`M${x} 105l5.5 6v8h-11v-8z`} />
      <text className={styles.words} x={x + 11} y="38">
        <tspan className={styles.strong}>{format.clock(frame.toMs)}</tspan>
      </text>
      {out === null ? null : (
        <>
          <path d={`M${x + 20} 60.8l-7 3.5v-7z`} fill="var(--consume)" />
          <text className={styles.words} x={x + 25} y="65">
            {t('out')} <tspan className={styles.strong}>{format.rate(out)}</tspan>
          </text>
        </>
      )}
      {last === undefined ? null : (
        <>
          <circle cx={x + 16} cy="77" r="3" fill="var(--produce)" />
          <text className={styles.words} x={x + 25} y="81">
            {t('in')} <tspan className={styles.strong}>{format.rate(last.recordsInPerSecond)}</tspan>
          </text>
        </>
      )}
    </>
  );
}
