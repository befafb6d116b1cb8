// Version ranges as schemas write them: '3-7', '3+', '3', or 'none'.

import { assert } from '#engine/base/assert.ts';

export type VersionText = `${number}-${number}` | `${number}+` | `${number}` | 'none';

/** Both ends belong to the range; an empty range has min > max. */
export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

export const noVersions: VersionRange = { min: 1, max: 0 };

export function parseVersions(text: VersionText): VersionRange {
  if (text === 'none') return noVersions;
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text);
  assert(match !== null, `not a version range: ${text}`);
  const min = Number(match[1]);
  const max = match[2] === '+' ? Infinity : Number(match[3] ?? min);
  assert(min <= max, `a version range runs backwards: ${text}`);
  return { min, max };
}

export function includesVersion(range: VersionRange, version: number): boolean {
  return version >= range.min && version <= range.max;
}
