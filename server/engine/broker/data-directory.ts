// Whose data directory is this? meta.properties names the cluster and the node that wrote it; a broker that isn't that one
// must not touch anything in it. An empty directory becomes this broker's own.

import { uuidFromBytes } from '#engine/bytes/uuid.ts';
import { makeDirectoryDurable } from '#engine/storage/durable-directory.ts';
import { readMetaProperties, writeMetaProperties } from '#engine/storage/properties.ts';
import { StorageError } from '#engine/storage/storage-error.ts';
import type { World } from '#engine/world/ports.ts';
import type { BrokerConfig } from './config.ts';

/** Answers the directory's own id; throws StorageError 'refused' when it belongs to somebody else. */
export function claimDataDirectory(world: World, config: BrokerConfig): string {
  const { dataDirectory: path, clusterId, nodeId } = config;
  const found = readMetaProperties(world.files, path);
  if (found === null) return formatDirectory(world, config);
  if (found.clusterId !== clusterId)
    throw new StorageError('refused', path, `the directory belongs to cluster ${found.clusterId}, not to ${clusterId}`);
  if (found.nodeId !== nodeId) throw new StorageError('refused', path, `the directory belongs to node ${found.nodeId}, not to ${nodeId}`);
  return found.directoryId;
}

function formatDirectory(world: World, { dataDirectory, clusterId, nodeId }: BrokerConfig): string {
  // Before the file that says it is ours: whoever finds that file finds a directory that a power loss can't take.
  makeDirectoryDurable(world.files, dataDirectory);
  const directoryId = uuidFromBytes(world.random.nextBytes(16));
  writeMetaProperties(world.files, dataDirectory, { clusterId, nodeId, directoryId });
  return directoryId;
}
