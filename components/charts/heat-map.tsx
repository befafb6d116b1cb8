// Rows of coloured columns, right-aligned to now, one small canvas a row: elements would cost frames by the
// thousand. Levels run 0 to 10 and 5 is usual; what was not measured is left empty.
'use client';

import { useComputedColorScheme } from '@mantine/core';
import { Fragment, useEffect, useRef } from 'react';
import { Unknown } from '#components/ui/figure.tsx';
import styles from './heat-map.module.css';

export interface HeatRow {
  readonly key: string;
  readonly group: string;
  readonly name: string;
  readonly levels: readonly (number | null)[];
  readonly first: string;
  readonly second: string | null;
}

export interface HeatMapProps {
  readonly rows: readonly HeatRow[];
  /** The width in columns; fewer levels leave the left side empty. */
  readonly columns: number;
  readonly heads: { readonly first: string; readonly second: string };
  readonly label: string;
  /** Moments below the columns, by their share of the width. */
  readonly times: readonly { readonly share: number; readonly text: string }[];
}

const levelNames = Array.from({ length: 11 }, (_, level) => `--h-${level}`);
const rowPx = 14;

/** What the colours mean, for the head of the section. */
export function HeatScale({ low, high }: { readonly low: string; readonly high: string }): React.JSX.Element {
  return (
    <div className={styles.legend} aria-hidden="true">
      {low}
      <span className={styles.scale}>
        {levelNames.map((name) => (
          <i key={name} style={{ background: `var(${name})` }} />
        ))}
      </span>
      {high}
    </div>
  );
}

export function HeatMap({ rows, columns, heads, label, times }: HeatMapProps): React.JSX.Element {
  return (
    <div className={styles.scroll} role="group" aria-label={label} tabIndex={0}>
      <div className={styles.grid}>
        <span />
        <span />
        <span />
        <span className={styles.num}>{heads.first}</span>
        <span className={styles.num}>{heads.second}</span>
        {rows.map((row, index) => {
          const isFirst = rows[index - 1]?.group !== row.group;
          return (
            <Fragment key={row.key}>
              {isFirst ? <div className={styles.gap} /> : null}
              <span className={styles.group}>{isFirst ? row.group : ''}</span>
              <span className={styles.num}>{row.name}</span>
              <HeatLine levels={row.levels} columns={columns} />
              <span className={styles.num}>{row.first}</span>
              <span className={styles.num}>{row.second ?? <Unknown size={10} />}</span>
            </Fragment>
          );
        })}
        <span />
        <span />
        <div className={styles.times}>
          {times.map(({ share, text }) => (
            <span key={text} style={{ left: `${share * 100}%` }} data-edge={share >= 1 || undefined}>
              {text}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

function HeatLine({ levels, columns }: { readonly levels: readonly (number | null)[]; readonly columns: number }): React.JSX.Element {
  const ref = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (canvas === null || context === null || context === undefined) return;
    paint(context, { levels, columns, colors: levelColors(canvas) });
    // The scheme is named because the same levels have other colours in the other theme.
  }, [levels, columns, scheme]);
  return <canvas ref={ref} className={styles.canvas} width={columns * 5} height={rowPx} style={{ height: rowPx }} aria-hidden="true" />;
}

interface Painting {
  readonly levels: readonly (number | null)[];
  readonly columns: number;
  readonly colors: readonly string[];
}

function paint(context: CanvasRenderingContext2D, { levels, columns, colors }: Painting): void {
  context.clearRect(0, 0, columns * 5, rowPx);
  const start = columns - levels.length;
  levels.forEach((level, index) => {
    if (level === null) return;
    context.fillStyle = colors[level] ?? 'transparent';
    context.fillRect((start + index) * 5, 0.6, 4.4, rowPx - 1.2);
  });
}

function levelColors(element: Element): readonly string[] {
  const style = getComputedStyle(element);
  return levelNames.map((name) => style.getPropertyValue(name).trim());
}
