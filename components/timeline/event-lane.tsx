// The event lane: what happened over what flowed, on one time axis. A click shows the cluster at that moment; its table
// twin has every event in words.
'use client';

import { Rows3, Waves } from 'lucide-react';
import { parseAsBoolean, useQueryState } from 'nuqs';
import { useTranslations } from 'next-intl';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useFormat } from '#components/ui/use-format.ts';
import { EventTable } from './event-table.tsx';
import { LaneMarkShape } from './lane-mark.tsx';
import { LaneMarkButtons } from './lane-mark-buttons.tsx';
import {
  axisTicks,
  curve,
  laneBox,
  laneMarks,
  scaleTop,
  spikes,
  timeAt,
  timeX,
  unmeasured,
  type LaneFrame,
  type LaneMark,
  type LaneSample,
  type Spike,
} from './lane-model.ts';
import { laneSpans } from './lane-window.ts';
import { markWords } from './lane-words.ts';
import styles from './event-lane.module.css';
import type { Lane } from './use-lane.ts';

export interface EventLaneProps {
  readonly lane: Lane;
  /** The moment of the record that is shown; null: now. */
  readonly atMs: number | null;
  readonly onMoment: (atMs: number) => void;
}

export function EventLane({ lane, atMs, onMoment }: EventLaneProps): React.JSX.Element {
  const t = useTranslations('timeline');
  const [isTable, setTable] = useQueryState('events', parseAsBoolean.withDefault(false));
  const [width, ref] = useWidth();
  const { fromMs, toMs } = lane.window;
  const frame = useMemo<LaneFrame>(() => ({ width, fromMs, toMs }), [width, fromMs, toMs]);
  const goTo = (moment: number): void => onMoment(Math.min(moment, lane.lastMs));
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
          <SpanChoice lane={lane} />
        </div>
        {isTable ? (
          <EventTable events={lane.events} atMs={atMs} onMoment={goTo} />
        ) : width === 0 || lane.lastMs === 0 ? null : (
          <LaneDrawing lane={lane} frame={frame} atMs={atMs} onMoment={goTo} />
        )}
      </div>
    </section>
  );
}

function SpanChoice({ lane }: { readonly lane: Lane }): React.JSX.Element {
  const t = useTranslations('timeline');
  return (
    <div className={styles.spans} role="group" aria-label={t('span')}>
      {laneSpans.map((minutes) => (
        <button
          key={minutes}
          type="button"
          aria-label={t('minutes', { count: minutes })}
          aria-pressed={minutes === lane.minutes}
          onClick={() => lane.setMinutes(minutes)}
        >
          {minutes}
        </button>
      ))}
      <span aria-hidden="true">{t('minuteUnit')}</span>
    </div>
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

interface DrawingProps extends EventLaneProps {
  readonly frame: LaneFrame;
}

interface SampleProps {
  readonly frame: LaneFrame;
  readonly samples: readonly LaneSample[];
}

function LaneDrawing({ lane, frame, atMs, onMoment }: DrawingProps): React.JSX.Element {
  const { events, samples } = lane;
  const marks = useMemo(() => laneMarks(events, frame), [events, frame]);
  const shownMs = atMs ?? frame.toMs;
  const last = samples.findLast((sample) => sample.atMs <= shownMs);
  const summary = useSummary(marks, frame, last);
  const pick = (event: React.MouseEvent<SVGSVGElement>): void =>
    onMoment(timeAt(frame, event.clientX - event.currentTarget.getBoundingClientRect().left));
  return (
    <>
      {/* A pointer's short cut: the scrubber above and the marks' own buttons are its keyboard twins. */}
      <svg className={styles.lane} width={frame.width} height={laneBox.height} role="img" aria-label={summary} onClick={pick}>
        <Throughput frame={frame} samples={samples} />
        {marks.map((mark) => (
          <Mark key={mark.key} mark={mark} />
        ))}
        <Axis frame={frame} samples={samples} />
        <Cursor frame={frame} atMs={shownMs} last={last} />
      </svg>
      <LaneMarkButtons marks={marks} onMoment={onMoment} />
    </>
  );
}

function useSummary(marks: readonly LaneMark[], frame: LaneFrame, last: LaneSample | undefined): string {
  const t = useTranslations('timeline');
  const format = useFormat();
  const show = (value: number | null | undefined): string => (value === null || value === undefined ? t('unknown') : format.rate(value));
  return t('summary', {
    events: marks.reduce((sum, mark) => sum + mark.events.length, 0),
    minutes: Math.round((frame.toMs - frame.fromMs) / 60_000),
    in: show(last?.recordsInPerSecond),
    out: show(last?.recordsOutPerSecond),
  });
}

function Throughput({ frame, samples }: SampleProps): React.JSX.Element {
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
      {spikes(samples, frame, top).map((spike) => (
        <CutSpike key={spike.atMs} spike={spike} isLast={right - spike.x < spikeLabelRoom} />
      ))}
    </>
  );
}

const spikeLabelRoom = 60;

/** Two strokes across the line where it leaves the scale, and how high it went. */
function CutSpike({ spike, isLast }: { readonly spike: Spike; readonly isLast: boolean }): React.JSX.Element {
  const t = useTranslations('timeline');
  const format = useFormat();
  const rate = format.rate(spike.peak);
  const [x, y] = [spike.x, laneBox.top + 5];
  return (
    <g>
      <title>{t('cut', { rate, time: format.clock(spike.atMs) })}</title>
      <path className={styles.cut} d={`M${x - 5} ${y + 2}l10 -4M${x - 5} ${y + 6}l10 -4`} />
      <text className={styles.scale} x={isLast ? x - 8 : x + 8} y={laneBox.top + 4} textAnchor={isLast ? 'end' : 'start'}>
        {`↑ ${rate}`}
      </text>
    </g>
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

function Axis({ frame, samples }: SampleProps): React.JSX.Element {
  const t = useTranslations('timeline');
  const format = useFormat();
  const right = frame.width - laneBox.right;
  const gaps = unmeasured(samples, frame);
  const [leading] = gaps;
  return (
    <>
      {gaps.map(({ fromX, toX }) => (
        <path key={fromX} className={styles.unknown} d={`M${fromX} 90H${toX}`} />
      ))}
      {leading === undefined || leading.fromX > laneBox.left || leading.toX <= laneBox.left + 180 ? null : (
        <text className={styles.scale} x={laneBox.left + 4} y="82">
          {t('noData', { time: format.clock(leading.untilMs) })}
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

interface CursorProps {
  readonly frame: LaneFrame;
  readonly atMs: number;
  readonly last: LaneSample | undefined;
}

/** The moment shown: at the lane's end when it is now, else within it, and what came later is faint. */
function Cursor({ frame, atMs, last }: CursorProps): React.JSX.Element {
  const t = useTranslations('timeline');
  const format = useFormat();
  const end = frame.width - laneBox.right;
  const x = Math.min(end, Math.max(laneBox.left, timeX(frame, atMs)));
  const out = last?.recordsOutPerSecond ?? null;
  return (
    <>
      {x >= end - 1 ? null : <rect className={styles.later} x={x} y="10" width={end - x} height={laneBox.base - 10} />}
      <path className={styles.now} d={`M${x.toFixed(1)} 12V108`} />
      <path className={styles.knob} d={`M${x.toFixed(1)} 105l5.5 6v8h-11v-8z`} />
      <text className={styles.words} x={end + 11} y="38">
        <tspan className={styles.strong}>{format.clock(atMs)}</tspan>
      </text>
      {out === null ? null : (
        <>
          <path d={`M${end + 20} 60.8l-7 3.5v-7z`} fill="var(--consume)" />
          <text className={styles.words} x={end + 25} y="65">
            {t('out')} <tspan className={styles.strong}>{format.rate(out)}</tspan>
          </text>
        </>
      )}
      {last === undefined ? null : (
        <>
          <circle cx={end + 16} cy="77" r="3" fill="var(--produce)" />
          <text className={styles.words} x={end + 25} y="81">
            {t('in')} <tspan className={styles.strong}>{format.rate(last.recordsInPerSecond)}</tspan>
          </text>
        </>
      )}
    </>
  );
}
