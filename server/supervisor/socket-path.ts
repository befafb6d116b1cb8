// Where the control socket of a data directory lies. The kernel allows about 100 bytes for a socket's path; a deeper
// directory gets a socket in the system's temporary directory, named by the directory's hash.

import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const maxSocketPathBytes = 100;

export function controlSocketPath(dataDirectory: string): string {
  const beside = join(resolve(dataDirectory), 'control.sock');
  if (Buffer.byteLength(beside) <= maxSocketPathBytes) return beside;
  const hash = createHash('sha256').update(resolve(dataDirectory)).digest('hex').slice(0, 24);
  return join(tmpdir(), `logarium-${hash}.sock`);
}
