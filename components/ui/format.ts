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

/** A clock time of today, with its day in front when it was another one: 14:02 of last week is not 14:02. */
export function formatMoment(ms: number, nowMs: number): string {
  const { date } = formatInstant(BigInt(Math.trunc(ms)));
  const isToday = date === formatInstant(BigInt(Math.trunc(nowMs))).date;
  return isToday || date === null ? formatClock(ms) : `${date} ${formatClock(ms)}`;
}

export const utc = 'UTC';

export interface Instant {
  readonly date: string | null;
  readonly time: string;
}

/** Any 64-bit timestamp. Beyond what a calendar can hold the raw number is the only truth. */
export function formatInstant(ms: bigint, zone: string = utc): Instant {
  if (ms > lastDateMs || ms < -lastDateMs) return { date: null, time: ms.toString() };
  const at = new Date(Number(ms));
  return zone === utc ? inUtc(at) : inZone(at, zone);
}

/** The same moment in one text, for titles and reports. */
export function formatInstantText(ms: bigint, zone: string = utc): string {
  const { date, time } = formatInstant(ms, zone);
  return date === null ? time : `${date} ${time} ${zone}`;
}

/** Whether this runtime knows the zone by that name ("UTC", "Europe/Berlin"). */
export function isZone(name: string): boolean {
  try {
    zoned(name);
    return true;
  } catch {
    // The runtime's answer to a name that it doesn't know.
    return false;
  }
}

function inUtc(at: Date): Instant {
  const iso = at.toISOString();
  const cut = iso.indexOf('T');
  return { date: iso.slice(0, cut), time: iso.slice(cut + 1, -1) };
}

/** Read as UTC, the parts of the zone's clock are a moment of their own: so days far from ours are written alike in all zones. */
function inZone(at: Date, zone: string): Instant {
  const parts = new Map(
    zoned(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type) ?? 0);
  const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year');
  const clock = new Date(0);
  clock.setUTCFullYear(year, number('month') - 1, number('day'));
  clock.setUTCHours(number('hour'), number('minute'), number('second'), at.getUTCMilliseconds());
  return inUtc(clock);
}

const zonedClocks = new Map<string, Intl.DateTimeFormat>();
/** Zones that an address may name in turn; there are about 600 in all. */
const maxZonedClocks = 16;

function zoned(zone: string): Intl.DateTimeFormat {
  const known = zonedClocks.get(zone);
  if (known !== undefined) return known;
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const made = new Intl.DateTimeFormat('en-US', { ...fields, era: 'short', hourCycle: 'h23', timeZone: zone });
  if (zonedClocks.size >= maxZonedClocks) zonedClocks.clear();
  zonedClocks.set(zone, made);
  return made;
}

/** How full a volume is, whatever fills it: what is not usable is taken. null when it can't be told. */
export function fillRatio(totalBytes: number | null, usableBytes: number | null): number | null {
  return totalBytes === null || usableBytes === null || totalBytes <= 0 ? null : (totalBytes - usableBytes) / totalBytes;
}

/** An address as clients are given it: an IPv6 host stands in brackets. */
export function formatAddress({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
