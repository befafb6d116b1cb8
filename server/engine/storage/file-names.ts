// The names Kafka gives to files and directories. Everything that parses or makes a name is here, so
// that Kafka's tools find ours and we find theirs.

export const suffix = {
  log: '.log',
  offsetIndex: '.index',
  timeIndex: '.timeindex',
  txnIndex: '.txnindex',
  snapshot: '.snapshot',
  deleted: '.deleted',
  cleaned: '.cleaned',
  swap: '.swap',
} as const;

export const cleanShutdownFile = '.kafka_cleanshutdown';
export const metaPropertiesFile = 'meta.properties';
export const partitionMetadataFile = 'partition.metadata';
export const leaderEpochFile = 'leader-epoch-checkpoint';
export const recoveryPointFile = 'recovery-point-offset-checkpoint';
export const logStartFile = 'log-start-offset-checkpoint';
export const cleanerFile = 'cleaner-offset-checkpoint';
export const highWatermarkFile = 'replication-offset-checkpoint';

/** Offsets are 20 digits with leading zeros, so that names sort as offsets do. */
export function offsetName(offset: number): string {
  return String(offset).padStart(20, '0');
}

/** The offset a name starts with, or null when it isn't a segment's file. */
export function offsetOfName(name: string): number | null {
  const match = /^(\d{20})\.(log|index|timeindex|txnindex|snapshot)$/.exec(name);
  return match === null ? null : Number(match[1]);
}

export interface SegmentPaths {
  readonly log: string;
  readonly offsetIndex: string;
  readonly timeIndex: string;
  readonly txnIndex: string;
}

/** `ending` is '', '.deleted', '.cleaned' or '.swap'. */
export function segmentPaths(directory: string, baseOffset: number, ending = ''): SegmentPaths {
  const stem = `${directory}/${offsetName(baseOffset)}`;
  return {
    log: stem + suffix.log + ending,
    offsetIndex: stem + suffix.offsetIndex + ending,
    timeIndex: stem + suffix.timeIndex + ending,
    txnIndex: stem + suffix.txnIndex + ending,
  };
}

export function snapshotPath(directory: string, offset: number): string {
  return `${directory}/${offsetName(offset)}${suffix.snapshot}`;
}

export type PartitionDirectory =
  | { readonly kind: 'live'; readonly topic: string; readonly partition: number }
  | { readonly kind: 'deleted' | 'stray' | 'future'; readonly topic: string; readonly partition: number };

const livePattern = /^(.+)-(\d+)$/;
const markedPattern = /^(.+)-(\d+)\.[0-9a-f]{32}-(delete|stray|future)$/;

/** What a directory's name says it is; null for anything that isn't a partition's. */
export function parsePartitionDirectory(name: string): PartitionDirectory | null {
  const marked = markedPattern.exec(name);
  if (marked !== null) {
    const kind = marked[3] === 'delete' ? 'deleted' : marked[3] === 'stray' ? 'stray' : 'future';
    return { kind, topic: marked[1]!, partition: Number(marked[2]) };
  }
  const live = livePattern.exec(name);
  return live === null ? null : { kind: 'live', topic: live[1]!, partition: Number(live[2]) };
}

const maxNameLength = 255;

/** `topic-partition.uniqueId-delete`, cut to what a file system takes in a name. */
export function markedDirectoryName(partitionName: string, uniqueId: string, mark: 'delete' | 'stray'): string {
  const ending = `.${uniqueId}-${mark}`;
  const dash = partitionName.lastIndexOf('-');
  const room = maxNameLength - ending.length - (partitionName.length - dash);
  return partitionName.slice(0, Math.min(dash, room)) + partitionName.slice(dash) + ending;
}
