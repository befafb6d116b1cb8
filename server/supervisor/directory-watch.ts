// Whether what a start has claimed is still there. A process keeps the files that it has open after somebody removed them, so a
// cluster can run on for hours without its directory, and lose all of that when it stops.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brokerDirectory, type DataDirectory } from './data-directory.ts';

/** How often the supervisor looks. */
export const checkEveryMs = 2_000;

const identityFile = 'logarium.json';
/** What a broker writes into its directory before anything else, and never removes. */
const brokerFile = 'meta.properties';

/** Lost is only what is gone for certain; a look that fails for another reason says nothing, and the next one may. */
export type Finding =
  | { readonly kind: 'there' }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Whether what is written into the data directory is kept. */
export function findDirectory({ path, identity }: DataDirectory): Finding {
  const file = join(path, identityFile);
  const lost = (reason: string): Finding => ({ kind: 'lost', reason });
  return look(file, () => {
    if (isGone(path)) return lost(`The data directory ${path} was removed while the cluster runs.`);
    if (isGone(file)) return lost(`${file}, which says which cluster the data is of, was removed while the cluster runs.`);
    const isOurs = readFileSync(file, 'utf8').includes(`"${identity.clusterId}"`);
    return isOurs ? { kind: 'there' } : lost(`${file} is of another cluster now.`);
  });
}

/** The same of one broker that has been ready. */
export function findBroker(dataDirectory: string, brokerId: number): Finding {
  const path = brokerDirectory(dataDirectory, brokerId);
  const file = join(path, brokerFile);
  return look(file, () => (isGone(file) ? { kind: 'lost', reason: `its directory ${path} was removed while it ran` } : { kind: 'there' }));
}

function look(file: string, find: () => Finding): Finding {
  try {
    return find();
  } catch (error) {
    return { kind: 'unreadable', reason: `${file} can't be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Not `existsSync`, which says the same of a file that is there and can't be looked at. */
function isGone(path: string): boolean {
  try {
    statSync(path);
    return false;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return true;
    throw error;
  }
}
