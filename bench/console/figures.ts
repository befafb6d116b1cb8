// The figures that the console is held to on the large fixture cluster, their bars, and how they are printed: with the
// verdict, and with the figure of before beside it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Bar {
  readonly atLeast?: number;
  readonly atMost?: number;
}

interface Figure {
  readonly unit: string;
  readonly digits?: number;
  /** Without one it is printed for the reader only. */
  readonly bar?: Bar;
}

/** Times are medians of several looks; kB are those of the console's API on the connection, as they pass. */
export const figures = {
  'topics: first rows': { unit: 'ms', bar: { atMost: 500 } },
  'topics: first rows, CPU of the console': { unit: 'ms' },
  'topics: filter': { unit: 'ms', bar: { atMost: 100 } },
  'topics: sort': { unit: 'ms', bar: { atMost: 100 } },
  'topics: data for the page': { unit: 'kB', digits: 1, bar: { atMost: 50 } },
  'topics: document': { unit: 'kB', digits: 1 },
  'topics: data while looked at': { unit: 'kB/s', digits: 1, bar: { atMost: 5 } },
  'topics: a new topic is on screen after': { unit: 'ms', bar: { atMost: 2_000 } },
  'topics: the whole metadata asked of the cluster': { unit: 'times a minute', digits: 1, bar: { atMost: 2 } },
  'topics: answers asked of the cluster': { unit: 'kB/s', digits: 1 },
  'groups: first rows': { unit: 'ms', bar: { atMost: 500 } },
  'groups: first rows, CPU of the console': { unit: 'ms' },
  'groups: filter': { unit: 'ms', bar: { atMost: 100 } },
  'groups: data for the page': { unit: 'kB', digits: 1, bar: { atMost: 50 } },
  'groups: data while looked at': { unit: 'kB/s', digits: 1, bar: { atMost: 5 } },
  'overview: DOM nodes': { unit: '', bar: { atMost: 5_000 } },
  'live: first picture': { unit: 'ms' },
  'live: DOM nodes': { unit: '', bar: { atMost: 5_000 } },
  'live: frames a second': { unit: '', digits: 1, bar: { atLeast: 50 } },
  'live: longest frame while 1,000 leaders move': { unit: 'ms', bar: { atMost: 100 } },
  'live: data while looked at': { unit: 'kB/s', digits: 1 },
  'process: memory with ten viewers': { unit: 'MB', bar: { atMost: 300 } },
  'process: CPU with ten viewers': { unit: '% of a core', digits: 1 },
  'process: CPU when nobody looks': { unit: '% of a core', digits: 1, bar: { atMost: 5 } },
} as const satisfies Readonly<Record<string, Figure>>;

export type FigureName = keyof typeof figures;
/** null: it did not come within the time that it was given. */
export type Measured = Partial<Record<FigureName, number | null>>;

export interface Before {
  /** Of the day it was measured, with the commit and the machine. */
  readonly about: string;
  readonly figures: Measured;
}

export function readBefore(): Before {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'before.json'), 'utf8')) as Before;
}

export function printFigure(name: FigureName, value: number | null, before: Before): void {
  const figure: Figure = figures[name];
  const was = before.figures[name];
  const past = was === undefined ? '' : `   before: ${textOf(was, figure)}`;
  console.log(`${name.padEnd(52)} ${textOf(value, figure).padStart(22)}  ${verdict(value, figure).padEnd(30)}${past}`.trimEnd());
}

export function isMissed(name: FigureName, value: number | null): boolean {
  const { bar }: Figure = figures[name];
  return bar !== undefined && !isMet(value, bar);
}

function textOf(value: number | null, { unit, digits = 0 }: Figure): string {
  if (value === null) return 'never came';
  return `${value.toLocaleString('en', { maximumFractionDigits: digits })} ${unit}`.trimEnd();
}

function verdict(value: number | null, { bar }: Figure): string {
  if (bar === undefined) return '';
  const wanted = bar.atLeast === undefined ? `at most ${bar.atMost?.toLocaleString('en')}` : `at least ${bar.atLeast.toLocaleString('en')}`;
  return `(${wanted}: ${isMet(value, bar) ? 'met' : 'MISSED'})`;
}

function isMet(value: number | null, { atLeast = -Infinity, atMost = Infinity }: Bar): boolean {
  return value !== null && value >= atLeast && value <= atMost;
}
