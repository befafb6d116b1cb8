// Numbers as people read them. Every function is pure and takes the words it needs, so that the same
// figure reads the same on every page and in both languages. A missing value is never formatted here:
// "unknown" has a shape of its own and must not be mistaken for a nought.

export type UnitWords = {
  readonly ms: string;
  readonly s: string;
  readonly min: string;
  readonly h: string;
  readonly d: string;
  readonly gap: string;
};

export interface Quantity {
  readonly figure: string;
  readonly unit: string;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Digits grouped, never shortened: an offset must be exact. */
export function formatCount(value: number | bigint, locale: string): string {
  return grouping(locale === 'zh' ? 'zh-CN' : locale).format(value);
}

/** One formatter a language: making one costs more than a hundred uses, and the live page counts all the time. */
const groupings = new Map<string, Intl.NumberFormat>();

function grouping(tag: string): Intl.NumberFormat {
  const known = groupings.get(tag);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  groupings.set(tag, made);
  return made;
}

/** Decimal units (1 kB = 1000 B), one decimal from kB on. */
export function splitBytes(bytes: number): Quantity {
  let scaled = bytes;
  let step = 0;
  while (Math.abs(scaled) >= 999.95 && step < byteUnits.length - 1) {
    scaled /= 1000;
    step += 1;
  }
  return { figure: step === 0 ? String(Math.round(scaled)) : scaled.toFixed(1), unit: byteUnits[step] ?? 'B' };
}

export function formatBytes(bytes: number): string {
  const { figure, unit } = splitBytes(bytes);
  return `${figure} ${unit}`;
}

/** A rate keeps one decimal until it has three digits; beyond that a decimal is noise. */
export function formatRate(perSecond: number, locale: string): string {
  if (perSecond >= 100) return formatCount(Math.round(perSecond), locale);
  return perSecond.toFixed(1);
}

export function formatPercent(ratio: number): string {
  const percent = ratio * 100;
  return percent > 0 && percent < 1 ? '<1' : String(Math.round(percent));
}

/** The two largest units that matter: "3 min 9 s", "1 h 20 min", "21 d". */
export function formatDuration(ms: number, words: UnitWords): string {
  const join = (figure: number | string, word: string): string => `${figure}${words.gap}${word}`;
  if (ms < 1000) return join(Math.round(ms), words.ms);
  if (ms < 10_000) return join((Math.floor(ms / 100) / 10).toFixed(1), words.s);
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return join(seconds, words.s);
  if (seconds < 3600) return pair([Math.floor(seconds / 60), words.min], [seconds % 60, words.s], join);
  if (seconds < 86_400) return pair([Math.floor(seconds / 3600), words.h], [Math.floor((seconds % 3600) / 60), words.min], join);
  return pair([Math.floor(seconds / 86_400), words.d], [Math.floor((seconds % 86_400) / 3600), words.h], join);
}

/** The largest unit alone: how long ago, where the second unit would only crowd a list. */
export function formatAge(ms: number, words: UnitWords): string {
  const seconds = Math.floor(ms / 1000);
  const steps: readonly Part[] = [
    [86_400, words.d],
    [3600, words.h],
    [60, words.min],
  ];
  const [size, word] = steps.find(([step]) => seconds >= step) ?? [1, words.s];
  return `${Math.floor(seconds / size)}${words.gap}${word}`;
}

type Part = readonly [amount: number, word: string];

function pair(large: Part, small: Part, join: (figure: number, word: string) => string): string {
  return small[0] === 0 ? join(...large) : `${join(...large)} ${join(...small)}`;
}

/** "14:02:40" in UTC: an operator compares it with logs, which are in UTC. */
export function formatClock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

const lastDateMs = 8_640_000_000_000_000n;

/** Any 64-bit timestamp. Beyond what a calendar can hold the raw number is the only truth. */
export function formatInstant(ms: bigint): { readonly date: string | null; readonly time: string } {
  if (ms > lastDateMs || ms < -lastDateMs) return { date: null, time: ms.toString() };
  const iso = new Date(Number(ms)).toISOString();
  const cut = iso.indexOf('T');
  return { date: iso.slice(0, cut), time: iso.slice(cut + 1, -1) };
}

/** The same moment in one text, for titles and reports. */
export function formatInstantText(ms: bigint): string {
  const { date, time } = formatInstant(ms);
  return date === null ? time : `${date} ${time} UTC`;
}

/** How full a volume is, whatever fills it: what is not usable is taken. null when it can't be told. */
export function fillRatio(totalBytes: number | null, usableBytes: number | null): number | null {
  return totalBytes === null || usableBytes === null || totalBytes <= 0 ? null : (totalBytes - usableBytes) / totalBytes;
}

/** An address as clients are given it: an IPv6 host stands in brackets. */
export function formatAddress({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
