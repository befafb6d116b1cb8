// A picture as it is kept: JSON, compressed. Partitions of one cluster look alike, so a tenth of the bytes is left.

import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { TopologySnapshot } from '../port.ts';

/** Fast rather than small: a frame is written every few seconds for as long as the console runs. */
const level = 2;
const compress = promisify(gzip) as (bytes: Uint8Array, options: { level: number }) => Promise<Uint8Array<ArrayBuffer>>;
const expand = promisify(gunzip) as (bytes: Uint8Array) => Promise<Uint8Array>;

export function encodePicture(picture: TopologySnapshot): Promise<Uint8Array<ArrayBuffer>> {
  return compress(new TextEncoder().encode(JSON.stringify(picture)), { level });
}

/** Only what `encodePicture` wrote is read, so its shape isn't checked again. */
export async function decodePicture(bytes: Uint8Array): Promise<TopologySnapshot> {
  return JSON.parse(new TextDecoder().decode(await expand(bytes))) as TopologySnapshot;
}
