// A directory whose name is as durable as what will be written into it: a vote or a log behind a name that a power loss takes
// back is lost with it.

import type { FileSystem } from '#engine/world/ports.ts';

/** Makes the directory and what leads to it, so that a power loss can't take it back with all its logs. */
export function makeDirectoryDurable(files: FileSystem, path: string): void {
  if (files.exists(path)) return;
  const slash = path.lastIndexOf('/');
  const parent = slash < 0 ? '.' : path.slice(0, slash) || '/';
  makeDirectoryDurable(files, parent);
  files.makeDirectories(path);
  files.syncDirectory(parent);
}
