// Java's `key=value` files (meta.properties) and partition.metadata, as far as Kafka uses them.

import { toTopicId, type TopicId } from '#engine/base/brand.ts';
import type { FileSystem } from '#engine/world/ports.ts';
import { metaPropertiesFile, partitionMetadataFile, suffix } from './file-names.ts';
import { StorageError } from './storage-error.ts';

const topicIdPattern = /^[\w-]{22}$/;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface MetaProperties {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly directoryId: string;
}

/** Null when the directory was never formatted. */
export function readMetaProperties(files: FileSystem, directory: string): MetaProperties | null {
  const path = `${directory}/${metaPropertiesFile}`;
  if (!files.exists(path)) return null;
  const values = parse(decoder.decode(files.readAll(path)), '=');
  const clusterId = values.get('cluster.id');
  const nodeId = Number(values.get('node.id'));
  if (values.get('version') !== '1' || clusterId === undefined || !Number.isInteger(nodeId)) {
    throw new StorageError('refused', path, 'meta.properties lacks version=1, cluster.id or node.id');
  }
  return { clusterId, nodeId, directoryId: values.get('directory.id') ?? '' };
}

export function writeMetaProperties(files: FileSystem, directory: string, properties: MetaProperties): void {
  const lines = [
    '#',
    `cluster.id=${properties.clusterId}`,
    `directory.id=${properties.directoryId}`,
    `node.id=${properties.nodeId}`,
    'version=1',
    '',
  ];
  files.replaceAtomically(`${directory}/${metaPropertiesFile}`, encoder.encode(lines.join('\n')));
}

/**
 * The topic id that a partition's directory belongs to; null when it has none. A log that was never flushed may have lost
 * it in a crash (see writeTopicId). After a clean end that is true of a log without records only: of any other, a file
 * without an id is damage.
 */
export function readTopicId(files: FileSystem, partitionPath: string, wasClean: boolean): TopicId | null {
  const path = `${partitionPath}/${partitionMetadataFile}`;
  if (!files.exists(path)) return null;
  const topicId = parse(decoder.decode(files.readAll(path)), ':').get('topic_id');
  if (topicId !== undefined && topicIdPattern.test(topicId)) return toTopicId(topicId);
  if (wasClean && holdsRecords(files, partitionPath)) throw new StorageError('corrupt-log', path, 'partition.metadata names no topic id');
  files.remove(path); // the next clean end has nothing to vouch for
  return null;
}

function holdsRecords(files: FileSystem, partitionPath: string): boolean {
  const logs = files.list(partitionPath).filter(({ name }) => name.endsWith(suffix.log));
  return logs.some(({ name }) => files.sizeBytes(`${partitionPath}/${name}`) > 0);
}

/**
 * In a directory that was just made. Not synced: a topic of a thousand partitions would wait for three thousand fsyncs. The
 * first flush of the log makes it durable before anything that it flushes counts.
 */
export function writeTopicId(files: FileSystem, partitionPath: string, topicId: TopicId): void {
  const file = files.open(`${partitionPath}/${partitionMetadataFile}`, 'create');
  try {
    file.truncate(0); // an earlier try may have met a full disk
    file.write([encoder.encode(`version: 0\ntopic_id: ${topicId}`)], 0);
  } finally {
    file.close();
  }
}

function parse(text: string, separator: ':' | '='): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(separator);
    if (at > 0 && !line.startsWith('#')) values.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return values;
}
