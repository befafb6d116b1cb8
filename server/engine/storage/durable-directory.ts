// A directory whose name survives a power loss. Making it is not enough: the name is data of the parent, and with it all
// that was ever synced inside would be gone - a voter's vote first of all.

import { FileError, type FileSystem } from '#engine/world/ports.ts';

/** Makes the directory and what leads to it. What is there is synced too: a crash may have come between making and syncing. */
export function makeDirectoryDurable(files: FileSystem, path: string): void {
  const slash = path.lastIndexOf('/');
  const parent = slash < 0 ? '.' : path.slice(0, slash) || '/';
  if (parent !== '/' && parent !== '.') makeDirectoryDurable(files, parent);
  if (!files.exists(path)) files.makeDirectories(path);
  syncParent(files, parent);
}

/** A directory that we may not even read isn't one that we made anything in, or it would be ours. */
function syncParent(files: FileSystem, parent: string): void {
  try {
    files.syncDirectory(parent);
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== 'denied') throw error;
  }
}
