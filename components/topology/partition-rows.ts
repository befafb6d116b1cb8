// The table twin's rows: the same facts as the picture, one row a partition, and the same as a file.

import { cellState } from './scene/cells.ts';
import type { CellState } from './scene/cells.ts';
import type { ClusterState } from './scene/cluster-state.ts';

export interface PartitionRow {
  readonly key: string;
  readonly topic: string;
  readonly partition: number;
  readonly isInternal: boolean;
  readonly leaderId: number | null;
  readonly leaderEpoch: number | null;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly endOffset: number | null;
  /** null: not measured yet. */
  readonly recordsPerSecond: number | null;
  /** The worst lag of any group that reads it; null when none does. */
  readonly lag: number | null;
  readonly readers: readonly string[];
  /** By broker id, in the order of brokers. */
  readonly cells: readonly { readonly brokerId: number; readonly state: CellState }[];
}

export type RatesByPartition = ReadonlyMap<string, number>;

export interface RowOptions {
  readonly showInternal: boolean;
  readonly rates: RatesByPartition;
  /** One topic's rows only. */
  readonly topic?: string | null;
  /** Whether each row has the state of its replica on every broker: on a hundred brokers that is a hundred a row. */
  readonly hasCells?: boolean;
}

export function partitionRows(state: ClusterState, options: RowOptions): readonly PartitionRow[] {
  const readers = readersByPartition(state);
  const one = options.topic ?? null;
  return [...state.topics.values()]
    .filter((topic) => (options.showInternal || !topic.isInternal) && (one === null || topic.name === one))
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .flatMap((topic) =>
      [...topic.partitions.values()]
        .toSorted((a, b) => a.partition - b.partition)
        .map((partition): PartitionRow => {
          const key = `${topic.name}-${partition.partition}`;
          const reads = readers.get(key) ?? [];
          const lags = reads.map((read) => read.lag).filter((lag) => lag !== null);
          return {
            key,
            topic: topic.name,
            partition: partition.partition,
            isInternal: topic.isInternal,
            leaderId: partition.leaderId,
            leaderEpoch: partition.leaderEpoch,
            replicas: partition.replicas,
            isr: partition.isr,
            endOffset: partition.endOffset,
            recordsPerSecond: options.rates.get(key) ?? null,
            lag: lags.length === 0 ? null : Math.max(...lags),
            readers: reads.map((read) => read.groupId),
            cells: (options.hasCells === false ? [] : state.brokers).map((broker) => ({
              brokerId: broker.brokerId,
              state: cellState(partition, broker.brokerId, broker.state),
            })),
          };
        }),
    );
}

function readersByPartition(
  state: ClusterState,
): ReadonlyMap<string, readonly { readonly groupId: string; readonly lag: number | null }[]> {
  const readers = new Map<string, { groupId: string; lag: number | null }[]>();
  for (const group of state.groups) {
    for (const offset of group.offsets) {
      const key = `${offset.topic}-${offset.partition}`;
      readers.set(key, [...(readers.get(key) ?? []), { groupId: group.groupId, lag: offset.lag }]);
    }
  }
  return readers;
}

const csvHead = [
  'topic',
  'partition',
  'leader',
  'leader_epoch',
  'replicas',
  'isr',
  'end_offset',
  'records_per_second',
  'worst_lag',
  'groups',
];

/** Quotes what needs quoting; a cell that a spreadsheet would run as a formula is defused. */
export function csvField(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function toCsv(rows: readonly PartitionRow[]): string {
  const lines = rows.map((row) =>
    [
      row.topic,
      row.partition,
      row.leaderId,
      row.leaderEpoch,
      row.replicas.join(' '),
      row.isr.join(' '),
      row.endOffset,
      row.recordsPerSecond === null ? null : Number(row.recordsPerSecond.toFixed(1)),
      row.lag,
      row.readers.join(' '),
    ]
      .map(csvField)
      .join(','),
  );
  return `${[csvHead.join(','), ...lines].join('\r\n')}\r\n`;
}
