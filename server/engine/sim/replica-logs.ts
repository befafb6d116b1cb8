// What every replica of a topic holds on its disk, byte for byte: segments in the order of their names.

import type { SimDisk } from './disk.ts';
import type { ReplicaLog } from './history.ts';
import type { SimNode } from './node.ts';

export interface ReplicaLogsOptions {
  readonly nodes: readonly SimNode[];
  readonly topics: readonly string[];
}

export function replicaLogs({ nodes, topics }: ReplicaLogsOptions): ReplicaLog[] {
  return nodes.flatMap(({ nodeId, disk }) =>
    disk
      .list('/data')
      .filter(({ name, isDirectory }) => isDirectory && topics.some((topic) => isPartitionOf(name, topic)))
      .map(({ name }) => ({ partition: name, brokerId: nodeId, ...digestOf(disk, `/data/${name}`) })),
  );
}

function isPartitionOf(directory: string, topic: string): boolean {
  return directory.startsWith(`${topic}-`) && /^\d+$/.test(directory.slice(topic.length + 1));
}

/** FNV-1a over all that the segments hold. */
function digestOf(disk: SimDisk, directory: string): Pick<ReplicaLog, 'digest' | 'sizeBytes'> {
  let hash = 0x811c9dc5;
  let sizeBytes = 0;
  const segments = disk
    .list(directory)
    .map(({ name }) => name)
    .filter((name) => name.endsWith('.log'))
    .sort();
  for (const name of segments) {
    const bytes = disk.readAll(`${directory}/${name}`);
    sizeBytes += bytes.length;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return { digest: hash.toString(16).padStart(8, '0'), sizeBytes };
}
