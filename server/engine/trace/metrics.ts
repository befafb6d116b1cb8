// Counters and latencies of one broker process. Counting is plain arithmetic on plain numbers because it happens on
// the hot path; a latency goes into a histogram of fixed size, so nothing here grows with the load.

import { createHistogram, type Histogram } from './histogram.ts';
import type { LatencyFigures } from './process-link.ts';
import { WriterCounts } from './writer-counts.ts';

/** Totals since the process started. */
export interface Counters {
  bytesIn: number;
  bytesOut: number;
  bytesReplicatedIn: number;
  bytesReplicatedOut: number;
  recordsIn: number;
  recordsOut: number;
  requests: number;
  refusedRequests: number;
  connections: number;
  delayedFetches: number;
  delayedProduces: number;
}

/** Where a request spends its time: being decoded, in the handler, being encoded. A long poll's wait is in none of them. */
export type Stage = 'decode' | 'handle' | 'encode' | 'total';

export interface ApiMetrics {
  count: number;
  errors: number;
  readonly byStage: Readonly<Record<Stage, Histogram>>;
}

export interface Metrics {
  readonly counters: Counters;
  readonly writers: WriterCounts;
  api(apiKey: number): ApiMetrics;
  apis(): ReadonlyMap<number, ApiMetrics>;
}

export function createMetrics(): Metrics {
  const byKey = new Map<number, ApiMetrics>();
  return {
    counters: {
      bytesIn: 0,
      bytesOut: 0,
      bytesReplicatedIn: 0,
      bytesReplicatedOut: 0,
      recordsIn: 0,
      recordsOut: 0,
      requests: 0,
      refusedRequests: 0,
      connections: 0,
      delayedFetches: 0,
      delayedProduces: 0,
    },
    writers: new WriterCounts(),
    api: (apiKey) => byKey.get(apiKey) ?? addApi(byKey, apiKey),
    apis: () => byKey,
  };
}

function addApi(byKey: Map<number, ApiMetrics>, apiKey: number): ApiMetrics {
  const byStage = { decode: createHistogram(), handle: createHistogram(), encode: createHistogram(), total: createHistogram() };
  const metrics: ApiMetrics = { count: 0, errors: 0, byStage };
  byKey.set(apiKey, metrics);
  return metrics;
}

/** Reads a stage's figures and starts the next second empty. */
export function takeFigures(histogram: Histogram): LatencyFigures {
  const figures: LatencyFigures = {
    count: histogram.count,
    p50Us: histogram.quantile(0.5),
    p99Us: histogram.quantile(0.99),
    maxUs: histogram.count === 0 ? null : histogram.max,
  };
  histogram.reset();
  return figures;
}
