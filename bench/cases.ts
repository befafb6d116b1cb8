// The broker's benchmark cases and the bars they are held to. Bars are ratios within one run: against the limit server
// ("limit") and against Apache Kafka ("kafka"); "more" means that larger is better, "less" the opposite.

import type { LoadPlan } from './load/plan.ts';

export interface Bar {
  readonly against: 'limit' | 'kafka';
  readonly figure: 'throughput' | 'cpu';
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface BenchCase {
  readonly name: string;
  readonly limitMode: 'produce' | 'fetch' | 'echo';
  readonly plan: Omit<LoadPlan, 'host' | 'port' | 'topic' | 'seconds' | 'endOffset'>;
  readonly unit: 'MB/s' | 'records/s' | 'requests/s';
  readonly bars: readonly Bar[];
}

const common = { connections: 1, acks: 1, fetchBytes: 1024 * 1024 };
const produce = { ...common, kind: 'produce' as const, inFlight: 8 };
const large = { recordBytes: 1024, recordsPerBatch: 100 };
const small = { recordBytes: 100, recordsPerBatch: 1_000 };

export const cases: readonly BenchCase[] = [
  {
    name: 'produce 1 KiB, 1 partition',
    limitMode: 'produce',
    unit: 'MB/s',
    plan: { ...produce, ...large, partitions: 1 },
    bars: [
      { against: 'limit', figure: 'throughput', atLeast: 0.7 },
      { against: 'kafka', figure: 'throughput', atLeast: 1.2 },
      { against: 'kafka', figure: 'cpu', atMost: 0.5 },
    ],
  },
  {
    name: 'produce 1 KiB, 6 partitions',
    limitMode: 'produce',
    unit: 'MB/s',
    plan: { ...produce, ...large, partitions: 6 },
    bars: [
      { against: 'limit', figure: 'throughput', atLeast: 0.7 },
      { against: 'kafka', figure: 'throughput', atLeast: 1.2 },
      { against: 'kafka', figure: 'cpu', atMost: 0.5 },
    ],
  },
  {
    name: 'produce 100 B, 1 partition',
    limitMode: 'produce',
    unit: 'records/s',
    plan: { ...produce, ...small, partitions: 1 },
    bars: [
      { against: 'limit', figure: 'throughput', atLeast: 0.7 },
      { against: 'kafka', figure: 'throughput', atLeast: 1 },
      { against: 'kafka', figure: 'cpu', atMost: 0.5 },
    ],
  },
  {
    name: 'produce 100 B, 6 partitions',
    limitMode: 'produce',
    unit: 'records/s',
    plan: { ...produce, ...small, partitions: 6 },
    bars: [
      { against: 'limit', figure: 'throughput', atLeast: 0.7 },
      { against: 'kafka', figure: 'throughput', atLeast: 1 },
      { against: 'kafka', figure: 'cpu', atMost: 0.5 },
    ],
  },
  {
    name: 'fetch 1 MiB from the page cache',
    limitMode: 'fetch',
    unit: 'MB/s',
    plan: { ...common, ...large, kind: 'fetch', partitions: 1, inFlight: 4 },
    bars: [{ against: 'limit', figure: 'throughput', atLeast: 0.7 }],
  },
  {
    name: 'one record a request, 16 in flight',
    limitMode: 'produce',
    unit: 'requests/s',
    plan: { ...common, kind: 'produce', recordBytes: 100, recordsPerBatch: 1, partitions: 1, inFlight: 16 },
    bars: [{ against: 'kafka', figure: 'throughput', atLeast: 2.5 }],
  },
  {
    name: 'single round trips',
    limitMode: 'echo',
    unit: 'requests/s',
    plan: { ...common, kind: 'produce', recordBytes: 100, recordsPerBatch: 1, partitions: 1, inFlight: 1 },
    bars: [{ against: 'limit', figure: 'throughput', atLeast: 0.5 }],
  },
];
