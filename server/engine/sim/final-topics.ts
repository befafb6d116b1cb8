// What stands when everything has healed: topics that came and went as the metadata has them, their records as a consumer reads
// them, and whether the directories on every broker's disk are those of its replicas.

import type { TopicView } from '../broker/metadata-view.ts';
import type { World } from '../world/ports.ts';
import type { SimDisk } from './disk.ts';
import { readTopic } from './final-read.ts';
import type { FoundTopic, History } from './history.ts';
import type { SimNode } from './node.ts';

export interface FinalTopicsOptions {
  readonly nodes: readonly SimNode[];
  readonly history: History;
  readonly brokers: number;
  readonly clientWorld: () => World;
}

/** Fills in what the invariants of churned topics look at; answers which topics have the same bytes on all replicas. */
export async function lookAtTopics({ nodes, history, brokers, clientWorld }: FinalTopicsOptions): Promise<readonly string[]> {
  const topics = newestTopics(nodes);
  for (const { name, topicId, partitions } of topics) {
    const isChurned = history.churned.some((known) => known.topicId === topicId);
    const records = isChurned ? await readTopic({ world: clientWorld(), topic: name, partitions: partitions.length, brokers }) : [];
    const found: FoundTopic = { topicId, partitions: partitions.length, records };
    history.found.set(topicId, found);
  }
  history.misplaced.push(...nodes.flatMap((node) => misplacedOn(node, topics)));
  return history.churned
    .filter(({ state, cleanup, deletedBefore }) => state === 'stands' && cleanup === 'none' && deletedBefore.size === 0)
    .map(({ name }) => name);
}

function newestTopics(nodes: readonly SimNode[]): readonly TopicView[] {
  const known = nodes.flatMap((node) => node.inspect()?.metadata ?? []);
  const newest = known.sort((one, other) => other.offset - one.offset)[0];
  return [...(newest?.topics() ?? [])];
}

function misplacedOn(node: SimNode, topics: readonly TopicView[]): readonly string[] {
  const { nodeId, disk } = node;
  const expected = new Map(
    topics.flatMap(({ name, topicId, partitions }) =>
      partitions
        .filter(({ replicas }) => replicas.includes(nodeId))
        .map(({ partition }): [string, string] => [`${name}-${partition}`, topicId]),
    ),
  );
  const directories = disk
    .list('/data')
    .filter(({ name, isDirectory }) => isDirectory && /^[^.]*-\d+$/.test(name) && !name.startsWith('__cluster_metadata'))
    .map(({ name }) => name);
  const strays = directories
    .filter((name) => !expected.has(name))
    .map((name) => `broker ${nodeId} keeps ${name}, which is not its replica`);
  const needsNone = emptyReplicasOf(node);
  const missing = [...expected.keys()]
    .filter((name) => !directories.includes(name) && !needsNone.has(name))
    .map((name) => `broker ${nodeId} has no ${name}`);
  const foreign = directories.flatMap((name) => {
    const topicId = expected.get(name);
    return topicId === undefined || topicIdIn(disk, name) === topicId ? [] : [`broker ${nodeId} has ${name} of another topic, or of none`];
  });
  return [...strays, ...missing, ...foreign];
}

/** A log gets its directory with its first record. */
function emptyReplicasOf(node: SimNode): ReadonlySet<string> {
  const replicas = node.inspect()?.partitions.replicas() ?? [];
  return new Set(replicas.filter(({ logEndOffset }) => logEndOffset === 0).map(({ topic, partition }) => `${topic}-${partition}`));
}

/** Looks only: the product's own reading removes a file that names none. */
function topicIdIn(disk: SimDisk, name: string): string | undefined {
  const path = `/data/${name}/partition.metadata`;
  return disk.exists(path) ? /^topic_id: *(\S+)$/m.exec(new TextDecoder().decode(disk.readAll(path)))?.[1] : undefined;
}
