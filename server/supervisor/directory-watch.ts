// Whether what a start has claimed is still there. A process keeps the files that it has open after somebody removed them, so a
// cluster can run on for hours without its directory, and lose all of that when it stops.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokerDirectory, type DataDirectory } from './data-directory.ts';

/** How often the supervisor looks. */
export const checkEveryMs = 2_000;

const identityFile = 'logarium.json';
/** What a broker writes into its directory before anything else, and never removes. */
const brokerFile = 'meta.properties';

/** Why nothing can be kept in the data directory any more, in words; null when all is well. */
export function whyDirectoryIsLost({ path, identity }: DataDirectory): string | null {
  const file = join(path, identityFile);
  if (!existsSync(path)) return `The data directory ${path} was removed while the cluster runs.`;
  const text = readIfThere(file);
  if (text === null) return `${file}, which says which cluster the data is of, was removed while the cluster runs.`;
  return text.includes(`"${identity.clusterId}"`) ? null : `${file} is of another cluster now.`;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** The same of one broker that has been ready. */
export function whyBrokerIsLost(dataDirectory: string, brokerId: number): string | null {
  const path = brokerDirectory(dataDirectory, brokerId);
  return existsSync(join(path, brokerFile)) ? null : `its directory ${path} was removed while it ran`;
}
