// What every replica of a topic holds on its disk when everything has healed: all its bytes, or of a topic that compacts, where
// replicas clean at different times, the last record of every key.

import { batchesIn } from '../protocol/records/batch-check.ts';
import { recordsOf } from '../protocol/records/record-reader.ts';
import { nodeCompression } from '../world/node/compression.ts';
import type { SimDisk } from './disk.ts';
import type { ReplicaLog } from './history.ts';
import type { SimNode } from './node.ts';

const readOptions = { compression: nodeCompression, maxDecompressedBytes: 64 * 1024 * 1024 };

export interface ReplicaLogsOptions {
  readonly nodes: readonly SimNode[];
  readonly topics: readonly string[];
  readonly compactedTopics: readonly string[];
}

export function replicaLogs({ nodes, topics, compactedTopics }: ReplicaLogsOptions): ReplicaLog[] {
  return nodes.flatMap(({ nodeId, disk }) =>
    disk.list('/data').flatMap(({ name, isDirectory }): readonly ReplicaLog[] => {
      if (!isDirectory) return [];
      const isIn = (names: readonly string[]): boolean => names.some((topic) => isPartitionOf(name, topic));
      if (!isIn(topics) && !isIn(compactedTopics)) return [];
      const bytes = segmentsOf(disk, `/data/${name}`);
      const digest = fnv1a(isIn(topics) ? bytes : lastOfEveryKey(bytes));
      return [{ partition: name, brokerId: nodeId, digest, sizeBytes: bytes.length }];
    }),
  );
}

function isPartitionOf(directory: string, topic: string): boolean {
  return directory.startsWith(`${topic}-`) && /^\d+$/.test(directory.slice(topic.length + 1));
}

/** In the order of their names. */
function segmentsOf(disk: SimDisk, directory: string): Uint8Array {
  const names = disk
    .list(directory)
    .map(({ name }) => name)
    .filter((name) => name.endsWith('.log'))
    .sort();
  return Buffer.concat(names.map((name) => disk.readAll(`${directory}/${name}`)));
}

function lastOfEveryKey(bytes: Uint8Array): Uint8Array {
  const last = new Map<string, string>();
  for (const { at } of batchesIn(bytes))
    for (const { key, value, offset } of recordsOf(bytes, at, readOptions)) {
      const text = (part: Uint8Array | null): string => (part === null ? '' : Buffer.from(part).toString('hex'));
      last.set(text(key), `${offset} ${text(value)}`);
    }
  return Buffer.from(
    [...last]
      .map((entry) => entry.join(' '))
      .sort()
      .join('\n'),
  );
}

function fnv1a(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
