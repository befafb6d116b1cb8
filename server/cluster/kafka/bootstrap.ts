import type { Address } from '#engine/client/pool.ts';
import { ClusterError } from '../cluster-error.ts';

const pattern = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/;
const maxPort = 65_535;

/** "host:port, [::1]:port" as addresses. Throws ClusterError INVALID_INPUT that names the part which is none. */
export function parseBootstrap(text: string): readonly Address[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw new ClusterError('INVALID_INPUT', { kind: 'no-address', params: {} }, { advice: 'give-address' });
  return parts.map(parseAddress);
}

function parseAddress(part: string): Address {
  const match = pattern.exec(part);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port < 1 || port > maxPort)
    throw new ClusterError('INVALID_INPUT', { kind: 'bad-address', params: { part } }, { advice: 'write-address' });
  return { host, port };
}
