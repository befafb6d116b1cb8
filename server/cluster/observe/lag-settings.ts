// What counts as falling behind. The defaults suit consumers that commit every five seconds, as Kafka's clients do.

export interface LagSettings {
  /** Looks that a window holds at least. */
  readonly looks: number;
  /** The time that a window spans at least, however fast the looks come. */
  readonly windowMs: number;
  /** The age of the oldest unread record that is still fine. */
  readonly timeLagMs: number;
  /** Good windows after which trouble is over. */
  readonly goodWindows: number;
}

export const defaultLagSettings: LagSettings = { looks: 10, windowMs: 30_000, timeLagMs: 30_000, goodWindows: 2 };

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error naming the variable whose value is no whole number within its bounds */
export function lagSettingsFrom(environment: Environment): LagSettings {
  const { looks, timeLagMs, goodWindows, windowMs } = defaultLagSettings;
  return {
    looks: wholeNumber(environment, 'LOGARIUM_LAG_LOOKS', { fallback: looks, from: 10, to: 100 }),
    windowMs: 1_000 * wholeNumber(environment, 'LOGARIUM_LAG_WINDOW_SECONDS', { fallback: windowMs / 1_000, from: 1, to: 600 }),
    timeLagMs: 1_000 * wholeNumber(environment, 'LOGARIUM_LAG_SECONDS', { fallback: timeLagMs / 1_000, from: 1, to: 86_400 }),
    goodWindows,
  };
}

interface Range {
  readonly fallback: number;
  readonly from: number;
  readonly to: number;
}

function wholeNumber(environment: Environment, name: string, { fallback, from, to }: Range): number {
  const text = environment[name]?.trim() ?? '';
  if (text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < from || value > to)
    throw new Error(`${name} is "${text}"; it has to be a whole number from ${from} to ${to}`);
  return value;
}
