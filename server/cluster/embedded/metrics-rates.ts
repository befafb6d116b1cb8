// Rates out of the counters that brokers send once a second. A counter that went back belongs to a new process: its
// first look gives no rate rather than a wrong one.

import type { BrokerMetrics } from '#server/supervisor/ipc.ts';
import type { BrokerRates, RateSample } from '../port.ts';

/** The last two looks at one broker. */
export interface MetricsPair {
  readonly before: BrokerMetrics | null;
  readonly now: BrokerMetrics;
}

/** Figures older than this say nothing of now. */
export const staleAfterMs = 5_000;

const microsecondsPerMillisecond = 1_000;

export function nextPair(pair: MetricsPair | null, now: BrokerMetrics): MetricsPair {
  const isSameProcess = pair !== null && now.atUs > pair.now.atUs && now.requests >= pair.now.requests && now.bytesIn >= pair.now.bytesIn;
  return { before: isSameProcess ? pair.now : null, now };
}

function perSecond(pair: MetricsPair, take: (metrics: BrokerMetrics) => number): number | null {
  if (pair.before === null) return null;
  return (take(pair.now) - take(pair.before)) / ((pair.now.atUs - pair.before.atUs) / 1e6);
}

/** null while only one look is there. */
export function brokerRates(pair: MetricsPair): BrokerRates | null {
  const bytesInPerSecond = perSecond(pair, (metrics) => metrics.bytesIn);
  if (bytesInPerSecond === null) return null;
  return {
    bytesInPerSecond,
    bytesOutPerSecond: perSecond(pair, (metrics) => metrics.bytesOut) ?? 0,
    recordsInPerSecond: perSecond(pair, (metrics) => metrics.recordsIn) ?? 0,
    requestsPerSecond: perSecond(pair, (metrics) => metrics.requests) ?? 0,
    produceP99Ms: toMs(pair.now.produce.p99Us),
    fetchP99Ms: toMs(pair.now.fetch.p99Us),
    connections: pair.now.connections,
    idleRatio: pair.now.idleRatio,
  };
}

function toMs(us: number | null): number | null {
  return us === null ? null : us / microsecondsPerMillisecond;
}

/** The cluster's second: sums of what the brokers moved, the worst of their p99. Keeps what was measured where no broker tells. */
export function enrichSample(measured: RateSample, pairs: readonly MetricsPair[]): RateSample {
  const fresh = pairs.filter((pair) => measured.atMs - pair.now.atMs <= staleAfterMs);
  const sum = (take: (metrics: BrokerMetrics) => number): number | null => {
    const rates = fresh.map((pair) => perSecond(pair, take)).filter((rate) => rate !== null);
    return rates.length === 0 ? null : rates.reduce((total, rate) => total + rate, 0);
  };
  const worst = (take: (metrics: BrokerMetrics) => number | null): number | null => {
    const known = fresh.map((pair) => take(pair.now)).filter((us) => us !== null);
    return known.length === 0 ? null : toMs(Math.max(...known));
  };
  return {
    ...measured,
    bytesInPerSecond: sum((metrics) => metrics.bytesIn),
    bytesOutPerSecond: sum((metrics) => metrics.bytesOut),
    recordsOutPerSecond: sum((metrics) => metrics.recordsOut),
    produceP99Ms: worst((metrics) => metrics.produce.p99Us),
    fetchP99Ms: worst((metrics) => metrics.fetch.p99Us),
    idleRatios: fresh.length === 0 ? null : fresh.map(({ now }) => ({ brokerId: now.brokerId, idleRatio: now.idleRatio })),
  };
}
