// How many files and sockets this process may hold open, and how many it does. Node raises the soft limit to the hard one
// when it starts, so what is read here is all that the operating system will ever grant.

import * as fs from 'node:fs';

/** Where the system says "unlimited" there is another limit behind it: macOS stops a process at this many. */
const unlimitedMeans = 10_240;

/** Null where the system doesn't tell. Read once, at start: without Linux's /proc it takes a report of the whole process. */
export function openFilesLimit(): number | null {
  const soft = softLimitOf(readOrNull('/proc/self/limits')) ?? reportedLimit();
  return soft === 'unlimited' ? unlimitedMeans : soft;
}

/** The soft limit in the text of /proc/self/limits. */
export function softLimitOf(limits: string | null): number | 'unlimited' | null {
  const soft = /^Max open files\s+(\S+)/m.exec(limits ?? '')?.[1];
  if (soft === undefined) return null;
  return soft === 'unlimited' ? soft : Number(soft);
}

/** Files, sockets and pipes that are open now; null where the system doesn't tell. */
export function openFileCount(): number | null {
  try {
    // Linux from 6.2 on answers with the count itself; before it, and on macOS, the directory has to be read.
    return fs.statSync('/proc/self/fd', { throwIfNoEntry: false })?.size || fs.readdirSync('/dev/fd').length;
  } catch {
    return null; // no such directory on this system: the figure is unknown, nothing depends on it
  }
}

function readOrNull(path: string): string | null {
  return fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : null;
}

interface UserLimits {
  readonly userLimits?: { readonly open_files?: { readonly soft: number | 'unlimited' } };
}

function reportedLimit(): number | 'unlimited' | null {
  Object.assign(process.report, { excludeNetwork: true }); // the report would look up the names of all peers
  const { userLimits } = process.report.getReport() as UserLimits;
  return userLimits?.open_files?.soft ?? null;
}
